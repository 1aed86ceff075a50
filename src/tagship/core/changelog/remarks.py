"""Warnings about the headings of a changelog, and about the text of its sections."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tagship.core.changelog.document import (
    LONGEST_TITLE,
    Release,
    Remark,
    TopHeading,
    plain_text,
    section_between,
    top_headings,
)
from tagship.core.changelog.heading import Heading, read_heading
from tagship.core.markdown.blocks import Blocks, parse_blocks, parse_inline

if TYPE_CHECKING:
    from markdown_it.token import Token


_EVERYWHERE = range(1 << 40)


def converted_mentions(notes: str, release: Release) -> Iterator[Remark]:
    """Yield the warnings of `unescaped_mentions` about ``notes``, converted Markdown, at the heading of ``release``."""
    for remark in unescaped_mentions([replace(release, line=0, body=_EVERYWHERE)], parse_blocks(notes)):
        yield replace(remark, line=release.line)


_STARTS_WITH_VERSION = re.compile(
    r"^(#{1,6}|\*\*|__)?[^\w\n]{0,40}(?:(?:version|release)\s)?v?\d+\.\d", re.IGNORECASE | re.MULTILINE
)
_UNDERLINE = re.compile(r"[\s>]*(?:-+|=+)\s*")


def lost_headings(releases: Sequence[Release], blocks: Blocks) -> Iterator[Remark]:
    """Yield a warning for each line in a section that looks like the heading of an older release but is not one.

    Such lines are bold, a list item, lack the space after the hashes, or lack the blank line above an underlined one.
    """
    known = {release.version for release in releases}
    for first, token in _paragraphs(blocks):
        if not _STARTS_WITH_VERSION.search(token.content):
            continue
        lines = token.content.split("\n")
        underlined = _UNDERLINE.fullmatch(blocks.line(first + len(lines))) is not None
        for number, line in enumerate(lines):
            alone = len(lines) == 1 or (underlined and number == len(lines) - 1)
            release = _containing(releases, first + number + 1)
            said = _read(line, blocks, alone)
            if said is None or release is None or said.version is None or said.version in known:
                continue
            if release.version is None or said.version < release.version:
                yield Remark(
                    line=first + number + 1,
                    text=f"{line.strip()[:80]!r} looks like the heading of {said.label} but is not one; "
                    f"the text below it stays in the notes of {release.label}.",
                )


def _paragraphs(blocks: Blocks) -> Iterator[tuple[int, Token]]:
    """Yield the content of each paragraph, and of each heading of several lines, with its first line from 0."""
    opening = ""
    for token in blocks.tokens:
        if token.type != "inline":
            opening = token.type
        elif token.map and (opening == "paragraph_open" or (opening == "heading_open" and "\n" in token.content)):
            yield token.map[0], token


def _read(line: str, blocks: Blocks, alone: bool) -> Heading | None:
    """Parse a line of text as the heading of a release; ``alone`` if no text is before or after it."""
    match = _STARTS_WITH_VERSION.match(line)
    marked = match[1] or "" if match else ""
    if match is None or len(line) > LONGEST_TITLE or not (alone or marked.startswith("#")):
        return None
    said = read_heading(plain_text(line.lstrip("#"), blocks))
    if said is None or said.pointer or (said.weight != "plain" and (not marked or said.titled)):
        return None
    return said


def _containing(releases: Sequence[Release], line: int) -> Release | None:
    index = bisect_right(releases, line, key=lambda release: release.line) - 1
    return releases[index] if index >= 0 and line in releases[index].body else None


_MENTION = re.compile(r"(?<![\w/`@.-])@([a-z0-9](?:-?[a-z0-9]){0,38})(?![\w-]|\.\w|/\w)(\()?", re.IGNORECASE)
_DECORATORS = frozenset(
    {
        *("abstractmethod", "abstractproperty", "asynccontextmanager", "cache", "classmethod", "contextmanager"),
        *("dataclass", "deprecated", "final", "fixture", "overload", "override", "param", "property"),
        *("return", "returns", "singledispatch", "staticmethod", "throws", "wraps"),
    }
)
"""Names of decorators and documentation tags, which are also names of GitHub users."""


def unescaped_mentions(releases: Sequence[Release], blocks: Blocks) -> Iterator[Remark]:
    """Yield a warning for each decorator in plain text, which GitHub reads as the mention of a user."""
    for first, token in _paragraphs(blocks):
        found = [match for match in _MENTION.finditer(token.content) if _is_decorator(match)]
        shown = _plain_mentions(token.content, blocks) if found else set()
        for match in found:
            line = first + token.content.count("\n", 0, match.start()) + 1
            if match[1] in shown and _containing(releases, line):
                yield Remark(line=line, text=f"@{match[1]} mentions a GitHub user; write it as code: `@{match[1]}`.")


def _is_decorator(match: re.Match[str]) -> bool:
    return match[1].lower() in _DECORATORS or match[2] is not None


def _plain_mentions(content: str, blocks: Blocks) -> set[str]:
    """Return the names that ``content`` mentions outside code and links."""
    names: set[str] = set()
    depth = 0
    for token in parse_inline(content, blocks.env):
        depth += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not depth:
            names.update(match[1] for match in _MENTION.finditer(token.content))
    return names


def remarks(releases: Sequence[Release], headings: Sequence[TopHeading], blocks: Blocks) -> tuple[Remark, ...]:
    """Return all warnings in file order; ``headings`` are those that are not a release."""
    found = [
        *_unusual_versions(releases),
        *_duplicates(releases),
        *_stray_headings(releases, headings),
        *_cut_sections(releases, headings, blocks),
        *lost_headings(releases, blocks),
        *unescaped_mentions(releases, blocks),
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


def _stray_headings(releases: Sequence[Release], headings: Sequence[TopHeading]) -> Iterator[Remark]:
    """Yield a warning for headings at release level without a version; common subheadings are left out."""
    inside = [(heading, release) for heading in headings if (release := _containing(releases, heading.first + 1))]
    nested = {heading.content.casefold() for heading, release in inside if heading.level > release.level}
    for heading, release in inside:
        if heading.content.casefold() not in nested:
            yield Remark(
                line=heading.first + 1,
                text=f"Heading {heading.content[:80]!r} has the level of a release but no version; "
                f"it stays in the notes of {release.label}.",
            )


def _cut_sections(releases: Sequence[Release], headings: Sequence[TopHeading], blocks: Blocks) -> Iterator[Remark]:
    """Yield a warning for a section that ends at a higher heading with text but no version, before a next release."""
    lines = {heading.first + 1: heading for heading in headings}
    every = {heading.first + 1: heading for heading in top_headings(blocks)}
    for release, following in pairwise(releases):
        between = (lines[line] for line in range(release.body.stop, following.line) if line in lines)
        heading = next(between, None)
        if heading is None or heading.level >= release.level or following.level != release.level:
            continue
        _, empty = section_between(blocks, heading, next(between, every[following.line]))
        if not empty:
            yield Remark(
                line=release.line,
                text=f"The notes of {release.label} end at line {heading.first + 1}: heading "
                f"{heading.content[:80]!r} has a higher level but no version.",
            )
