"""Inline rules of markdown-it that record the positions of destinations and HTML tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from markdown_it.rules_inline import StateInline, html_inline, image, link

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
