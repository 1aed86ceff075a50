"""Parse the inline content of blocks, and map positions in it to the source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.markdown.blocks import REFERENCE, Blocks, parse_inline
from tagship.core.markdown.spans import Destination, Spans

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
