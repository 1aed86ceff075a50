"""Find the destination of every link and image in a Markdown text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it.helpers import parseLinkDestination

from tagship.core.markdown.blocks import Blocks, Definition, parser
from tagship.core.markdown.inlines import inlines, uses
from tagship.core.markdown.spans import Destination, Kind


def destinations(blocks: Blocks) -> Iterator[Destination]:
    """Yield the destinations in ``blocks``: inline links and images, definitions, and the attributes of HTML tags.

    Their offsets are those in the source.
    """
    images: set[str] = set()
    for inline in inlines(blocks):
        images.update(label for label, kind in uses(inline.children)[0].items() if kind == "image")
        for span in inline.spans:
            for found in _attributes(span.href, span.start) if span.kind == "html" else (span,):
                start = inline.offset(found.start)
                if start is not None:
                    yield replace(found, start=start)
    for definition in blocks.definitions:
        yield from _definition(definition, "image" if definition.label in images else "link")
    for token in blocks.tokens:
        if token.type == "html_block" and token.map:
            start = blocks.begin(token.map[0])
            yield from _attributes(blocks.text[start : blocks.begin(token.map[1])], start)


_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t\n]*", re.DOTALL)


def _definition(definition: Definition, kind: Kind) -> Iterator[Destination]:
    match = _LABEL.match(definition.text)
    if match is None:
        return
    found = parseLinkDestination(definition.text, match.end(), len(definition.text))
    line = definition.text.count("\n", 0, match.end())
    column = match.end() - definition.text.rfind("\n", 0, match.end()) - 1
    start = definition.starts[line] + column + definition.text.startswith("<", match.end())
    yield Destination(start=start, href=parser().normalizeLink(found.str), kind=kind)


_TAG = re.compile(r"<(a|area|img|source|video|audio|track)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])(href|src|poster|srcset)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CANDIDATE = re.compile(r"(?:^|,)\s*([^\s,]+)")


def _attributes(text: str, offset: int) -> Iterator[Destination]:
    """Yield the destinations in the HTML tags of ``text``, which begins at ``offset``; none in comments."""
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
                yield Destination(start=offset + start + first, href=href, kind=kind)
