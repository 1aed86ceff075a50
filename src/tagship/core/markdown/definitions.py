"""Make an excerpt of a Markdown text complete: close open blocks, and append the definitions that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tagship.core.markdown.blocks import Blocks, Definition, parse_blocks, parse_inline
from tagship.core.markdown.inlines import uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """The effective definitions of a text by label, in order. ``targets`` is markdown-it's map of references."""

    links: Mapping[str, Definition]
    footnotes: Mapping[str, Definition]
    targets: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, blocks: Blocks) -> Definitions:
        """Collect the definitions of a parsed text; the first one of a label counts."""
        return cls(
            links=_first_of_each(blocks.definitions),
            footnotes=_first_of_each(blocks.footnotes),
            targets=blocks.env["references"],
        )


def complete(piece: str, known: Definitions) -> str:
    """Append the definitions from ``known`` that ``piece``, an excerpt, uses but does not contain.

    They keep the order of the whole text. A definition that differs from one of the same label inside ``piece`` is put
    above it, to count first as in the whole text.
    """
    blocks = parse_blocks(piece)
    labels, footnotes = _used(blocks, known)
    held = Definitions.of(blocks)
    links = _ordered(labels, known.links)
    above = [_spelled(item) for item in links if item.text != held.links.get(item.label, item).text]
    below = [_spelled(item) for item in links if item.label not in held.links]
    notes = [item.text for item in _ordered(footnotes, known.footnotes) if item.label not in held.footnotes]
    whole = "\n".join(above) + "\n\n" + piece if above else piece
    for group in (below, notes):
        if group:
            whole = put_below(whole, "\n".join(group))
    return whole


def put_below(text: str, addition: str) -> str:
    """Append ``addition`` to ``text`` as separate blocks, after closing the blocks that are open at its end."""
    above = closed(text)
    return f"{above}\n\n{addition}" if above else addition


def closed(text: str) -> str:
    """Close the fence or HTML block that is open at the end of ``text``; trailing blank lines are removed."""
    stripped = text.rstrip(" \t\r\n")
    return f"{stripped}{_closing(stripped)}"


def _used(blocks: Blocks, known: Definitions) -> tuple[set[str], set[str]]:
    """Return the labels of the links and footnotes in ``blocks``, and of those in the footnotes themselves."""
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
            used, notes = uses(parse_inline(token.content, env))
            labels.update(used)
            footnotes |= notes
    return labels, footnotes


def _ordered(labels: Iterable[str], known: Mapping[str, Definition]) -> list[Definition]:
    return sorted((known[label] for label in labels if label in known), key=lambda item: item.first)


def _spelled(definition: Definition) -> str:
    """Indent the continuation lines of a link definition so that they cannot start a list, quote or heading."""
    return definition.text.replace("\n", "\n    ")


def _first_of_each(definitions: Sequence[Definition]) -> dict[str, Definition]:
    return {definition.label: definition for definition in reversed(definitions)}


_MAY_STAY_OPEN = re.compile(r"^ {0,3}(?:```|~~~|<)", re.MULTILINE)
_CLOSING = {
    **{f"<{tag}": f"</{tag}>" for tag in ("script", "pre", "style", "textarea")},
    "<!--": "-->",
    "<?": "?>",
    "<![cdata[": "]]>",
    "<!": ">",
}
"""The ends of the HTML blocks that a blank line does not end, by their beginnings in lower case."""


def _closing(text: str) -> str:
    """Return the line that closes a fence or HTML block open at the end of ``text``, or an empty string."""
    # A lone carriage return is a line end in CommonMark.
    text = re.sub(r"\r\n?", "\n", text)
    if not _MAY_STAY_OPEN.search(text):
        return ""
    last = parse_blocks(f"{text}\n\n.").tokens[-1]
    if last.type == "fence":
        return f"\n{last.markup}"
    start = last.content.lstrip(" ").lower()
    return next((f"\n{end}" for opening, end in _CLOSING.items() if start.startswith(opening)), "")
