"""What is odd about a changelog, told in sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tagship.core.changelog.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagship.core.changelog.document import TopHeading
    from tagship.core.changelog.model import Release


def remarks(releases: Sequence[Release], headings: Sequence[TopHeading], skipped: int) -> tuple[Remark, ...]:
    """Return everything odd, in the order of the file: unknown spellings, twins, and headings that may be misread."""
    found = [*_spelled_oddly(releases), *_twins(releases), *_strangers(releases, headings, skipped)]
    return tuple(sorted(found, key=lambda remark: (remark.line, remark.text)))


def _spelled_oddly(releases: Iterable[Release]) -> Iterator[Remark]:
    for release in releases:
        if release.version is None and release.status != "unreleased":
            yield Remark(
                line=release.line,
                text=f"{release.label} is no version that PEP 440 knows: the section is found by this spelling only.",
            )
        elif "," in release.label:
            yield Remark(line=release.line, text=f"{release.label} is read as {release.version}.")


def _twins(releases: Iterable[Release]) -> Iterator[Remark]:
    by_name: dict[tuple[str, object], list[Release]] = defaultdict(list)
    for release in releases:
        by_name[release.package.casefold(), release.version or release.label.casefold()].append(release)
    for same in by_name.values():
        first = same[0]
        for release in same[1:]:
            yield Remark(line=release.line, text=f"{release.label} has a section at line {first.line} already.")


def _strangers(releases: Sequence[Release], headings: Sequence[TopHeading], skipped: int) -> Iterator[Remark]:
    """Headings at the level of the releases that name none, unless the file uses the same words below its releases."""
    inside: list[tuple[TopHeading, Release]] = []
    position = 0
    for heading in headings:
        line = heading.first + 1 + skipped
        while position < len(releases) and releases[position].body.stop <= line:
            position += 1
        if position < len(releases) and line in releases[position].body:
            inside.append((heading, releases[position]))
    nested = {heading.content.casefold() for heading, release in inside if heading.level > release.level}
    for heading, release in inside:
        if heading.level == release.level and heading.content.casefold() not in nested:
            yield Remark(
                line=heading.first + 1 + skipped,
                text=f"The heading {heading.content[:80]!r} stands at the level of the releases and names none: "
                f"it is kept in the notes of {release.label}.",
            )
