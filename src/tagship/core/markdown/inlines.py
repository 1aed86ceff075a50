"""The inline content of blocks, parsed, with the way back from a position in it to the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.markdown.blocks import parser
from tagship.core.markdown.footnotes import REFERENCE
from tagship.core.markdown.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

    from tagship.core.markdown.blocks import Blocks
    from tagship.core.markdown.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """The content of one paragraph, heading or table cell. ``spans`` are positions in ``token.content``.

    ``places`` has for each line of the content the position of its first character that is no space, and the offset of
    the same character in the source; None for a line that was not found again.
    """

    token: Token
    block: str
    children: tuple[Token, ...]
    spans: tuple[Span, ...]
    places: tuple[tuple[int, int] | None, ...]

    def offset(self, position: int) -> int | None:
        """Return the offset in the source of a position in the content."""
        place = self.places[self.token.content.count("\n", 0, position)]
        if place is None or position < place[0]:
            return None
        # A table's cell holds a pipe where its source holds a backslash and a pipe.
        pipes = self.token.content.count("|", place[0], position) if self.block in _CELLS else 0
        return place[1] + position - place[0] + pipes


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
        children: list[Token] = []
        parser().inline.parse(token.content, parser(), {**blocks.env, "spans": spans}, children)
        yield Inline(
            token=token,
            block=opening,
            children=tuple(children),
            spans=tuple(spans.found),
            places=tuple(_places(blocks, token, cursors if opening in _CELLS else None)),
        )


def uses(children: Iterable[Token]) -> tuple[dict[str, str], set[str]]:
    """Return the labels of link references among ``children`` with ``link`` or ``image`` as their use, and of
    footnotes.

    A label that serves both is an image's.
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
    """Yield the places of the lines of ``token``; ``cursors`` say, for the cells of a table, where a line was read up
    to.
    """
    number, end = token.map or (0, 0)
    texts = token.content.split("\n")
    # A line of form feeds or their like is not blank, but at the start of a paragraph it is not in the content either.
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
