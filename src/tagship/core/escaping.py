"""Escaping of foreign text for the Markdown of a step summary, and for a terminal."""

from __future__ import annotations

import re

_SPECIAL = {ord(character): f"&#{ord(character)};" for character in "&<>*_`[]|~#@!:$\\"}

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def without_controls(text: str) -> str:
    """Replace the characters that control a terminal or the direction of the text, except tabs and line feeds."""
    return _CONTROL.sub("�", text)


def prose(text: str) -> str:
    """Escape ``text``, except that its parts in backticks become code."""
    parts = re.split(r"`([^`\n]+)`", text)
    return "".join(f"<code>{escaped(part)}</code>" if place % 2 else escaped(part) for place, part in enumerate(parts))


def escaped(text: str) -> str:
    """Escape ``text`` as Markdown that shows it literally, without links, mentions, formulas or table cells."""
    lines = (without_controls(line).translate(_SPECIAL) for line in text.splitlines())
    # GitHub links www. without a scheme.
    return "<br>".join(re.sub(r"(?i)\bwww\.", lambda match: f"{match[0][:-1]}&#46;", line) for line in lines)
