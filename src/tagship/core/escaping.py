"""Somebody else's text, made harmless for the Markdown of a step's summary."""

from __future__ import annotations

_SPECIAL = {ord(character): f"&#{ord(character)};" for character in "&<>*_`[]|~#@!:\\"}


def escaped(text: str) -> str:
    """``text`` as Markdown that shows it, line by line, and interprets none of it: no link, mention or table cell."""
    return "<br>".join(line.translate(_SPECIAL) for line in text.splitlines())
