"""The extent of a release's section, and whether it has content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from tagship.core.markdown.blocks import Blocks

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


def body_lines(blocks: Blocks, tokens: Sequence[Token], start: int) -> range:
    """Return the lines of the section with the blocks ``tokens`` whose heading ends before line ``start``.

    The range excludes blank lines at both ends, link and footnote definitions at the end (used ones are appended to
    the notes separately), and separators between releases: rules, comments, anchors such as ``<a id="1.2"></a>``, and
    ``<details>`` that fold the releases below.
    """
    found = _trimmed(list(_top_blocks(tokens)))
    end = found[-1].end if found else start
    while not blocks.line(end - 1).strip(" \t"):
        end -= 1
    while start < end and not blocks.line(start).strip(" \t"):
        start += 1
    return range(start, end)


def has_content(tokens: Sequence[Token]) -> bool:
    """Return True if a section has more than headings, rules, comments, anchors and footnotes."""
    return any(
        block.kind not in {"heading_open", "footnote_open"} and not _is_separator(block)
        for block in _trimmed(list(_top_blocks(tokens)))
    )


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
