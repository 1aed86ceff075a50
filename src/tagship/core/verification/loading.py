"""Results of importing modules and loading objects in an environment, and the problems they show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.distributions.wheels import installed_paths
from tagship.core.verification.optional import optional_need
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution


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
