"""Results of importing modules in an environment, the problems they show, and the needs that not every user has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from sys import stdlib_module_names
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagship.core.distributions.wheels import installed_paths
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Result of loading one name. ``places`` are the real paths of all loaded files; ``kind`` is empty on success.

    ``kind`` is the class of the exception, or ``died`` if the interpreter exited. ``missing`` is the module and
    ``file`` the path that a ModuleNotFoundError or FileNotFoundError names, also as the cause of the exception.
    """

    name: str
    places: tuple[str, ...] = ()
    kind: str = ""
    message: str = ""
    missing: str | None = None
    file: str | None = None
    traceback: str = ""

    @property
    def ok(self) -> bool:
        return not self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePackages:
    """The folders ``roots`` that modules must be loaded from.

    ``in_checkout`` returns the path in the checkout of the source of a path in site-packages, or None.
    """

    roots: tuple[str, ...]
    in_checkout: Callable[[str], str | None]

    def inside(self, place: str) -> str | None:
        """Return ``place`` relative to its root, with forward slashes; None if it is outside of all roots."""
        for root in self.roots:
            rest = place.removeprefix(root)
            if rest != place and rest[:1] in ("/", "\\"):
                return rest[1:].replace("\\", "/")
        return None


def loading_problems(loaded: Sequence[Loaded], wheel: Distribution, site: SitePackages) -> tuple[Problem, ...]:
    """Return a problem for each name that failed to load or was loaded from outside of ``site``."""
    problems = []
    for item in loaded:
        if not item.ok:
            problems.append(_explained(item, wheel, site))
        problems += _foreign(item, wheel, site)
    return tuple(dict.fromkeys(problems))


def _foreign(item: Loaded, wheel: Distribution, site: SitePackages) -> Iterator[Problem]:
    foreign = [place for place in item.places if site.inside(place) is None]
    if foreign:
        yield Problem(
            found=f"import {item.name} loaded {foreign[0]} instead of the module in {wheel.filename}.",
            remedy="Rename the module: another one with this name comes first on sys.path. If it is not a module of "
            "the wheel, correct the input imports.",
            topic="module-not-from-the-wheel",
        )


def _explained(item: Loaded, wheel: Distribution, site: SitePackages) -> Problem:
    failure = f"Loading {item.name} of {wheel.filename} failed"
    if item.kind == "died":
        return Problem(
            found=f"{failure}: {item.message}.",
            remedy="See the output in the log. Importing a module must not exit or crash the interpreter.",
            topic="import-failed",
        )
    if item.missing:
        return _missing_module(failure, item, item.missing, wheel, site)
    if item.file:
        return _missing_file(failure, item.file, site)
    return optional_need(failure, wheel, item.traceback or item.message) or Problem(
        found=f"{failure}: {item.kind}: {item.message}",
        remedy="Fix the error in the traceback in the log. To reproduce it, install the wheel into a fresh environment "
        "and import it outside the checkout. If the module needs an extra, add the extra to extras, or leave the "
        "module out of imports.",
        topic="import-failed",
    )


def _missing_module(failure: str, item: Loaded, missing: str, wheel: Distribution, site: SitePackages) -> Problem:
    paths = installed_paths(wheel)
    stem = missing.replace(".", "/")
    source = site.in_checkout(f"{stem}.py") or site.in_checkout(f"{stem}/__init__.py")
    top = stem.partition("/")[0]
    if source:
        return Problem(
            found=f"{failure}: {source} is in the checkout but not in the wheel.",
            remedy="Commit the file and include its package in the wheel (setuptools: "
            "[tool.setuptools.packages.find]; hatchling: packages in [tool.hatch.build.targets.wheel]).",
            topic="missing-module",
        )
    if any(path.partition("/")[0] in (top, f"{top}.py") for path in paths):
        return Problem(
            found=f"{failure}: the wheel contains no module {missing}.",
            remedy=f"Commit {stem}.py, generate it in the build, or remove the import.",
            topic="missing-module",
        )
    return optional_need(failure, wheel, item.message, missing) or _missing_dependency(failure, item, missing)


def _missing_dependency(failure: str, item: Loaded, missing: str) -> Problem:
    top = missing.partition(".")[0]
    skip = "no user runs the script, set scripts: off" if ":" in item.name else "no user imports it, correct imports"
    return Problem(
        found=f"{failure}: module {missing} is neither in the wheel nor in its dependencies.",
        remedy=f"If {top} is from another package, add that package to dependencies in [project]. If it is your own, "
        f"include it in the wheel. If {skip}.",
        topic="missing-dependency",
    )


def _missing_file(failure: str, file: str, site: SitePackages) -> Problem:
    inside = site.inside(file)
    source = site.in_checkout(inside) if inside else None
    if source:
        return Problem(
            found=f"{failure}: it opens {inside}, which is in the checkout ({source}) but not in the wheel.",
            remedy="Include the data file in the wheel (setuptools: [tool.setuptools.package-data], or "
            "include-package-data with MANIFEST.in; hatchling: commit the file).",
            topic="missing-data-file",
        )
    return Problem(
        found=f"{failure}: it opens {inside or file}, which the wheel does not install.",
        remedy="Move the file into the package, include it in the wheel, and open it with importlib.resources.",
        topic="missing-data-file",
    )
