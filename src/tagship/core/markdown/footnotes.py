"""A block rule for footnote definitions, a GitHub extension of CommonMark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

REFERENCE = re.compile(r"\[\^([^\s\[\]]+)\]")
"""A footnote reference; group 1 is its label."""

_DEFINITION = re.compile(r"\[\^[^\s\[\]]+\]:[ \t]*")


def footnote_definition(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Parse ``[^label]: text`` and the blocks below it that are indented by four columns; a markdown-it block rule.

    The text is parsed as nested blocks, so a heading in a footnote is not a top-level heading. The footnote's own
    tokens are hidden: a renderer shows only the blocks inside.
    """
    if state.is_code_block(first):
        return False
    match = _DEFINITION.match(state.src, state.bMarks[first] + state.tShift[first], state.eMarks[first])
    if match is None:
        return False
    if silent:
        return True
    opening = state.push("footnote_open", "", 1)
    opening.hidden = True
    opening.meta = {"label": REFERENCE.match(match[0])[1]}  # type: ignore[index]
    opening.map = lines = [first, 0]
    _parse_inside(state, first, end, match.end())
    lines[1] = state.line
    state.push("footnote_close", "", -1).hidden = True
    return True


def _parse_inside(state: StateBlock, first: int, end: int, start: int) -> None:
    """Parse the lines from ``first`` as blocks, the first one from offset ``start`` as if it were indented."""
    saved = (state.bMarks[first], state.tShift[first], state.sCount[first], state.bsCount[first])
    outside = (state.blkIndent, state.parentType, state.tight)
    state.blkIndent += 4
    state.parentType = "footnote"
    state.bMarks[first], state.tShift[first], state.sCount[first], state.bsCount[first] = start, 0, state.blkIndent, 0
    state.md.block.tokenize(state, first, end)
    state.bMarks[first], state.tShift[first], state.sCount[first], state.bsCount[first] = saved
    state.blkIndent, state.parentType, state.tight = outside
