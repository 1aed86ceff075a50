"""Warnings about a changelog."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tagship.core.changelog.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagship.core.changelog.document import TopHeading
    from tagship.core.changelog.model import Release


def remarks(releases: Sequence[Release], headings: Sequence[TopHeading], skipped: int) -> tuple[Remark, ...]:
    """Return the warnings in file order: unusual versions, duplicate sections and stray headings."""
    found = [*_unusual_versions(releases), *_duplicates(releases), *_stray_headings(releases, headings, skipped)]
    return tuple(sorted(found, key=lambda remark: (remark.line, remark.text)))


def _unusual_versions(releases: Iterable[Release]) -> Iterator[Remark]:
    for release in releases:
        if release.version is None and release.status != "unreleased":
            yield Remark(
                line=release.line,
                text=f"{release.label} is not a PEP 440 version; only a tag of this exact spelling matches it.",
            )
        elif "," in release.label:
            yield Remark(line=release.line, text=f"{release.label} is read as {release.version}.")


def _duplicates(releases: Iterable[Release]) -> Iterator[Remark]:
    by_name: dict[tuple[str, object], list[Release]] = defaultdict(list)
    for release in releases:
        by_name[release.package.casefold(), release.version or release.label.casefold()].append(release)
    for same in by_name.values():
        first = same[0]
        for release in same[1:]:
            yield Remark(
                line=release.line, text=f"Duplicate section for {release.label}: line {first.line} has one already."
            )


def _stray_headings(releases: Sequence[Release], headings: Sequence[TopHeading], skipped: int) -> Iterator[Remark]:
    """Yield a warning for headings at release level without a version; common subheadings are left out."""
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
                text=f"Heading {heading.content[:80]!r} has the level of a release but no version; "
                f"it stays in the notes of {release.label}.",
            )
