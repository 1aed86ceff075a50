"""Needs that not every user of a wheel has: an extra, a Qt binding of their choice, a part of Python or the system."""

from __future__ import annotations

import re
from collections.abc import Sequence
from sys import stdlib_module_names
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

MISSING_EXTRA = "missing-extra"
MISSING_CHOICE = "missing-qt-binding-tkinter-or-system-library"
OPTIONAL = (MISSING_EXTRA, MISSING_CHOICE)
"""Topics of problems that not all users of a package have."""

_NO_MODULE = re.compile(r"No module named '(?P<name>[\w.]+)'")
_QT = re.compile(r"\b(PyQt[4-6]|PySide[26]?|Qt bindings?)\b")
_LIBRARY = re.compile(r"(?P<name>lib[\w.+-]+\.so[.\d]*): cannot open shared object file")
_EXTRA = re.compile(r"""\bextra\s*==\s*(["'])(?P<name>[\w.-]+)\1""")


def optional_need(failure: str, wheel: Distribution, text: str, missing: str | None = None) -> Problem | None:
    """Return the problem of a ``failure`` that needs an extra or a choice of the user; None for any other failure.

    ``text`` is the traceback or the output of the program, ``missing`` the module that was not found.
    """
    modules = [missing] if missing else _NO_MODULE.findall(text)
    tops = sorted({name.partition(".")[0] for name in modules})
    choice = _choice(wheel, text, tops)
    if choice:
        return Problem(
            found=f"{failure}: it needs {choice}.",
            remedy="To check it too, install what is missing in an earlier step, or as an extra, "
            f"{extras_setting('NAME')}. To skip it: imports: none, scripts: off",
            topic=MISSING_CHOICE,
        )
    for top in tops:
        lines = [line for line in wheel.metadata.get("requires_dist", []) if _is_optional(line, top)]
        if lines:
            # An extra for the purpose is more useful than one that repeats the requirements of others.
            line = min(lines, key=lambda line: _extra_of(line).startswith(("all", "dev", "test")))
            return _extra_problem(f"{failure}: it needs {top}", _extra_of(line), f": {line}")
    for name, extra in re.findall(r"([\w.-]+)\[([\w-]+)\]", text):
        offered = {canonicalize_name(each) for each in wheel.metadata.get("provides_extra", [])}
        if canonicalize_name(name) == wheel.name and canonicalize_name(extra) in offered:
            return _extra_problem(f"{failure}: it needs packages", extra, "")
    return None


def _extra_problem(need: str, extra: str, line: str) -> Problem:
    return Problem(
        found=f"{need}, which only the extra {extra} installs{line}.",
        remedy="Import the package inside the function that uses it, or move it to dependencies. If every user of this "
        f"module installs the extra, {extras_setting(extra)}",
        topic=MISSING_EXTRA,
    )


def extras_setting(extras: str) -> str:
    """Return the lines that install ``extras`` with the wheel: for our workflow, and for the action."""
    return f"in a workflow that calls python-build.yml: smoke-extras: {extras}; for verify-wheel: extras: {extras}"


def _choice(wheel: Distribution, text: str, tops: Sequence[str]) -> str | None:
    """Return what a user installs by choice, or what only some machines have."""
    message = (text.strip().splitlines() or [""])[-1]
    if library := wheel.filename.endswith("-any.whl") and _LIBRARY.search(message):
        return f"the system library {library['name']}, which this machine lacks"
    for top in tops:
        if top in stdlib_module_names:
            return f"the module {top}, which this Python was built without"
        if canonicalize_name(top) in wheel.name.split("-"):
            return f"{top}, which it extends and does not depend on"
    qt = _QT.search(f"{' '.join(tops)} {message}")
    return f"{qt[0]}, which the wheel does not depend on" if qt else None


def _is_optional(line: str, top: str) -> bool:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return False
    return canonicalize_name(requirement.name) == canonicalize_name(top) and "extra" in str(requirement.marker or "")


def _extra_of(line: str) -> str:
    match = _EXTRA.search(line)
    return match["name"] if match else "NAME"
