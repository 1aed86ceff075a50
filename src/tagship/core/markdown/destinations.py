"""Find the destination of every link and image in a Markdown text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.helpers import parseLinkDestination

from tagship.core.markdown.blocks import parser
from tagship.core.markdown.inlines import inlines, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.markdown.blocks import Blocks, Definition
    from tagship.core.markdown.inlines import Inline
    from tagship.core.markdown.spans import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """The destination ``href`` of a link or image, with escapes and entities resolved.

    ``start`` and ``end`` are its offsets in the source, without surrounding angle brackets or quotes.
    """

    start: int
    end: int
    href: str
    kind: Kind


def destinations(blocks: Blocks) -> Iterator[Destination]:
    """Yield the destinations in ``blocks``: inline links and images, definitions, and the attributes of HTML tags."""
    kinds: dict[str, str] = {}
    for inline in inlines(blocks):
        for label, kind in uses(inline.children)[0].items():
            kinds[label] = "image" if "image" in {kind, kinds.get(label)} else "link"
        yield from _inline(inline)
    for definition in blocks.definitions:
        yield from _definition(definition, "image" if kinds.get(definition.label) == "image" else "link")
    for token in blocks.tokens:
        if token.type == "html_block" and token.map:
            start = blocks.begin(token.map[0])
            for found in _attributes(blocks.text[start : blocks.begin(token.map[1])]):
                yield replace(found, start=start + found.start, end=start + found.end)


def _inline(inline: Inline) -> Iterator[Destination]:
    for span in inline.spans:
        if span.kind == "html":
            found = list(_attributes(inline.token.content[span.start : span.end]))
            found = [replace(item, start=span.start + item.start, end=span.start + item.end) for item in found]
        else:
            found = [Destination(start=span.start, end=span.end, href=span.href, kind=span.kind)]
        for item in found:
            start, end = inline.offset(item.start), inline.offset(item.end)
            if start is not None and end is not None:
                yield replace(item, start=start, end=end)


_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t\n]*", re.DOTALL)


def _definition(definition: Definition, kind: Kind) -> Iterator[Destination]:
    match = _LABEL.match(definition.text)
    if match is None:
        return
    found = parseLinkDestination(definition.text, match.end(), len(definition.text))
    line = definition.text.count("\n", 0, match.end())
    column = match.end() - definition.text.rfind("\n", 0, match.end()) - 1
    start = definition.starts[line] + column
    bracket = definition.text.startswith("<", match.end())
    yield Destination(
        start=start + bracket,
        end=start + found.pos - match.end() - bracket,
        href=parser().normalizeLink(found.str),
        kind=kind,
    )


_TAG = re.compile(r"<(a|area|img|source|video|audio|track)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])(href|src|poster|srcset)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CANDIDATE = re.compile(r"(?:^|,)\s*([^\s,]+)")


def _attributes(text: str) -> Iterator[Destination]:
    """Yield the destinations in the HTML tags of ``text``, with offsets in ``text``; none in comments."""
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    for tag in _TAG.finditer(text):
        kind: Kind = "link" if tag[1].lower() in {"a", "area"} else "image"
        for attribute in _ATTRIBUTE.finditer(text, tag.start(2), tag.end(2)):
            quoted = attribute[2][0] in "\"'"
            start = attribute.start(2) + quoted
            value = text[start : attribute.end(2) - quoted]
            several = attribute[1].lower() == "srcset"
            words = [word.span(1) for word in _CANDIDATE.finditer(value)] if several else [(0, len(value))]
            for first, last in words:
                href = html.unescape(value[first:last])
                yield Destination(start=start + first, end=start + last, href=href, kind=kind)
