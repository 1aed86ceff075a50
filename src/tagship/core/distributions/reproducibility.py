"""What differs between two builds of one source, and whether it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Archive, Member

_SHOWN = 8


def build_differences(first: Archive, second: Archive) -> Problem | None:
    """Return the problem of two archives of one build being different, with the members that differ, or None."""
    if (first.filename, first.sha256) == (second.filename, second.sha256):
        return None
    lines, contents = _differences(first, second)
    if not lines:
        lines = ["the files inside are equal; their order, the compression or the head of the archive differs"]
    return Problem(
        found=f"Two builds of {first.filename} differ:\n{_listed(lines)}",
        remedy=_remedy(first, timed_only=not contents),
        topic="not-reproducible",
    )


def other_build(built: Archive, published: Archive, index: str) -> Problem | None:
    """Return the problem of ``index`` having a file of this name that holds something else than what was ``built``.

    None where both hold the same files, whatever their times: then one can stand for the other.
    """
    _, contents = _differences(built, published, names=("what was built here", "what the index has"))
    if not contents:
        return None
    return Problem(
        found=f"{index} has a {built.filename} of another build already:\n{_listed(contents)}",
        remedy="An index never replaces a file, so release the next version. Where the tag was not moved, the files of "
        "the first run are on the run's page still: there, choose Re-run failed jobs, which builds nothing anew.",
        topic="other-build-on-index",
    )


def _differences(
    first: Archive, second: Archive, *, names: tuple[str, str] = ("the first build", "the second build")
) -> tuple[list[str], list[str]]:
    """Return a line for each difference between the files inside, and those of them that are more than a time."""
    before = {member.path: member for member in first.members}
    after = {member.path: member for member in second.members}
    contents = [f"{path}: only in {names[0]}" for path in before if path not in after]
    contents += [f"{path}: only in {names[1]}" for path in after if path not in before]
    pairs = [(before[path], after[path]) for path in before if path in after]
    contents += [f"{old.path}: the contents differ" for old, new in pairs if old.sha256 != new.sha256]
    moded = [f"{old.path}: the permissions differ" for old, new in pairs if old.mode != new.mode]
    return [*contents, *_times(pairs), *moded], contents + moded


def _listed(lines: list[str]) -> str:
    shown = [f"  {line}" for line in lines[:_SHOWN]] + ([f"  and {len(lines) - _SHOWN} more"] if lines[_SHOWN:] else [])
    return "\n".join(shown)


def _times(pairs: list[tuple[Member, Member]]) -> list[str]:
    timed = [old.path for old, new in pairs if old.time != new.time]
    if len(timed) > 1:
        return [f"the times of {len(timed)} files differ, {timed[0]} among them"]
    return [f"{path}: the time of the file differs" for path in timed]


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
