"""The blocks of a Markdown text, and rules of markdown-it that record positions in the source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline, html_inline, image, link

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["link", "image", "html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """The destination ``href`` of a link or image, with escapes and entities resolved, or the text of an HTML tag.

    ``start`` is its offset, inside angle brackets or quotes.
    """

    start: int
    href: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """The destinations that the rules find in ``content``; pass it as ``spans`` in ``env``.

    markdown-it parses the text of an image separately, with its own positions; an identity check excludes those.
    """

    content: str
    found: list[Destination] = field(default_factory=list)


def _recorded(state: StateInline, silent: bool, *, rule: Callable[[StateInline, bool], bool], kind: Kind) -> bool:
    start, before = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    spans: Spans | None = None if silent else state.env.get("spans")
    if spans is None or spans.content is not state.src:
        return True
    href = state.src[start : state.pos]
    if kind != "html":
        token = next(token for token in state.tokens[before:] if token.type in {"link_open", "image"})
        if "label" in token.meta:
            return True
        href = str(token.attrs["href" if kind == "link" else "src"])
        start = _destination(state, start, kind)
    spans.found.append(Destination(start=start, href=href, kind=kind))
    return True


def _destination(state: StateInline, start: int, kind: Kind) -> int:
    """Return the position of the destination in the inline link or image at ``start``, inside angle brackets."""
    opening = start if kind == "link" else start + 1
    first: int = state.md.helpers.parseLinkLabel(state, opening, kind == "link") + 2
    while state.src[first] in " \t\n":
        first += 1
    return first + (state.src[first] == "<")


SPANNED_RULES = {
    "link": partial(_recorded, rule=link, kind="link"),
    "image": partial(_recorded, rule=image, kind="image"),
    "html_inline": partial(_recorded, rule=html_inline, kind="html"),
}
"""The rules by the names of the markdown-it rules that they replace."""


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
