"""Differences between two builds of one source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Archive, Member

_SHOWN = 8


def build_differences(first: Archive, second: Archive) -> Problem | None:
    """Return the problem of two builds that are not byte for byte equal, with the differing members; None if equal."""
    if (first.filename, first.sha256) == (second.filename, second.sha256):
        return None
    lines, contents = _differences(first, second)
    if not lines:
        lines = ["the members are equal; their order, the compression or the archive header differs"]
    return Problem(
        found=f"Two builds of {first.filename} differ:\n{_listed(lines)}",
        remedy=_remedy(first, timed_only=not contents),
        topic="not-reproducible",
    )


def other_build(built: Archive, published: Archive, index: str) -> Problem | None:
    """Return the problem of a ``published`` file on ``index`` with other contents than the ``built`` one of its name.

    None if both contain the same files: their times do not matter.
    """
    _, contents = _differences(built, published, names=("this build", "the file on the index"))
    if not contents:
        return None
    return Problem(
        found=f"File already exists: {index} has another build of {built.filename}:\n{_listed(contents)}",
        remedy="Release a new version: an index never replaces a file. If the tag was not moved, open the first run "
        "and choose Re-run failed jobs, which publishes the files of that run.",
        topic="file-already-exists",
    )


def _differences(
    first: Archive, second: Archive, *, names: tuple[str, str] = ("the first build", "the second build")
) -> tuple[list[str], list[str]]:
    """Return a line for each difference between the members, and those lines that are not about times."""
    before = {member.path: member for member in first.members}
    after = {member.path: member for member in second.members}
    contents = [f"{path}: only in {names[0]}" for path in before if path not in after]
    contents += [f"{path}: only in {names[1]}" for path in after if path not in before]
    pairs = [(before[path], after[path]) for path in before if path in after]
    contents += [
        f"{old.path}: the contents differ{_changed_lines(first.texts, second.texts, old.path)}"
        for old, new in pairs
        if old.sha256 != new.sha256
    ]
    moded = [f"{old.path}: the permissions differ" for old, new in pairs if old.mode != new.mode]
    return [*contents, *_times(pairs), *moded], contents + moded


def _changed_lines(before: Mapping[str, bytes], after: Mapping[str, bytes], path: str) -> str:
    """Return the lines of a metadata file that differ, each with its sign; empty for other files and for RECORD."""
    if path not in before or path not in after or path.endswith("/RECORD"):
        return ""
    old, new = (texts[path].decode("utf-8", "replace").splitlines() for texts in (before, after))
    changed = [f"- {line}" for line in old if line not in new] + [f"+ {line}" for line in new if line not in old]
    return "".join(f"\n    {line}" for line in changed[:_SHOWN])


def _listed(lines: list[str]) -> str:
    shown = [f"  {line}" for line in lines[:_SHOWN]] + ([f"  and {len(lines) - _SHOWN} more"] if lines[_SHOWN:] else [])
    return "\n".join(shown)


def _times(pairs: list[tuple[Member, Member]]) -> list[str]:
    timed = [old.path for old, new in pairs if old.time != new.time]
    if len(timed) > 1:
        return [f"the times of {len(timed)} files differ, for example of {timed[0]}"]
    return [f"{path}: the time of the file differs" for path in timed]


def _remedy(archive: Archive, *, timed_only: bool) -> str:
    if timed_only and not archive.filename.endswith(".whl"):
        return (
            "The backend ignores SOURCE_DATE_EPOCH for sdists, as setuptools and pdm-backend do. Use hatchling or "
            "flit-core, or have the times rewritten, without a comparison: reproducible: normalise"
        )
    if timed_only:
        return "The backend ignores SOURCE_DATE_EPOCH. Upgrade it, or skip the comparison: reproducible: epoch"
    return (
        "Generate these files from the source alone: no dates, random names, seeds or absolute paths, and sort the "
        "entries of sets and folders. To skip the comparison: reproducible: epoch"
    )
