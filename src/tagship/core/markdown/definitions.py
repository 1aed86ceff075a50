"""A piece of a Markdown text made whole: what is open at its end closed, what it refers to brought along."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tagship.core.markdown.blocks import parse_blocks, parser
from tagship.core.markdown.inlines import uses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markdown_it.token import Token

    from tagship.core.markdown.blocks import Blocks, Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """The definitions of a text that count, by label, in order. ``targets`` is what markdown-it resolves links by."""

    links: Mapping[str, Definition]
    footnotes: Mapping[str, Definition]
    targets: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, blocks: Blocks) -> Definitions:
        """Return those of a parsed text; of several with one label the first one counts."""
        return cls(
            links=_first_of_each(blocks.definitions),
            footnotes=_first_of_each(blocks.footnotes),
            targets=blocks.env["references"],
        )


def complete(piece: str, known: Definitions) -> str:
    """``piece``, a part of the text that ``known`` is of, with the definitions that it uses and does not hold.

    They follow below it, in the order they have in the text. A definition that differs from one of the same label
    inside ``piece`` goes above, where it counts first, as it does in the text.
    """
    blocks = parse_blocks(piece)
    labels, footnotes = _used(blocks, known)
    held = Definitions.of(blocks)
    links = _ordered(labels, known.links)
    above = [_spelled(item) for item in links if _differs(item, held.links.get(item.label))]
    below = [_spelled(item) for item in links if item.label not in held.links]
    notes = [item.text for item in _ordered(footnotes, known.footnotes) if item.label not in held.footnotes]
    whole = "\n".join(above) + "\n\n" + piece if above else piece
    for group in (below, notes):
        if group:
            whole = put_below(whole, "\n".join(group))
    return whole


def put_below(text: str, addition: str) -> str:
    """``addition`` as blocks of its own below ``text``, out of the reach of whatever is open at the end of ``text``."""
    above = closed(text)
    return f"{above}\n\n{addition}" if above else addition


def closed(text: str) -> str:
    """``text`` without blank lines at its end, and with what is open there closed: fences and blocks of HTML."""
    stripped = text.rstrip(" \t\r\n")
    return f"{stripped}{_closing(stripped)}"


def _used(blocks: Blocks, known: Definitions) -> tuple[set[str], set[str]]:
    """Return the labels of the links and footnotes that ``blocks`` use, and those that these footnotes use in turn."""
    labels: set[str] = set()
    footnotes: set[str] = set()
    waiting = [blocks]
    while waiting:
        more_labels, more_footnotes = _named(waiting.pop(), known)
        labels |= more_labels
        waiting += [
            parse_blocks(known.footnotes[label].text)
            for label in more_footnotes - footnotes
            if label in known.footnotes
        ]
        footnotes |= more_footnotes
    return labels, footnotes


def _named(blocks: Blocks, known: Definitions) -> tuple[set[str], set[str]]:
    env = {"references": {**blocks.env["references"], **known.targets}}
    labels: set[str] = set()
    footnotes: set[str] = set()
    for token in blocks.tokens:
        if token.type == "inline":
            children: list[Token] = []
            parser().inline.parse(token.content, parser(), env, children)
            found = uses(children)
            labels.update(found[0])
            footnotes |= found[1]
    return labels, footnotes


def _ordered(labels: Iterable[str], known: Mapping[str, Definition]) -> list[Definition]:
    return sorted((known[label] for label in labels if label in known), key=lambda item: item.first)


def _spelled(definition: Definition) -> str:
    """Return a link's definition to stand on its own: what is indented this far begins no list, quote or heading."""
    return definition.text.replace("\n", "\n    ")


def _differs(definition: Definition, held: Definition | None) -> bool:
    return held is not None and held.text != definition.text


def _first_of_each(definitions: Iterable[Definition]) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for definition in definitions:
        found.setdefault(definition.label, definition)
    return found


_RAW = {"<script": "</script>", "<pre": "</pre>", "<style": "</style>", "<textarea": "</textarea>"}
_MAY_STAY_OPEN = re.compile(r"^ {0,3}(?:```|~~~|<)", re.MULTILINE)
_MARKUP = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}


def _closing(text: str) -> str:
    """What closes a fence or an HTML block that is open at the end of ``text``, on a line of its own; else nothing."""
    # A carriage return alone ends a line in CommonMark, too.
    text = re.sub(r"\r\n?", "\n", text)
    if not _MAY_STAY_OPEN.search(text):
        return ""
    last = parse_blocks(f"{text}\n\n.").tokens[-1]
    if last.type == "fence":
        return f"\n{last.markup}"
    if last.type == "html_block":
        start = last.content.lstrip(" ").lower()
        return next(
            (f"\n{end}" for opening, end in {**_RAW, **_MARKUP}.items() if start.startswith(opening.lower())), ""
        )
    return ""
