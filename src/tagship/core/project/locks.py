"""Lock files: the locked versions as constraints for an installer, and the requirements that they miss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagship.core.project.tables import parsed, table
from tagship.errors import Problem

LOCKS = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "pylock.toml": "pip lock --editable . --output pylock.toml",
}
"""The lock files in order of preference, each with the command that updates it."""


_OTHER_HASH = "it was written for another pyproject.toml (content hash)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock file: ``constraints`` are lines for ``--constraints``; ``problem`` reports what it misses, if anything."""

    constraints: tuple[str, ...] = ()
    problem: Problem | None = None


def stale(path: str, cause: str) -> Problem:
    """Return the problem of a lock file at ``path`` that does not match the project files, because of ``cause``."""
    command = LOCKS[path.rpartition("/")[2]]
    return Problem(
        found=f"{path} is out of date: {cause}. The checks run with the newest versions of what it does not fit.",
        remedy=f"Update the lock file and commit it: {command}",
        topic="stale-lock",
        file=path,
    )


def read_lock(path: str, text: str, requirements: Iterable[str], pyproject: str = "") -> Lock:
    """Return the lock in ``text`` of the file ``path``, for a project with ``requirements`` and ``pyproject``.

    A package with versions for several environments has a constraint for each, if the lock has their markers. One that
    does not fit a requirement has none. Packages from git, URLs and folders have no version to constrain.
    """
    data, project = parsed(text), parsed(pyproject)
    packages = data.get("packages" if path.endswith("pylock.toml") else "package")
    locked: dict[str, list[Requirement]] = {}
    # An extra may require other extras of the project itself, which only some locks contain.
    itself = {"name": table(project, "project").get("name"), "path": "."}
    for package in (itself, *(packages if isinstance(packages, list) else ())):
        for one in _locked(package):
            locked.setdefault(canonicalize_name(one.name), []).append(one)
    wrong: dict[str, str] = {}
    for line in requirements:
        if cause := _mismatch(line, locked):
            wrong[canonicalize_name(Requirement(line).name)] = cause
    usable = {name: lines for name, lines in locked.items() if len(lines) == 1 or all(one.marker for one in lines)}
    fitting = [one for name, lines in usable.items() if name not in wrong for one in lines if one.specifier]
    outdated = is_outdated(data, project)
    cause = "" if outdated is False else "; ".join(wrong.values()) or (_OTHER_HASH if outdated else "")
    return Lock(constraints=tuple(map(str, fitting)), problem=stale(path, cause) if cause else None)


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


_POETRY = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT = ("requires-python", "dependencies", "optional-dependencies")


def is_outdated(lock: Mapping[str, Any], pyproject: Mapping[str, Any]) -> bool | None:
    """Return True if ``lock`` has a hash that no version of Poetry or PDM computes for ``pyproject``; None without."""
    for key, contents in (("content-hash", _of_poetry), ("content_hash", _of_pdm)):
        algorithm, _, digest = str(table(lock, "metadata").get(key, "")).rpartition(":")
        try:
            texts = [json.dumps(content, sort_keys=True).encode() for content in contents(pyproject)] if digest else []
            hashes = [hashlib.new(algorithm or "sha256", text).hexdigest() for text in texts]
        except (TypeError, ValueError):
            continue  # a value or an algorithm that neither tool writes
        if hashes:
            return digest not in hashes
    return None


def _of_poetry(pyproject: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the content that Poetry hashes: from 2.3 on, from 2.0 on, and before."""
    # https://github.com/python-poetry/poetry/blob/main/src/poetry/packages/locker.py
    tool, project = table(pyproject, "tool", "poetry"), table(pyproject, "project")
    relevant = {"project": {key: project[key] for key in _PROJECT if key in project}}
    for sections in (relevant | {"dependency-groups": table(pyproject, "dependency-groups")}, relevant, {}):
        filled = {name: section for name, section in sections.items() if section}
        own = {key: tool.get(key) for key in _POETRY if key in tool or not filled}
        own |= {"group": tool["group"]} if "group" in tool else {}
        yield {**filled, "tool": {"poetry": own}} if filled else own


def _of_pdm(pyproject: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the content that PDM hashes: with the table of resolution or the overrides, with PEP 735 groups or not."""
    # https://github.com/pdm-project/pdm/blob/main/src/pdm/project/project_file.py
    tool, project = table(pyproject, "tool", "pdm"), table(pyproject, "project")
    if not project or "workspace" in tool:
        return  # PDM converts the tables of other tools, and hashes all members of a workspace
    resolution, old = table(tool, "resolution"), table(tool, "dev-dependencies")
    groups = {canonicalize_name(name): list(lines) for name, lines in table(pyproject, "dependency-groups").items()}
    groups |= {name: [*groups.get(name, []), *old[key]] for key in old if (name := canonicalize_name(key))}
    for development in (groups, old):
        overrides = tool.get("overrides", resolution.get("overrides", {}))
        for more in ({"resolution": resolution}, {"overrides": overrides}):
            yield {
                "sources": tool.get("source", []),
                "dependencies": project.get("dependencies", []),
                "dev-dependencies": development,
                "optional-dependencies": project.get("optional-dependencies", {}),
                "requires-python": project.get("requires-python", ""),
                **more,
            }
