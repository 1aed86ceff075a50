"""Truncate Markdown between blocks, and apply edits to its source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tagship.core.markdown.blocks import Blocks, parse_blocks
from tagship.core.markdown.definitions import Definitions, closed, complete, put_below


class Edit(NamedTuple):
    """The replacement of the source from ``start`` to ``end`` (exclusive) by ``text``."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply ``edits``, which must not overlap; the text between them does not change."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits):
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])


_WHOLE = {"paragraph_open", "fence", "code_block", "html_block"}
"""Blocks after which a text may end; not headings, which would be empty."""

_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)


def cut_markdown(text: str, max_bytes: int, *, more: str) -> str:
    """Truncate ``text`` to whole blocks followed by ``more`` unless it fits into ``max_bytes`` bytes of UTF-8.

    A block is a paragraph, a table row or a code block, at any depth of lists and quotes. A code block is cut between
    its lines only if half of the limit would be unused otherwise. The definitions of the kept links are appended, and
    open ``<details>`` are closed. ``more`` is Markdown, such as a link to the full text. Raises ValueError if ``more``
    alone exceeds the limit.
    """
    if byte_length(text) <= max_bytes:
        return text
    if byte_length(more) > max_bytes:
        raise ValueError(f"{more!r} has {byte_length(more)} bytes, more than the limit of {max_bytes}")
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
    """Close all blocks and ``<details>`` that are open at the end of ``text``, so that appended text is outside."""
    return closed(_unfolded(text))


def byte_length(text: str) -> int:
    """Return the length of ``text`` in bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def _within(blocks: Blocks, ends: Sequence[int], room: int) -> Sequence[int]:
    """Return the ``ends`` up to which the source fits into ``room`` bytes."""

    def size(line: int) -> int:
        # Every character has at least one byte, so a text with too many characters need not be encoded.
        length = blocks.begin(line)
        return length if length > room + 2 else byte_length(blocks.text[:length].rstrip(" \t\r\n"))

    return ends[: bisect_right(ends, room, key=size)]


def _last(lines: Sequence[int], fits: Callable[[int], bool]) -> int:
    """Return the last of ``lines`` that fits, or 0. Search from the end in growing steps, since it is near."""
    step, high = 1, len(lines)
    while high > 0 and not fits(lines[max(0, high - step)]):
        high = max(0, high - step)
        step *= 2
    low = max(0, high - step) if high else 0
    # ``low`` fits and ``high`` does not.
    while high - low > 1:
        middle = (low + high) // 2
        if fits(lines[middle]):
            low = middle
        else:
            high = middle
    return lines[low] if high else 0


def _ends(blocks: Blocks) -> list[int]:
    """Return the lines directly after a whole block."""
    ends: list[int] = []
    inside_body = False
    for token in blocks.tokens:
        if token.type in {"tbody_open", "tbody_close"}:
            inside_body = token.nesting > 0
        if token.map and (token.type in _WHOLE or (token.type == "tr_open" and inside_body)):
            ends.append(token.map[1])
    return sorted(set(ends))


def _code_lines(blocks: Blocks, after: int) -> list[int]:
    """Return the lines inside the first code block that ends after line ``after``."""
    for token in blocks.tokens:
        if token.map and token.type in {"fence", "code_block"} and token.map[1] > after:
            return list(range(token.map[0] + 2, token.map[1]))
    return []


def _unfolded(text: str) -> str:
    """Close the open ``<details>`` of ``text``."""
    depth = 0
    if not _DETAILS.search(text):
        return text
    for token in parse_blocks(text).tokens:
        if token.type == "html_block":
            for match in _DETAILS.finditer(token.content):
                depth = max(0, depth + (-1 if match[1] else 1))
    return put_below(text, "</details>\n" * depth).rstrip("\n") if depth else text
