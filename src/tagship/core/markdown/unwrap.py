"""Join the lines of paragraphs, because GitHub release pages show every newline as a line break."""

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
"""The first line of a GitHub alert, ``> [!NOTE]``, which must be a line of its own."""


def unwrap(text: str) -> str:
    """Join the lines of every paragraph with spaces; hard breaks, code, tables and HTML do not change.

    A paragraph that would render differently, apart from soft breaks as spaces, does not change either.
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
    """Return ``content`` with soft breaks as spaces, and the numbers of the lines joined to the previous one."""
    joined: list[str] = []
    joints: list[int] = []
    for index, line in enumerate(content.split("\n")):
        # Search only the last line for a hard break: searching all of the text would take quadratic time.
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
    """Return True if ``joined`` is still one block and renders like ``inline`` with soft breaks as spaces."""
    children: list[Token] = []
    parser().inline.parse(joined, parser(), dict(env), children)
    if _rendered(children) != _rendered(inline.children):
        return False
    # A setext heading on one line can become the head of a table.
    tokens = parse_blocks(f"{joined}\n---" if inline.block == "heading_open" else joined).tokens
    return [token.type for token in tokens[:2]] == [inline.block, "inline"] and (
        len(tokens) == 3 and tokens[1].content == joined
    )


def _rendered(children: tuple[Token, ...] | list[Token]) -> str:
    tokens = [Token("text", "", 0, content=" ") if token.type == "softbreak" else token for token in children]
    return re.sub(r"\s+", " ", parser().renderer.render(tokens, parser().options, {}))
