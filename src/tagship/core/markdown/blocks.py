"""The blocks of a Markdown text, with their position in the source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference

from tagship.core.markdown.spans import SPANNED_RULES

if TYPE_CHECKING:
    from markdown_it.token import Token


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


LINE_END = re.compile(r"\r\n?|\n")
"""A CommonMark line end; ``str.splitlines`` splits at more characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A link reference definition, ``[label]: destination "title"``, or a footnote definition.

    ``label`` is normalized for comparison. ``first`` is its first line, counted from 0. For a link, ``starts`` has the
    source offset of each line after the markers of its containers; ``text`` is the lines from there.
    """

    label: str
    first: int
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
    return Definition(label=token.meta["label"].casefold(), first=first, starts=(), text=text)


def parse_inline(content: str, env: Mapping[str, Any]) -> list[Token]:
    """Parse ``content``, that of a paragraph, heading or table cell, with the references in ``env``."""
    children: list[Token] = []
    parser().inline.parse(content, parser(), dict(env), children)
    return children
