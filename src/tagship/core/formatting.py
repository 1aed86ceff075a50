"""Text for people: program output, durations and sizes, and foreign text in Markdown and on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def last_lines(output: str, *, lines: int = 20, characters: int = 2000, indent: str = "") -> str:
    """Return the end of a program's ``output`` for a message, each line behind ``indent``.

    Colours, blank edges and trailing spaces are removed. At most ``lines`` lines and ``characters`` characters are
    kept; a cut inside a line is marked with an ellipsis.
    """
    kept = "\n".join(line.rstrip() for line in plain(output).strip().splitlines()[-lines:])
    if len(kept) > characters:
        kept = f"…{kept[-characters:]}"
    return "\n".join(f"{indent}{line}" for line in kept.splitlines())


_ERROR = re.compile(
    r"^E   |^FAILED |^ERROR |\b[A-Z]\w*(?:Error|Exception)\b|\b[Ee]rror:|\*\*\* .*Error|^Traceback ", re.MULTILINE
)


def error_lines(output: str, *, lines: int = 20) -> str:
    """Return the end of ``output``, or the lines up to the last error if only other lines follow it there."""
    rows = plain(output).strip().splitlines()
    last = next((place for place in range(len(rows) - 1, -1, -1) if _ERROR.search(rows[place])), None)
    hidden = last is not None and last < len(rows) - lines
    return last_lines("\n".join(rows[: last + 2] if hidden and last is not None else rows), lines=lines)


def plain(text: str) -> str:
    """Return ``text`` without terminal escape sequences."""
    return _ANSI.sub("", text)


def some(names: Sequence[str], *, shown: int = 5) -> str:
    """Return the first names, separated by commas, and the number of the others."""
    return ", ".join(names[:shown]) + (f" and {len(names) - shown} more" if names[shown:] else "")


def duration(seconds: float) -> str:
    """Return ``seconds`` as ``0.4 s``, ``12 s`` or ``3 min 5 s``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def count(number: int, noun: str) -> str:
    """Return the number with its noun, in the plural unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def human_size(size: int) -> str:
    """Return ``size`` bytes in the largest unit with a number of at least one: ``512 B``, ``1.5 KiB``, ``20.0 MiB``."""
    number, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{size} B" if unit == "B" else f"{number:.1f} {unit}"


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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question about the word in ``known`` that is closest to ``word``; empty if none is close."""
    # Few runs have a misspelt word, and the import is slow.
    import difflib

    spelt = {item.lower(): item for item in known}
    near = difflib.get_close_matches(word.lower().replace("_", "-"), spelt, n=1, cutoff=0.7)
    return f"Did you mean {spelt[near[0]]}?" if near else ""
