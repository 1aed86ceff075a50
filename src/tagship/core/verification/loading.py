"""What came of importing modules and loading objects inside an environment, and what that says about the wheel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagship.core.distributions.wheels import installed_paths
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tagship.core.distributions.distribution import Distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of one name. ``places`` are real paths of all files that were loaded; ``kind`` is empty on success.

    ``missing`` is the module and ``file`` the path that an error named as not there.
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
        """Whether it could be loaded."""
        return not self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where things must come from: the folders that ``roots`` name, and the checkout they must not come from.

    ``in_checkout`` tells where in the checkout a path below site-packages has its source, or None.
    """

    roots: tuple[str, ...]
    in_checkout: Callable[[str], str | None]

    def inside(self, place: str) -> str | None:
        """Return the path ``place`` from the folder it must be in, with forward slashes; None where it is in none of
        them.
        """
        for root in self.roots:
            rest = place.removeprefix(root)
            if rest != place and rest[:1] in ("/", "\\"):
                return rest[1:].replace("\\", "/")
        return None


def loading_problems(loaded: Sequence[Loaded], wheel: Distribution, home: Home) -> tuple[Problem, ...]:
    """Return a problem for each name that could not be loaded, or was loaded from somewhere else."""
    problems = []
    for item in loaded:
        if not item.ok:
            problems.append(_explained(item, wheel, home))
        problems += _strangers(item, wheel, home)
    return tuple(dict.fromkeys(problems))


def _strangers(item: Loaded, wheel: Distribution, home: Home) -> Iterator[Problem]:
    foreign = [place for place in item.places if home.inside(place) is None]
    if foreign:
        yield Problem(
            found=f"import {item.name} took {foreign[0]}, not the module that {wheel.filename} installs.",
            remedy="Rename the module: one of that name comes first wherever the wheel is installed. If it is no part "
            "of the wheel, correct the input imports.",
            topic="foreign-module",
        )


def _explained(item: Loaded, wheel: Distribution, home: Home) -> Problem:
    said = f"{item.name} of {wheel.filename} cannot be loaded"
    if item.kind == "died":
        return Problem(
            found=f"{said}: {item.message}.",
            remedy="A module must neither exit nor crash when it is imported; see its output in the log.",
            topic="import-failed",
        )
    if item.missing:
        return _missing_module(said, item, item.missing, wheel, home)
    if item.file:
        return _missing_file(said, item.file, home)
    return Problem(
        found=f"{said}: {item.kind}: {item.message}",
        remedy="Mend what the traceback in the log shows; on your machine: install the wheel into a fresh environment "
        "and import it away from the checkout. What works with an extra only: name that in extras, or in imports only "
        "what works without.",
        topic="import-failed",
    )


def _missing_module(said: str, item: Loaded, missing: str, wheel: Distribution, home: Home) -> Problem:
    paths = installed_paths(wheel)
    stem = missing.replace(".", "/")
    source = home.in_checkout(f"{stem}.py") or home.in_checkout(f"{stem}/__init__.py")
    top = stem.partition("/")[0]
    if source:
        return Problem(
            found=f"{said}: {source} is in the checkout, but not in the wheel.",
            remedy="Have the build backend include it: list its package (setuptools: [tool.setuptools.packages.find]; "
            "hatchling: [tool.hatch.build.targets.wheel] packages), and commit the file.",
            topic="missing-module",
        )
    if any(path.partition("/")[0] in (top, f"{top}.py") for path in paths):
        return Problem(
            found=f"{said}: the wheel holds no module {missing}.",
            remedy=f"Commit {stem}.py, have the build generate it, or do not import it.",
            topic="missing-module",
        )
    return _missing_dependency(said, item, missing, wheel)


def _missing_dependency(said: str, item: Loaded, missing: str, wheel: Distribution) -> Problem:
    top = missing.partition(".")[0]
    optional = [line for line in wheel.metadata.get("requires_dist", []) if _is_optional(line, top)]
    if optional:
        return Problem(
            found=f"{said}: it needs {top}, which only an extra brings: {optional[0]}.",
            remedy=f"Import {top} where it is used and not at the top, or make it a dependency of the package. Where "
            f"whoever imports this has it anyway, verify with the extra: extras: {_extra(optional[0])}",
            topic="missing-dependency",
        )
    left_out = "runs it, set scripts: off" if ":" in item.name else "imports it, correct the input imports"
    return Problem(
        found=f"{said}: there is no module {missing}, neither in the wheel nor in what it depends on.",
        remedy=f"If {top} is another package, add what provides it to dependencies in [project]; if it is your own, "
        f"have the build backend include it; if no user {left_out}.",
        topic="missing-dependency",
    )


def _is_optional(line: str, top: str) -> bool:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return False
    return canonicalize_name(requirement.name) == canonicalize_name(top) and "extra" in str(requirement.marker or "")


def _extra(line: str) -> str:
    match = re.search(r"""\bextra\s*==\s*(["'])(?P<name>[\w.-]+)\1""", line)
    return match["name"] if match else "NAME"


def _missing_file(said: str, file: str, home: Home) -> Problem:
    inside = home.inside(file)
    source = home.in_checkout(inside) if inside else None
    if source:
        return Problem(
            found=f"{said}: it opens {inside}, which is in the checkout ({source}) but not in the wheel.",
            remedy="Have the build backend include data files (setuptools: [tool.setuptools.package-data] or "
            "include-package-data with MANIFEST.in; hatchling and others take what is under version control).",
            topic="missing-data-file",
        )
    return Problem(
        found=f"{said}: it opens {inside or file}, which the wheel does not install.",
        remedy="Put the file into the package and have the build backend include it; find it by importlib.resources.",
        topic="missing-data-file",
    )
