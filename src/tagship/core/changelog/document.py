"""The parsed changelog, and its text: front matter, headings, and the extent of their sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import Version

from tagship.core.markdown.blocks import LINE_END, Blocks, parse_inline

if TYPE_CHECKING:
    import datetime

    from markdown_it.token import Token

    from tagship.core.changelog.parts import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The section of a release or of unreleased changes.

    ``version`` is None if the heading has no PEP 440 version. ``label`` is its spelling in the heading, ``title`` the
    heading's text without markup, ``package`` the name before the version, if any. ``line`` is the heading's line and
    ``body`` the lines of the section below it, both counted from 1. An ``empty`` section has only headings, rules and
    comments. ``covers`` has the lowest and highest version of each range that the section is for as well.
    """

    version: Version | None
    label: str
    title: str
    package: str
    date: datetime.date | None
    status: Status
    level: int
    line: int
    body: range
    empty: bool
    covers: tuple[tuple[Version, Version], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A warning about the changelog: a sentence, and its line, counted from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """A parsed changelog. ``blocks`` is its text, with blank lines in place of the front matter.

    ``ranges`` are the sections for a range of versions, which have no version of their own. ``underlined`` says that
    headings have no ``#``, as in reStructuredText.
    """

    releases: tuple[Release, ...]
    warnings: tuple[Remark, ...]
    blocks: Blocks = field(repr=False)
    ranges: tuple[Release, ...] = ()
    underlined: bool = False

    def body(self, release: Release) -> str:
        """Return the exact source of the section below its heading, without the final line end."""
        return self.blocks.between(release.body.start - 1, release.body.stop - 1)


LONGEST_TITLE = 1000
"""Maximum length of a release heading in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopHeading:
    """A heading outside any container. ``index`` is its token's; lines count from 0, ``end`` is exclusive."""

    level: int
    index: int
    first: int
    end: int
    content: str


def top_headings(blocks: Blocks) -> Iterator[TopHeading]:
    """Yield the headings of ``blocks`` outside lists, quotes and footnotes, in order."""
    for index, token in enumerate(blocks.tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            content = blocks.tokens[index + 1].content
            yield TopHeading(
                level=int(token.tag[1]), index=index, first=token.map[0], end=token.map[1], content=content
            )


_KEY = re.compile(r"[\w\"'][^:]*:(?:\s|$)")
_YAML = re.compile(r"[\w\"'][^:]*:(?:\s|$)|[\s#\]})-]|$")
_TOML = re.compile(r"[\w\"'.-]+\s*=|[\s#\]})\[]|$")


def front_matter_end(text: str) -> int:
    """Return the offset after a byte order mark and YAML (``---``) or TOML (``+++``) front matter."""
    start = 1 if text.startswith("\ufeff") else 0
    fence = text[start : start + 3]
    if fence not in {"---", "+++"}:
        return start
    first = True
    position = start
    for match in LINE_END.finditer(text, start):
        line = text[position : match.start()]
        if position == start:
            if line.rstrip() != fence:
                return start
        elif line.rstrip() in {fence, "..." if fence == "---" else fence}:
            return start if first else match.end()
        elif not (_TOML if fence == "+++" else _KEY if first else _YAML).match(line):
            return start
        else:
            first = False
        position = match.end()
    return len(text) if not first and text[position:].rstrip() == fence else start


_SPECIAL = re.compile(r"[\\`*_<>&!\[\n]")


def plain_text(content: str, blocks: Blocks) -> str:
    """Return the visible text of a heading, without markup, images and HTML."""
    if not _SPECIAL.search(content):
        return " ".join(content.split())
    return " ".join("".join(map(_seen, parse_inline(content, blocks.env))).split())


def _seen(token: Token) -> str:
    if token.type in {"text", "text_special", "code_inline"}:
        return token.content
    return " " if token.type in {"softbreak", "hardbreak"} else ""


_ANCHORS = re.compile(r"(?:<a\s(?:id|name)=[^<>]*>\s*(?:</a>\s*)?)+")
_COMMENTS = re.compile(r"(?:<!--(?:(?!-->).)*-->\s*)+", re.DOTALL)
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)
_FOLD = re.compile(
    r"(?:</?details\b[^<>]*>\s*|<summary\b[^<>]*>(?:(?!</?(?:summary|details)\b).)*</summary>\s*)+",
    re.DOTALL | re.IGNORECASE,
)


class _Block(NamedTuple):
    kind: str
    end: int
    content: str


def section_between(blocks: Blocks, heading: TopHeading | None, following: TopHeading | None) -> tuple[range, bool]:
    """Return the lines of the section between two headings, counted from 1, and True if it is empty.

    The range excludes blank lines at both ends, link and footnote definitions at the end (used ones are appended to
    the notes separately), and separators between releases: rules, comments, anchors such as ``<a id="1.2"></a>``, and
    ``<details>`` that fold the releases below. An empty section has only headings, rules, comments, anchors and
    footnotes.
    """
    start = heading.end if heading else 0
    tokens = blocks.tokens[heading.index + 2 if heading else 0 : following.index if following else None]
    found = _trimmed(list(_top_blocks(tokens)))
    end = found[-1].end if found else start
    while end > start and not blocks.line(end - 1).strip(" \t"):
        end -= 1
    while start < end and not blocks.line(start).strip(" \t"):
        start += 1
    empty = all(block.kind in {"heading_open", "footnote_open"} or _is_separator(block) for block in found)
    return range(start + 1, end + 1), empty


def _trimmed(found: list[_Block]) -> list[_Block]:
    """Remove trailing blocks that do not belong to the section."""
    unbalanced = _unbalanced(found)
    while found and (
        found[-1].kind == "footnote_open"
        or _is_separator(found[-1])
        or (len(found) - 1 in unbalanced and _FOLD.fullmatch(found[-1].content.strip()))
    ):
        found.pop()
    return found


def _unbalanced(found: Sequence[_Block]) -> set[int]:
    """Return the indices of blocks whose ``<details>`` tags have no counterpart in the section."""
    closing: set[int] = set()
    opened: list[int] = []
    for index, block in enumerate(found):
        for match in _DETAILS.finditer(block.content) if block.kind == "html_block" else ():
            if not match[1]:
                opened.append(index)
            elif opened:
                opened.pop()
            else:
                closing.add(index)
    return closing.union(opened)


def _top_blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    for index, token in enumerate(tokens):
        if token.level == 0 and token.map:
            inside = tokens[index + 1].content if token.type == "paragraph_open" else token.content
            yield _Block(token.type, token.map[1], inside)


def _is_separator(block: _Block) -> bool:
    content = block.content.strip()
    return (
        block.kind == "hr"
        or (block.kind in {"html_block", "paragraph_open"} and _ANCHORS.fullmatch(content) is not None)
        or (block.kind == "html_block" and _COMMENTS.fullmatch(content) is not None)
    )
