"""Text, code, links and blocks spelled as Markdown that shows them and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

_SPECIAL = re.compile(r"[\\`*\[<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|!$|(?<=\w):(?=//)|(?<![^\W_])www(?=\.)")


def escape(text: str) -> str:
    """Return ``text`` with everything escaped that would be markup inside a line, bare addresses among it."""
    return _SPECIAL.sub(lambda match: "www\\" if match[0] == "www" else f"\\{match[0]}", text)


_LINE_START = re.compile(
    r"^(?:([-+])(?=\s|$)|(\d{1,9})([.)])(?=\s|$)|(\#{1,6})(?=\s|$)|(>)|([=-])(?=[=\- \t]*$)|(:)(?=-))", re.MULTILINE
)


def escape_starts(text: str) -> str:
    """Return ``text``, the content of a paragraph, with what would begin another block at a line's start escaped."""
    return _LINE_START.sub(lambda match: f"{match[2]}\\{match[3]}" if match[2] else f"\\{match[0]}", text)


def code_span(text: str) -> str:
    """Return ``text`` as code on one line; nothing if it is blank."""
    content = " ".join(text.split())
    if not content:
        return ""
    fence = "`" * (max(map(len, re.findall(r"`+", content)), default=0) + 1)
    pad = " " if content[0] == "`" or content[-1] == "`" else ""
    return f"{fence}{pad}{content}{pad}{fence}"


def destination(url: str) -> str:
    """Return ``url`` as the destination of a link or picture."""
    encoded = re.sub(r"[\s\0-\x1f\x7f()<>\\`|\"]", lambda match: quote(match[0], safe=""), url.replace("\n", ""))
    return re.sub(r"&(?=[#\w]+;)", "&amp;", encoded) or "#"


def link(label: str, url: str) -> str:
    """Return a link whose text is ``label``, which is Markdown."""
    return f"[{closed_brackets(label)}]({destination(url)})"


_BRACKET = re.compile(r"\\.|(`+)(?!`).*?(?<!`)\1(?!`)|!?\[(?:[^\[\]\\]|\\.)*\]\([^()]*\)|(?P<bracket>\])", re.DOTALL)


def closed_brackets(label: str) -> str:
    """Return the Markdown ``label`` with no bracket that would end the text of a link around it."""
    return _BRACKET.sub(lambda match: "\\]" if match["bracket"] else match[0], label)


def item_list(items: Iterable[tuple[str, Sequence[str]]], *, tight: bool) -> str:
    """Return a list of ``items``, each a marker and blocks. In a ``tight`` one no blank lines are between them."""
    separator = "\n" if tight else "\n\n"
    return separator.join(
        f"{marker} {indented(separator.join(blocks), len(marker) + 1)}".rstrip() for marker, blocks in items
    )


def indented(text: str, width: int) -> str:
    """Return ``text`` with all its lines but the first one and blank ones indented."""
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


def quoted(blocks: Sequence[str]) -> str:
    """Return ``blocks`` as a quote."""
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n")) if blocks else ""


_KINDS = {
    **dict.fromkeys(("tip", "hint", "success", "check", "done"), "TIP"),
    "important": "IMPORTANT",
    **dict.fromkeys(("warning", "attention"), "WARNING"),
    **dict.fromkeys(("caution", "danger", "error", "failure", "fail", "missing", "bug"), "CAUTION"),
}
"""GitHub's alert for the name of an admonition; for all other names that is a note."""


def alert(name: str, title: str, content: Sequence[str], *, nested: bool) -> str:
    """Return the admonition ``name`` as an alert; as a quote if it is ``nested``, as GitHub has alerts at the top only.

    ``title`` is Markdown. If it is empty, the name is the title, which alerts of the same name show by themselves.
    """
    kind = _KINDS.get(name, "NOTE")
    label = title or ("" if name.upper() == kind and not nested else f"**{name.capitalize()}**")
    blocks = [block for block in (label, *content) if block]
    if nested:
        return quoted(blocks)
    first = blocks[0] if blocks and not _BLOCK.match(blocks[0]) else ""
    return quoted([f"[!{kind}]\n{first}".rstrip(), *blocks[bool(first) :]])


_BLOCK = re.compile(r"```|>|[-*] |\d+[.)] |\||#")
"""The beginning of a block other than a paragraph, which would not be read below the first line of an alert."""
