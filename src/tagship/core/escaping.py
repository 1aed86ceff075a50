"""Escaping of foreign text for the Markdown of a step summary."""

from __future__ import annotations

import re

_SPECIAL = {ord(character): f"&#{ord(character)};" for character in "&<>*_`[]|~#@!:\\"}


def prose(text: str) -> str:
    """Escape ``text``, except that its parts in backticks become code."""
    parts = re.split(r"`([^`\n]+)`", text)
    return "".join(f"<code>{escaped(part)}</code>" if place % 2 else escaped(part) for place, part in enumerate(parts))


def escaped(text: str) -> str:
    """Escape ``text`` as Markdown that shows it literally, without links, mentions or table cells."""
    return "<br>".join(line.translate(_SPECIAL) for line in text.splitlines())
