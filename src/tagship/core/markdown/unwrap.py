"""Paragraphs on one line each: GitHub's release pages show every newline inside a paragraph as a break."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

from tagship.core.markdown.blocks import parse_blocks, parser
from tagship.core.markdown.cut import Edit, apply_edits
from tagship.core.markdown.inlines import inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tagship.core.markdown.blocks import Blocks
    from tagship.core.markdown.inlines import Inline

_HARD_BREAK = re.compile(r"(?:  |(?<!\\)(?:\\\\)*\\)\n?$")
_ALERT = re.compile(r"\s*\[!\w+\]\s*")
"""The first line of one of GitHub's alerts, ``> [!NOTE]``, which must stand alone."""


def unwrap(text: str) -> str:
    """``text`` with the lines of every paragraph joined by spaces; hard breaks, code, tables and HTML stay.

    It renders as before with soft breaks as spaces: a paragraph for which that would not hold is left as it is.
    """
    blocks = parse_blocks(text)
    edits = [edit for inline in inlines(blocks) for edit in _joints(blocks, inline)]
    return apply_edits(text, edits)


def _joints(blocks: Blocks, inline: Inline) -> Iterator[Edit]:
    """Yield the edits that join the lines of ``inline``, or none."""
    if inline.block not in {"paragraph_open", "heading_open"} or "\n" not in inline.token.content:
        return
    if None in inline.places or not inline.token.map or len(inline.places) != inline.token.map[1] - inline.token.map[0]:
        return
    joined, joints = _joined(inline.token.content)
    if not joints or not _same(inline, joined, blocks.env):
        return
    for index in joints:
        place = inline.places[index]
        before = inline.token.map[0] + index - 1
        end_of_line = blocks.begin(before) + len(blocks.line(before).rstrip(" \t"))
        if place is not None:
            yield Edit(end_of_line, place[1], " ")


def _joined(content: str) -> tuple[str, list[int]]:
    """``content`` with its soft breaks replaced by spaces, and the numbers of the lines that were joined to others."""
    joined: list[str] = []
    joints: list[int] = []
    for index, line in enumerate(content.split("\n")):
        # What ends a line stands in the line itself: looking through all before it would take quadratic time.
        if index == 0:
            joined.append(line)
        elif _HARD_BREAK.search(joined[-1]) or (index == 1 and _ALERT.fullmatch(joined[0])):
            joined += ["\n", line]
        else:
            joined[-1] = joined[-1].rstrip(" \t")
            joined += [" ", line.lstrip(" \t")]
            joints.append(index)
    return "".join(joined), joints


def _same(inline: Inline, joined: str, env: Mapping[str, Any]) -> bool:
    """Return True if ``joined`` is one block as before and renders like ``inline`` with spaces for its soft breaks."""
    children: list[Token] = []
    parser().inline.parse(joined, parser(), dict(env), children)
    if _rendered(children) != _rendered(inline.children):
        return False
    # What is underlined as a heading can be the head of a table once it is one line.
    tokens = parse_blocks(f"{joined}\n---" if inline.block == "heading_open" else joined).tokens
    return [token.type for token in tokens[:2]] == [inline.block, "inline"] and (
        len(tokens) == 3 and tokens[1].content == joined
    )


def _rendered(children: tuple[Token, ...] | list[Token]) -> str:
    tokens = [Token("text", "", 0, content=" ") if token.type == "softbreak" else token for token in children]
    return re.sub(r"\s+", " ", parser().renderer.render(tokens, parser().options, {}))
