"""Inline rules of markdown-it that record the positions of destinations and HTML tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from markdown_it.rules_inline import html_inline, image, link

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_inline import StateInline

Kind = Literal["link", "image"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A range of inline content: the destination of a link or image with its ``href``, or an HTML tag."""

    start: int
    end: int
    kind: Kind | Literal["html"]
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """The spans that the rules find in ``content``; pass it as ``spans`` in ``env``.

    markdown-it parses the text of an image separately, with its own positions; an identity check excludes those.
    """

    content: str
    found: list[Span] = field(default_factory=list)


def _spanned_link(state: StateInline, silent: bool) -> bool:
    return _recorded(state, silent, link, "link")


def _spanned_image(state: StateInline, silent: bool) -> bool:
    return _recorded(state, silent, image, "image")


def _recorded(state: StateInline, silent: bool, rule: Callable[[StateInline, bool], bool], kind: Kind) -> bool:
    start, before = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    spans = _spans(state, silent)
    if spans is not None:
        token = next(token for token in state.tokens[before:] if token.type in {"link_open", "image"})
        if "label" not in token.meta:
            href = token.attrs["href" if kind == "link" else "src"]
            first, end = _destination(state, start, kind)
            spans.found.append(Span(start=first, end=end, kind=kind, href=str(href)))
    return True


def _destination(state: StateInline, start: int, kind: Kind) -> tuple[int, int]:
    """Return the range of the destination in the inline link or image at ``start``, inside angle brackets."""
    opening = start if kind == "link" else start + 1
    first = state.md.helpers.parseLinkLabel(state, opening, kind == "link") + 2
    while state.src[first] in " \t\n":
        first += 1
    bracket = state.src[first] == "<"
    return first + bracket, state.md.helpers.parseLinkDestination(state.src, first, state.posMax).pos - bracket


def _spanned_html(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not html_inline(state, silent):
        return False
    spans = _spans(state, silent)
    if spans is not None:
        spans.found.append(Span(start=start, end=state.pos, kind="html"))
    return True


def _spans(state: StateInline, silent: bool) -> Spans | None:
    spans = None if silent else state.env.get("spans")
    return spans if spans is not None and spans.content is state.src else None


SPANNED_RULES = {"link": _spanned_link, "image": _spanned_image, "html_inline": _spanned_html}
"""The rules by the names of the markdown-it rules that they replace."""
