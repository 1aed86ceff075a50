"""A Markdown text that is too long, cut where nothing breaks."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.definitions import Definitions, closed, complete, put_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tagship.core.markdown.blocks import Blocks


class Edit(NamedTuple):
    """The piece of the source from ``start`` to ``end``, not included, becomes ``text``."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with ``edits`` made, which do not overlap. What lies between them stays as it is, byte for byte."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits):
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])


_WHOLE = {"paragraph_open", "fence", "code_block", "html_block"}
"""The blocks after which a text may end; not headings, which would have nothing under them."""

_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)


def cut_markdown(text: str, max_bytes: int, *, more: str) -> str:
    """``text`` if it fits into ``max_bytes`` bytes of UTF-8, else as many whole blocks of it as fit, and ``more``.

    A block is a paragraph, a row of a table, a piece of code, at any depth of lists and quotes. Only where this would
    leave half of the room empty a block of code is cut between its lines, and closed. Definitions that the rest uses
    come along; folded details are closed. ``more`` is Markdown that stands below, such as a link to the full text.
    Raises ValueError where ``more`` alone does not fit.
    """
    if byte_length(text) <= max_bytes:
        return text
    if byte_length(more) > max_bytes:
        raise ValueError(f"{byte_length(more)} bytes of {more!r} do not fit into {max_bytes} bytes")
    blocks = parse_blocks(text)
    known = Definitions.of(blocks)

    made: dict[int, str] = {}

    def cut(line: int) -> str:
        if line not in made:
            kept = blocks.between(0, line).rstrip(" \t\r\n")
            made[line] = put_below(complete(_unfolded(kept), known), more)
        return made[line]

    def fits(line: int) -> bool:
        return byte_length(cut(line)) <= max_bytes

    room = max_bytes - byte_length(more)
    line = _last(_within(blocks, _ends(blocks), room), fits)
    if byte_length(blocks.between(0, line)) < max_bytes // 2:
        line = max(line, _last(_within(blocks, _code_lines(blocks, line), room), fits))
    return cut(line)


def contained(text: str) -> str:
    """``text`` with everything closed that is open at its end, folded details too: what follows stands outside."""
    return closed(_unfolded(text))


def byte_length(text: str) -> int:
    """How many bytes ``text`` has as UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def _within(blocks: Blocks, ends: Sequence[int], room: int) -> Sequence[int]:
    """Return those of ``ends`` up to which the source fits into ``room`` bytes."""

    def size(line: int) -> int:
        # No character has less than one byte: what has too many characters need not be encoded.
        length = blocks.begin(line)
        return length if length > room + 2 else byte_length(blocks.text[:length].rstrip(" \t\r\n"))

    return ends[: bisect_right(ends, room, key=size)]


def _last(lines: Sequence[int], fits: Callable[[int], bool]) -> int:
    """Return the last of ``lines`` that fits, 0 where none does. Tried from the end in growing steps: it is near."""
    step, high = 1, len(lines)
    while high > 0 and not fits(lines[max(0, high - step)]):
        high = max(0, high - step)
        step *= 2
    low = max(0, high - step) if high else 0
    # Between low, which fits, and high, which does not.
    while high - low > 1:
        middle = (low + high) // 2
        if fits(lines[middle]):
            low = middle
        else:
            high = middle
    return lines[low] if high else 0


def _ends(blocks: Blocks) -> list[int]:
    """Return the lines at which a whole block has just ended."""
    ends: list[int] = []
    inside_body = False
    for token in blocks.tokens:
        if token.type in {"tbody_open", "tbody_close"}:
            inside_body = token.nesting > 0
        if token.map and (token.type in _WHOLE or (token.type == "tr_open" and inside_body)):
            ends.append(token.map[1])
    return sorted(set(ends))


def _code_lines(blocks: Blocks, after: int) -> list[int]:
    """Return the lines inside the first block of code that ends after the line ``after``."""
    for token in blocks.tokens:
        if token.map and token.type in {"fence", "code_block"} and token.map[1] > after:
            return list(range(token.map[0] + 2, token.map[1]))
    return []


def _unfolded(text: str) -> str:
    """``text`` with its open ``<details>`` closed, so that what follows is not folded away with them."""
    depth = 0
    if not _DETAILS.search(text):
        return text
    for token in parse_blocks(text).tokens:
        if token.type == "html_block":
            for match in _DETAILS.finditer(token.content):
                depth = max(0, depth + (-1 if match[1] else 1))
    return put_below(text, "</details>\n" * depth).rstrip("\n") if depth else text
