"""What differs between two builds of one source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Archive, Member

_SHOWN = 8


def build_differences(first: Archive, second: Archive) -> Problem | None:
    """The problem of two archives of one build being different, with the members that differ, or None."""
    if (first.filename, first.sha256) == (second.filename, second.sha256):
        return None
    before = {member.path: member for member in first.members}
    after = {member.path: member for member in second.members}
    lines = [f"{path}: only in the first build" for path in before if path not in after]
    lines += [f"{path}: only in the second build" for path in after if path not in before]
    pairs = [(before[path], after[path]) for path in before if path in after]
    contents = [old.path for old, new in pairs if old.sha256 != new.sha256]
    lines += [f"{path}: the contents differ" for path in contents]
    lines += _attributes(pairs)
    shown = [f"  {line}" for line in lines[:_SHOWN]] + ([f"  and {len(lines) - _SHOWN} more"] if lines[_SHOWN:] else [])
    detail = (
        "\n".join(shown)
        or "  the files inside are equal; their order, the compression or the head of the archive differs"
    )
    return Problem(
        found=f"Two builds of {first.filename} differ:\n{detail}",
        remedy=_remedy(first, timed_only=not contents and len(before) == len(after)),
        topic="not-reproducible",
    )


def _attributes(pairs: list[tuple[Member, Member]]) -> list[str]:
    timed = [old.path for old, new in pairs if old.time != new.time]
    moded = [old.path for old, new in pairs if old.mode != new.mode]
    lines = [f"{timed[0]}: the time of the file differs"] if len(timed) == 1 else []
    lines += [f"the times of {len(timed)} files differ, {timed[0]} among them"] if len(timed) > 1 else []
    return lines + [f"{path}: the permissions differ" for path in moded]


def _remedy(archive: Archive, *, timed_only: bool) -> str:
    if timed_only and not archive.filename.endswith(".whl"):
        return (
            "The backend writes the time of the build into the sdist in spite of SOURCE_DATE_EPOCH, as setuptools and "
            "pdm-backend do: set reproducible: epoch, which does not compare, or build with one that does not, such as "
            "hatchling or flit-core."
        )
    if timed_only:
        return "The backend ignores SOURCE_DATE_EPOCH: update it, or set reproducible: epoch, which does not compare."
    return (
        "Generate those files from the source alone: no date, no random name or seed, no absolute path, and sorted "
        "where the order comes from a set or a folder. Or set reproducible: epoch, which does not compare."
    )
