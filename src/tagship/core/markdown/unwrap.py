"""Join the lines of paragraphs, because GitHub release pages show every newline as a line break."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it.token import Token

from tagship.core.markdown.blocks import Blocks, parse_blocks, parse_inline, parser
from tagship.core.markdown.cut import Edit, apply_edits
from tagship.core.markdown.inlines import Inline, inlines

_HARD_BREAK = re.compile(r"(?:  |(?<!\\)(?:\\\\)*\\)\n?$")
_ALERT = re.compile(r"\s*\[!\w+\]\s*")
"""The first line of a GitHub alert, ``> [!NOTE]``, which must be a line of its own."""

_WIDE_CHARACTER = "".join(
    (
        "[\u2e80-\u303f\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff",
        "\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]",
    )
)
_WIDE = re.compile(_WIDE_CHARACTER + "{2}")
"""Two characters of a script that has no spaces between words: Chinese and Japanese, but not Korean."""
_WIDE_BREAK = re.compile(rf"{_WIDE_CHARACTER}[ \t]*\n[ \t]*{_WIDE_CHARACTER}")


def unwrap(text: str) -> str:
    """Join the lines of every paragraph with spaces; hard breaks, code, tables and HTML do not change.

    Lines of Chinese or Japanese are joined without a space. A paragraph that would render differently, apart from its
    soft breaks, does not change.
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
    for unspaced in (True, False) if _WIDE_BREAK.search(inline.token.content) else (False,):
        joined, joints = _joined(inline.token.content, unspaced=unspaced)
        if joints and _same(inline, joined, blocks.env, unspaced=unspaced):
            break
    else:
        return
    for index, between in joints.items():
        place = inline.places[index]
        before = inline.token.map[0] + index - 1
        end_of_line = blocks.begin(before) + len(blocks.line(before).rstrip(" \t"))
        if place is not None:
            yield Edit(end_of_line, place[1], between)


def _joined(content: str, *, unspaced: bool) -> tuple[str, dict[int, str]]:
    """Return ``content`` without soft breaks, and by number of line the text that joins it to the previous one."""
    joined: list[str] = []
    joints: dict[int, str] = {}
    for index, line in enumerate(content.split("\n")):
        # Search only the last line for a hard break: searching all of the text would take quadratic time.
        if index == 0:
            joined.append(line)
        elif _HARD_BREAK.search(joined[-1]) or (index == 1 and _ALERT.fullmatch(joined[0])):
            joined += ["\n", line]
        else:
            ended, started = joined[-1].rstrip(" \t"), line.lstrip(" \t")
            joints[index] = "" if unspaced and _WIDE.fullmatch(ended[-1:] + started[:1]) else " "
            joined[-1:] = [ended, joints[index], started]
    return "".join(joined), joints


def _same(inline: Inline, joined: str, env: Mapping[str, Any], *, unspaced: bool) -> bool:
    """Return True if ``joined`` is still one block and renders like ``inline`` with its soft breaks joined."""
    if _rendered(parse_inline(joined, env)) != _rendered(inline.children, unspaced=unspaced):
        return False
    # A setext heading on one line can become the head of a table.
    tokens = parse_blocks(f"{joined}\n---" if inline.block == "heading_open" else joined).tokens
    return [token.type for token in tokens[:2]] == [inline.block, "inline"] and (
        len(tokens) == 3 and tokens[1].content == joined
    )


def _rendered(tokens: Sequence[Token], *, unspaced: bool = False) -> str:
    shown = list(tokens)
    for index, token in enumerate(shown):
        if token.type == "softbreak":
            around = (
                tokens[index - 1].content[-1:] + tokens[index + 1].content[:1] if 0 < index < len(tokens) - 1 else ""
            )
            between = "" if unspaced and _WIDE.fullmatch(around) else " "
            shown[index] = Token("text", "", 0, content=between)
    return re.sub(r"\s+", " ", parser().renderer.render(shown, parser().options, {}))
