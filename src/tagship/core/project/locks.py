"""Lock files: the locked versions as constraints for an installer, and the requirements that they miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagship.core.project.tables import parsed, table
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LOCKS = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "pylock.toml": "pip lock --editable . --output pylock.toml",
}
"""The lock files in order of preference, each with the command that updates it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock file: ``constraints`` are lines for ``--constraints``; ``problem`` reports what it misses, if anything."""

    constraints: tuple[str, ...]
    problem: Problem | None


def stale(path: str, cause: str) -> Problem:
    """Return the problem of a lock file at ``path`` that does not match the project files, because of ``cause``."""
    command = LOCKS[path.rpartition("/")[2]]
    return Problem(
        found=f"{path} is out of date: {cause}. The checks run with the newest versions of what it does not fit.",
        remedy=f"Update the lock file and commit it: {command}",
        topic="stale-lock",
        file=path,
    )


def read_lock(path: str, text: str, requirements: Iterable[str]) -> Lock:
    """Return the lock in ``text`` of the file ``path``, for a project with ``requirements``.

    A package with versions for several environments has a constraint for each, if the lock has their markers. One that
    does not fit a requirement has none. Packages from git, URLs and folders have no version to constrain.
    """
    data = parsed(text)
    packages = data.get("packages" if path.endswith("pylock.toml") else "package")
    locked: dict[str, list[Requirement]] = {}
    for package in packages if isinstance(packages, list) else ():
        for one in _locked(package):
            locked.setdefault(canonicalize_name(one.name), []).append(one)
    wrong: dict[str, str] = {}
    for line in requirements:
        if cause := _mismatch(line, locked):
            wrong[canonicalize_name(Requirement(line).name)] = cause
    usable = {name: lines for name, lines in locked.items() if len(lines) == 1 or all(one.marker for one in lines)}
    fitting = [one for name, lines in usable.items() if name not in wrong for one in lines if one.specifier]
    return Lock(constraints=tuple(map(str, fitting)), problem=stale(path, "; ".join(wrong.values())) if wrong else None)


_FROM_ELSEWHERE = frozenset({"git", "url", "path", "directory", "editable", "virtual", "archive", "vcs"})


def _locked(package: object) -> Iterator[Requirement]:
    """Yield a locked ``package`` as a requirement of its version; without a version if that is not of an index."""
    entry = table(package)
    source = table(entry, "source")
    elsewhere = bool(_FROM_ELSEWHERE & {*entry, *source, source.get("type")})
    marker = next((value for key in ("markers", "marker") if isinstance(value := entry.get(key), str)), "")
    line = f"{entry.get('name')}" + ("" if elsewhere else f"=={entry.get('version')}")
    try:
        yield Requirement(f"{line} ; {marker}" if marker else line)
    except (InvalidRequirement, InvalidMarker):
        return


def _mismatch(line: str, locked: Mapping[str, Any]) -> str:
    """Return the reason why no locked version fits the requirement ``line``, or nothing."""
    try:
        wanted = Requirement(line)
    except InvalidRequirement:
        return ""
    if wanted.url or wanted.marker:
        return ""
    found = locked.get(canonicalize_name(wanted.name))
    if not found:
        return f"it does not have {wanted.name}"
    versions = [next(iter(one.specifier), None) for one in found]
    if any(one is None or wanted.specifier.contains(one.version, prereleases=True) for one in versions):
        return ""
    return f"it has {', '.join(map(str, found))} for {wanted}"
