"""The blocks of a Markdown text, with their position in the source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference

from tagship.core.markdown.footnotes import footnote_definition
from tagship.core.markdown.spans import SPANNED_RULES

if TYPE_CHECKING:
    from markdown_it.token import Token

LINE_END = re.compile(r"\r\n?|\n")
"""A CommonMark line end; ``str.splitlines`` splits at more characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A link reference definition, ``[label]: destination "title"``, or a footnote definition.

    ``label`` is normalized for comparison. ``first`` and ``end`` are its lines, counted from 0, the end exclusive.
    ``starts`` has the source offset of each line after the markers of its containers; ``text`` is the lines from there.
    """

    label: str
    first: int
    end: int
    starts: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """A parsed text. ``tokens`` are markdown-it's, with lines counted from 0 and inline content not parsed.

    ``starts`` has the offset of every line in ``text``. ``definitions`` and ``footnotes`` are in order and include
    repeated labels, of which the first one counts; footnotes inside other blocks are left out. ``env`` is for
    markdown-it's inline rules.
    """

    text: str
    starts: tuple[int, ...]
    tokens: tuple[Token, ...]
    definitions: tuple[Definition, ...]
    footnotes: tuple[Definition, ...]
    env: dict[str, Any] = field(repr=False)

    def line(self, number: int) -> str:
        """Return line ``number``, counted from 0, without its end and with NUL replaced as in markdown-it."""
        return self.text[self.begin(number) : self.begin(number + 1)].rstrip("\r\n").replace("\0", "\ufffd")

    def begin(self, line: int) -> int:
        """Return the offset of ``line``, or the length of the text if it has fewer lines."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def between(self, first: int, end: int) -> str:
        """Return the source of lines ``first`` to ``end`` (exclusive), without the final line end."""
        return self.text[self.begin(first) : self.begin(end)].rstrip("\r\n")


@cache
def parser() -> MarkdownIt:
    """Return the parser for CommonMark, tables and footnotes; link tokens store their reference label."""
    made = MarkdownIt("commonmark", {"store_labels": True}).enable("table")
    made.block.ruler.at("reference", _remembered_reference)
    for name, rule in SPANNED_RULES.items():
        made.inline.ruler.at(name, rule)
    made.block.ruler.before(
        "reference", "footnote", footnote_definition, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    return made


def _remembered_reference(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Run markdown-it's rule for link reference definitions, and record the position of each in ``env``."""
    known: dict[str, Any] = state.env["references"]
    before = len(known)
    if not reference(state, first, end, silent):
        return False
    if not silent:
        label = next(reversed(known)) if len(known) > before else state.env["duplicate_refs"][-1]["label"]
        marks = [state.bMarks[line] + state.tShift[line] for line in range(first, state.line)]
        state.env["definitions"].append(
            (
                label,
                first,
                [mark - state.src.rfind("\n", 0, mark) - 1 for mark in marks],
                [state.src[mark : state.eMarks[first + index]] for index, mark in enumerate(marks)],
            )
        )
    return True


def parse_blocks(text: str) -> Blocks:
    """Parse all blocks of ``text``, including nested ones. Front matter is not recognized."""
    env: dict[str, Any] = {"references": {}, "definitions": []}
    tokens: list[Token] = []
    normal = (LINE_END.sub("\n", text) if "\r" in text else text).replace("\0", "\ufffd")
    if normal:
        state = StateBlock(normal, parser(), env, tokens)
        parser().block.tokenize(state, 0, state.lineMax)
    starts = (0, *(match.end() for match in LINE_END.finditer(text)))
    definitions = tuple(
        Definition(
            label=label,
            first=first,
            end=first + len(columns),
            starts=tuple(starts[first + index] + column for index, column in enumerate(columns)),
            text="\n".join(lines),
        )
        for label, first, columns, lines in env["definitions"]
    )
    blocks = Blocks(text=text, starts=starts, tokens=tuple(tokens), definitions=definitions, footnotes=(), env=env)
    outer = (token for token in tokens if token.type == "footnote_open" and token.level == 0)
    return replace(blocks, footnotes=tuple(_footnote(blocks, token) for token in outer))


def _footnote(blocks: Blocks, token: Token) -> Definition:
    first, end = token.map or (0, 0)
    text = blocks.between(first, end).rstrip(" \t\r\n")
    end = first + 1 + len(LINE_END.findall(text))
    return Definition(
        label=token.meta["label"].casefold(), first=first, end=end, starts=blocks.starts[first:end], text=text
    )
