"""Front matter and top-level headings of a changelog."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.markdown.blocks import LINE_END, parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from tagship.core.markdown.blocks import Blocks

LONGEST_TITLE = 1000
"""Maximum length of a release heading in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopHeading:
    """A heading outside any container. ``index`` is its token's; lines count from 0, ``end`` is exclusive."""

    level: int
    index: int
    first: int
    end: int
    content: str


def top_headings(blocks: Blocks) -> Iterator[TopHeading]:
    """Yield the headings of ``blocks`` outside lists, quotes and footnotes, in order."""
    for index, token in enumerate(blocks.tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            content = blocks.tokens[index + 1].content
            yield TopHeading(
                level=int(token.tag[1]), index=index, first=token.map[0], end=token.map[1], content=content
            )


_KEY = re.compile(r"[\w\"'][^:]*:(?:\s|$)")
_YAML = re.compile(r"[\w\"'][^:]*:(?:\s|$)|[\s#\]})-]|$")
_TOML = re.compile(r"[\w\"'.-]+\s*=|[\s#\]})\[]|$")


def front_matter_end(text: str) -> int:
    """Return the offset after a byte order mark and YAML (``---``) or TOML (``+++``) front matter."""
    start = 1 if text.startswith("\ufeff") else 0
    fence = text[start : start + 3]
    if fence not in {"---", "+++"}:
        return start
    first = True
    position = start
    for match in LINE_END.finditer(text, start):
        line = text[position : match.start()]
        if position == start:
            if line.rstrip() != fence:
                return start
        elif line.rstrip() in {fence, "..." if fence == "---" else fence}:
            return start if first else match.end()
        elif not (_TOML if fence == "+++" else _KEY if first else _YAML).match(line):
            return start
        else:
            first = False
        position = match.end()
    return len(text) if not first and text[position:].rstrip() == fence else start


_SPECIAL = re.compile(r"[\\`*_<>&!\[\n]")


def plain_text(content: str, blocks: Blocks) -> str:
    """Return the visible text of a heading, without markup, images and HTML."""
    if not _SPECIAL.search(content):
        return " ".join(content.split())
    children: list[Token] = []
    parser().inline.parse(content, parser(), blocks.env, children)
    return " ".join("".join(_seen(token) for token in children).split())


def _seen(token: Token) -> str:
    if token.type in {"text", "text_special", "code_inline"}:
        return token.content
    return " " if token.type in {"softbreak", "hardbreak"} else ""
