"""The wheels of a rehearsal: a pure one, that of this machine in place of cibuildwheel's, or none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagship.core.preflight.wheels import wheels_of

if TYPE_CHECKING:
    from tagship.rehearsal.session import Session


def _kind(session: Session) -> str:
    """Return the kind of wheels that preflight chose, or would choose if it failed."""
    chosen = session.outputs.get("preflight", {}).get("wheels")
    return chosen or wheels_of("auto", is_compiled=session.checked_out.facts.is_compiled)


def is_compiled(session: Session) -> bool:
    """Return True if cibuildwheel builds the wheels of the release."""
    return session.checkout is not None and _kind(session) == "cibuildwheel"


def wheel_inputs(session: Session) -> dict[str, str]:
    """Return the inputs of build-dist for the kind of wheels, and note the wheels that are left out."""
    kind = _kind(session)
    if kind == "cibuildwheel":
        labels = json.loads(session.outputs.get("preflight", {}).get("wheel-runners", "[]"))
        runners = ", ".join(labels) or "the runners of the workflow"
        session.remarks.append(
            f"The release has wheels that cibuildwheel builds on {runners}. Only the wheel of this machine was built, "
            "without cibuildwheel, and repaired."
        )
    return {"wheel": str(kind != "none").lower(), "repair": str(kind == "cibuildwheel").lower()}


def without_wheel(session: Session) -> str | None:
    """Return the reason to skip the stages that install a wheel; None if build-dist built one."""
    built = session.outputs.get("build-dist")
    return "The release has no wheel." if built is not None and not built.get("wheel") else None
