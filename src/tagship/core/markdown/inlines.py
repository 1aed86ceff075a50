"""The inline content of blocks and the destinations in it, with their positions in the source."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.helpers import parseLinkDestination

from tagship.core.markdown.blocks import REFERENCE, Blocks, Definition, Destination, Kind, Spans, parse_inline, parser

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """The content of one paragraph, heading or table cell. ``spans`` are positions in ``token.content``.

    ``places`` has, for each line of the content, the position of its first non-space character and that character's
    offset in the source; None if the line was not found in the source. ``lines`` has the position of each line, and
    ``pipes`` that of each pipe in a table cell.
    """

    token: Token
    block: str
    children: tuple[Token, ...]
    spans: tuple[Destination, ...]
    places: tuple[tuple[int, int] | None, ...]
    lines: tuple[int, ...]
    pipes: tuple[int, ...]

    def offset(self, position: int) -> int | None:
        """Return the source offset of a position in the content."""
        place = self.places[bisect_right(self.lines, position) - 1]
        if place is None or position < place[0]:
            return None
        # A pipe in the content of a table cell is an escaped pipe in the source.
        return place[1] + position - place[0] + bisect_left(self.pipes, position)


_CELLS = {"th_open", "td_open"}


def inlines(blocks: Blocks) -> Iterator[Inline]:
    """Yield the inline content of every block of ``blocks``, in order."""
    cursors: dict[int, int] = {}
    opening = ""
    for token in blocks.tokens:
        if token.type != "inline":
            opening = token.type
            continue
        spans = Spans(content=token.content)
        children = parse_inline(token.content, {**blocks.env, "spans": spans})
        yield Inline(
            token=token,
            block=opening,
            children=tuple(children),
            spans=tuple(spans.found),
            places=tuple(_places(blocks, token, cursors if opening in _CELLS else None)),
            lines=(0, *(match.end() for match in re.finditer("\n", token.content))),
            pipes=tuple(match.start() for match in re.finditer(r"\|", token.content)) if opening in _CELLS else (),
        )


def uses(children: Iterable[Token]) -> tuple[dict[str, str], set[str]]:
    """Return the labels of link references with their use, ``link`` or ``image``, and the labels of footnotes.

    A label with both uses counts as ``image``.
    """
    labels: dict[str, str] = {}
    footnotes: set[str] = set()
    for token in children:
        if "label" in token.meta:
            kind = "image" if token.type == "image" or labels.get(token.meta["label"]) == "image" else "link"
            labels[token.meta["label"]] = kind
        if token.type == "text":
            footnotes.update(label.casefold() for label in REFERENCE.findall(token.content))
    return labels, footnotes


def _places(blocks: Blocks, token: Token, cursors: dict[int, int] | None) -> Iterator[tuple[int, int] | None]:
    """Yield the place of each line of ``token``; ``cursors`` has the end of the last table cell found in a line."""
    number, end = token.map or (0, 0)
    texts = token.content.split("\n")
    # A first line of form feeds is not blank for CommonMark, but is not in the content either.
    while cursors is None and number + 1 < end and texts[0].strip(" \t") not in blocks.line(number):
        number += 1
    position = 0
    for text in texts:
        stripped = text.strip(" \t")
        line = blocks.line(number)
        if cursors is None:
            column = line.rfind(stripped)
        else:
            cell = stripped.replace("|", "\\|")
            column = line.find(cell, cursors.get(number, 0))
            cursors[number] = column + len(cell)
        yield None if column < 0 else (position + text.index(stripped), blocks.begin(number) + column)
        number += 1
        position += len(text) + 1


def destinations(blocks: Blocks) -> Iterator[Destination]:
    """Yield the destinations in ``blocks``: inline links and images, definitions, and the attributes of HTML tags.

    Their offsets are those in the source.
    """
    images: set[str] = set()
    for inline in inlines(blocks):
        images.update(label for label, kind in uses(inline.children)[0].items() if kind == "image")
        for span in inline.spans:
            for found in _attributes(span.href, span.start) if span.kind == "html" else (span,):
                start = inline.offset(found.start)
                if start is not None:
                    yield replace(found, start=start)
    for definition in blocks.definitions:
        yield from _definition(definition, "image" if definition.label in images else "link")
    for token in blocks.tokens:
        if token.type == "html_block" and token.map:
            start = blocks.begin(token.map[0])
            yield from _attributes(blocks.text[start : blocks.begin(token.map[1])], start)


_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t\n]*", re.DOTALL)


def _definition(definition: Definition, kind: Kind) -> Iterator[Destination]:
    match = _LABEL.match(definition.text)
    if match is None:
        return
    found = parseLinkDestination(definition.text, match.end(), len(definition.text))
    line = definition.text.count("\n", 0, match.end())
    column = match.end() - definition.text.rfind("\n", 0, match.end()) - 1
    start = definition.starts[line] + column + definition.text.startswith("<", match.end())
    yield Destination(start=start, href=parser().normalizeLink(found.str), kind=kind)


_TAG = re.compile(r"<(a|area|img|source|video|audio|track)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])(href|src|poster|srcset)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CANDIDATE = re.compile(r"(?:^|,)\s*([^\s,]+)")


def _attributes(text: str, offset: int) -> Iterator[Destination]:
    """Yield the destinations in the HTML tags of ``text``, which begins at ``offset``; none in comments."""
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    for tag in _TAG.finditer(text):
        kind: Kind = "link" if tag[1].lower() in {"a", "area"} else "image"
        for attribute in _ATTRIBUTE.finditer(text, tag.start(2), tag.end(2)):
            quoted = attribute[2][0] in "\"'"
            start = attribute.start(2) + quoted
            value = text[start : attribute.end(2) - quoted]
            several = attribute[1].lower() == "srcset"
            words = [word.span(1) for word in _CANDIDATE.finditer(value)] if several else [(0, len(value))]
            for first, last in words:
                href = html.unescape(value[first:last])
                yield Destination(start=offset + start + first, href=href, kind=kind)
