"""Escaping of foreign text for the Markdown of a step summary."""

from __future__ import annotations

_SPECIAL = {ord(character): f"&#{ord(character)};" for character in "&<>*_`[]|~#@!:\\"}


def escaped(text: str) -> str:
    """Escape ``text`` as Markdown that shows it literally, without links, mentions or table cells."""
    return "<br>".join(line.translate(_SPECIAL) for line in text.splitlines())
