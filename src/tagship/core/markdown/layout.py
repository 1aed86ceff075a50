"""Blocks of Markdown put together: lists, quotes, GitHub's alerts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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
"""The beginning of a block that is no paragraph, and would not be read below the first line of an alert."""
