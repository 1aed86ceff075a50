"""The session of a rehearsal: its servers and folders, the outputs of its stages so far, and its kind of wheels."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.actions import load
from tagship.contract.fields import inputs_of
from tagship.core.index_page import without_account
from tagship.core.preflight.wheels import wheels_of
from tagship.core.runner import OFFLINE, without_credentials
from tagship.edges.context import Context
from tagship.edges.environments import CACHE, with_uv_settings
from tagship.edges.user_cache import own_cache
from tagship.rehearsal.options import Options, OutputFolders, Plan
from tagship.rehearsal.steps import Job

if TYPE_CHECKING:
    from tagship.edges.processes import Processes
    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.fake_github.server import Server
    from tagship.rehearsal.fake_index.server import FakeIndex

_OVERWRITTEN = ("GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_", "PYTHON", "CONDA_", "TWINE_", "MAKE", "MFLAGS")
_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")


@dataclass(slots=True, kw_only=True)
class Session:
    """The state that the stages of a rehearsal share. ``scratch`` is a temporary folder outside of every project.

    The stages set ``checkout``, ``plan``, ``programs`` (the folder of the Python for the steps), ``outputs`` (by stage)
    and ``remarks``, notes for the reader of the report.
    """

    options: Options
    folders: OutputFolders
    scratch: Path
    processes: Processes
    github: Server
    index: FakeIndex
    checkout: Checkout | None = None
    plan: Plan = field(default_factory=Plan)
    programs: Path | None = None
    outputs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def job(self) -> Job:
        """Return the job of the steps; requires a checkout."""
        checkout = self.checked_out
        context = Context(
            repository=checkout.repository,
            ref_name=checkout.tag,
            ref_type="tag",
            sha=checkout.commit,
            event_name="push",
            default_branch=checkout.branch,
            api_url=self.github.url,
            token=self.github.token,
            workflow_ref=f"{checkout.repository}/.github/workflows/release.yml@refs/tags/{checkout.tag}",
        )
        return Job(
            context=context,
            tagship=self.scratch / "_actions",
            workspace=checkout.workspace,
            temporary=self.temporary,
            event=self._event(checkout),
            processes=self.processes,
        )

    def inputs_of(self, stage: str, action: str) -> dict[str, str]:
        """Return the inputs of ``action`` in ``stage``: those of the command line before those of the plan."""
        declared = [item.name for item in inputs_of(load(action).inputs)]
        return self.plan.inputs_of(action, declared) | self.options.inputs_of(stage, action, declared)

    @property
    def temporary(self) -> Path:
        return self.scratch / "temp"

    @property
    def checked_out(self) -> Checkout:
        """The checkout, which the first stage creates."""
        if self.checkout is None:
            raise RuntimeError("the stage `checkout` has not passed")
        return self.checkout

    def path_of(self, text: str) -> Path:
        """Return the path in an output, relative to the checkout."""
        return self.checked_out.workspace / text

    def _event(self, checkout: Checkout) -> Path:
        """Write the payload of the event, the push of a tag, and return its path."""
        owner, _, name = checkout.repository.partition("/")
        payload = {
            "ref": f"refs/tags/{checkout.tag}",
            "after": checkout.commit,
            "created": True,
            "repository": {
                "name": name,
                "full_name": checkout.repository,
                "default_branch": checkout.branch,
                "owner": {"login": owner},
            },
        }
        path = self.scratch / "event.json"
        path.write_text(json.dumps(payload), "utf-8")
        return path


def shared_cache(environ: Mapping[str, str]) -> Path:
    """Return the folder of the downloads that all rehearsals share, by default in the user's cache. Raises Failure."""
    configured = environ.get(CACHE)
    return Path(configured).absolute() if configured else own_cache(environ, sys.platform) / "rehearsal"


def runner_environment(environ: Mapping[str, str], cache: Path, *, offline: bool = False) -> dict[str, str]:
    """Return the environment of a runner, derived from that of this machine.

    It excludes credentials, the variables of another runner and of make, and the active virtual environment. The index
    settings of pip and uv stay; the folder of their downloads and of the libraries of the actions is ``cache``. If
    ``offline``, nothing else is downloaded. The embedded servers need no proxy.
    """
    kept = {
        name: value
        for name, value in without_credentials(environ).items()
        if not name.startswith(_OVERWRITTEN) and name not in _GIT and not name.startswith("VIRTUAL_ENV")
    }
    active = [environ.get("VIRTUAL_ENV"), sys.prefix if sys.prefix != sys.base_prefix else None]
    path = [
        folder
        for folder in kept.get("PATH", os.defpath).split(os.pathsep)
        if not any(inside and Path(folder).is_relative_to(inside) for inside in active)
    ]
    for name, folder in ((CACHE, ""), ("XDG_CACHE_HOME", ""), ("PIP_CACHE_DIR", "pip"), ("UV_CACHE_DIR", "uv")):
        kept[name] = str(cache / folder)
    if offline:
        kept |= {OFFLINE: "1", "UV_OFFLINE": "1"}
    for name in ("NO_PROXY", "no_proxy"):
        kept[name] = ",".join(filter(None, [kept.get(name), "127.0.0.1"]))
    return {**kept, "PATH": os.pathsep.join(path)}


def fallback_index(environ: Mapping[str, str]) -> str:
    """Return the Simple API that pip and uv use on this machine, without the credentials in its address."""
    settings = with_uv_settings(environ)
    url = settings.get("UV_DEFAULT_INDEX") or settings.get("UV_INDEX_URL") or "https://pypi.org/simple/"
    return without_account(url)


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
