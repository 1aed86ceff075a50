"""Warnings about the headings of a changelog."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from tagship.core.changelog.content import lost_headings, unescaped_mentions
from tagship.core.changelog.model import Remark
from tagship.core.changelog.sections import has_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagship.core.changelog.document import TopHeading
    from tagship.core.changelog.model import Release
    from tagship.core.markdown.blocks import Blocks


def remarks(
    releases: Sequence[Release], headings: Sequence[TopHeading], blocks: Blocks, skipped: int
) -> tuple[Remark, ...]:
    """Return all warnings in file order; ``headings`` are those that are not a release."""
    found = [
        *_unusual_versions(releases),
        *_duplicates(releases),
        *_stray_headings(releases, headings, skipped),
        *_cut_sections(releases, headings, blocks, skipped),
        *lost_headings(releases, blocks, skipped),
        *unescaped_mentions(releases, blocks, skipped),
    ]
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


def _duplicates(releases: Sequence[Release]) -> Iterator[Remark]:
    """Yield a warning for a second section of a version, and for a section that ends at the first of the two."""
    by_name: dict[tuple[str, object], list[int]] = defaultdict(list)
    for index, release in enumerate(releases):
        by_name[release.package.casefold(), release.version or release.label.casefold()].append(index)
    for first, *others in by_name.values():
        line = releases[first].line
        for index in others:
            label = releases[index].label
            yield Remark(line=releases[index].line, text=f"Duplicate section for {label}: line {line} has one already.")
        same = [releases[index] for index in (first, *others) if releases[index].level == releases[first].level]
        if len(same) > 1 and first and not any(release.empty for release in same):
            cut = releases[first - 1]
            yield Remark(
                line=cut.line,
                text=f"The notes of {cut.label} end at line {line} with a heading for {same[0].label}, "
                f"which has another section at line {same[1].line}.",
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
        if heading.content.casefold() not in nested:
            yield Remark(
                line=heading.first + 1 + skipped,
                text=f"Heading {heading.content[:80]!r} has the level of a release but no version; "
                f"it stays in the notes of {release.label}.",
            )


def _cut_sections(
    releases: Sequence[Release], headings: Sequence[TopHeading], blocks: Blocks, skipped: int
) -> Iterator[Remark]:
    """Yield a warning for a section that ends at a higher heading with text but no version, before a next release."""
    lines = {heading.first + 1 + skipped: heading for heading in headings}
    indices = {
        token.map[0] + 1 + skipped: index
        for index, token in enumerate(blocks.tokens)
        if token.map and token.type == "heading_open" and token.level == 0
    }
    for release, following in pairwise(releases):
        between = (lines[line] for line in range(release.body.stop, following.line) if line in lines)
        heading = next(between, None)
        if heading is None or heading.level >= release.level or following.level != release.level:
            continue
        rest = next(between, None)
        end = rest.index if rest else indices[following.line]
        if has_content(blocks.tokens[heading.index + 2 : end]):
            yield Remark(
                line=release.line,
                text=f"The notes of {release.label} end at line {heading.first + 1 + skipped}: heading "
                f"{heading.content[:80]!r} has a higher level but no version.",
            )
