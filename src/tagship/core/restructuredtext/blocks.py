"""The blocks at the left margin of a reStructuredText document, found as docutils finds them, but without docutils.

The rules are those of ``docutils.parsers.rst.states`` (0.22 and later). Only the ends of blocks are looked for: content
that is indented, or inside a paragraph or a table, contains no section title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["title", "transition", "text", "explicit", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines from ``first`` to ``end``, counted from 0, the end not included.

    A title has the ``line`` of its text, its ``level`` from 1 on, its ``text`` as it is in the source, and the
    characters around it as its ``style``. An ``explicit`` block begins with ``..`` or ``__``.
    """

    kind: Kind
    first: int
    end: int
    line: int = 0
    level: int = 0
    text: str = ""
    style: str = ""


def source_lines(text: str) -> list[str]:
    """Return the lines of ``text`` as docutils sees them: tabs expanded, no white space at the end."""
    # A null character is docutils' own mark of an escape; Markdown shows it as this one.
    flat = re.sub(r"[\v\f]", " ", text.removeprefix("\ufeff")).replace("\0", "\ufffd")
    return [line.expandtabs(8).rstrip() for line in flat.splitlines()]


def read_blocks(lines: Sequence[str], unmarked: Callable[[str, str], str] = lambda *_: "") -> list[Block]:
    """Return the blocks of a document, in order. Titles that docutils refuses, by their level, are ``other`` blocks.

    ``unmarked`` returns the title in a line that begins a block and is not underlined, given it and the next line; by
    default none, like docutils. Such titles have an empty ``style``.
    """
    found: list[Block] = []
    styles: list[str] = []
    level = position = 0
    while position < len(lines):
        if not lines[position]:
            position += 1
            continue
        block = _read(lines, position, unmarked)
        if block.kind == "title":
            known = styles if block.style in styles else [*styles, block.style]
            wanted = known.index(block.style) + 1
            if wanted > level + 1 and block.style:
                block = replace(block, kind="other")
            else:
                styles, level = known, wanted
                block = replace(block, level=wanted)
        found.append(block)
        position = max(block.end, position + 1)
    return found


_LINE = re.compile(r"([!-/:-@\[-`{-~])\1* *$")


def _read(lines: Sequence[str], first: int, unmarked: Callable[[str, str], str]) -> Block:
    """Return the block that begins at the line ``first``."""
    line = lines[first]
    if line[0] == " ":
        return _other(first, _indented_end(lines, first))
    if not line[0].isalpha() or line[1:2] in {".", ")"}:
        for pattern, reader in _READERS:
            if match := pattern.match(line):
                found = reader(lines, first, match)
                if found is not None:
                    return found
    block, following = _text(lines, first), lines[first + 1] if first + 1 < len(lines) else ""
    title = unmarked(line, following) if block.kind != "title" else ""
    return _title(first, first + 1, first, title, "") if title else block


def _other(first: int, end: int) -> Block:
    return Block(kind="other", first=first, end=end)


def _end(lines: Sequence[str], first: int, belongs: Callable[[str], bool]) -> int:
    """Return the first line from ``first`` on that does not belong to a block."""
    return next((number for number in range(first, len(lines)) if not belongs(lines[number])), len(lines))


def _indented_end(lines: Sequence[str], first: int) -> int:
    """Return the line below the indented and blank lines that begin at ``first``."""
    return _end(lines, first, lambda line: line[:1] in {"", " "})


def _text_end(lines: Sequence[str], first: int) -> int:
    """Return the line at which a run of lines that are neither blank nor indented ends."""
    return _end(lines, first, lambda line: line[:1] not in {"", " "})


def _item(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    """Read an item whose body is what is indented below it."""
    return _other(first, _indented_end(lines, first + 1))


def _enumerated(lines: Sequence[str], first: int, mark: re.Match[str]) -> Block | None:
    """Read an item of a numbered list, unless the next line shows that it is ordinary text."""
    following = lines[first + 1] if first + 1 < len(lines) else ""
    if following and following[0] != " ":
        other = _ENUMERATOR.match(following)
        if other is None or mark.lastgroup != other.lastgroup or not _follows(mark[1], other[1]):
            return None
    return _item(lines, first, mark)


def _follows(one: str, other: str) -> bool:
    """Return True if ``other`` is the enumerator after ``one``, both with their punctuation."""
    before, after = one.strip("(.)"), other.strip("(.)")
    if after == "#":
        return True
    if before.isdecimal() and after.isdecimal():
        return int(after) == int(before) + 1
    # Which Roman numeral follows is not looked at: two lines that begin with numerals are a list.
    return len(before) > 1 or len(after) > 1 or ord(after) == ord(before) + 1


def _option(lines: Sequence[str], first: int, mark: re.Match[str]) -> Block | None:
    end = _indented_end(lines, first + 1)
    described = lines[first][mark.end() :].strip() or any(lines[first + 1 : end])
    return _other(first, end) if described else None


def _quoted(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    """Read a doctest, which ends at a blank line."""
    return _other(first, _end(lines, first, bool))


def _line_block(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    return _other(first, _end(lines, first + 1, lambda line: line.startswith(" ")))


_GRID = re.compile(r"\+-[-+]+-\+ *$")
_BORDER = re.compile(r"=+[ =]*$")


def _grid_table(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    end = last = _text_end(lines, first)
    end = next((number for number in range(first, end) if lines[number][0] not in "+|"), end)
    if not _GRID.match(lines[end - 1]):
        end = next((number + 1 for number in range(end - 2, first + 1, -1) if _GRID.match(lines[number])), last)
    return _other(first, end)


def _simple_table(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    """Read a table between rules of equals signs; its second rule, or one above a blank line, ends it."""
    found = 0
    last = len(lines)
    for number in range(first + 1, len(lines)):
        if not _BORDER.match(lines[number]):
            continue
        found += 1
        last = number + 1
        at_end = last == len(lines) or not lines[last].strip()
        if len(lines[number].strip()) != len(lines[first]) or found == 2 or at_end:
            break
    return _other(first, last)


def _explicit(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    return Block(kind="explicit", first=first, end=_indented_end(lines, first + 1))


def _line(lines: Sequence[str], first: int, _: re.Match[str]) -> Block | None:
    """Read a line of punctuation: a transition, the line above a title, or ordinary text if it is short."""
    over, second, third = (*lines[first : first + 3], "", "")[:3]
    short = len(over) < 4
    if not second:
        return None if short else Block(kind="transition", first=first, end=first + 1)
    if second[0] != " " and _LINE.match(second):
        return None if short else _other(first, first + 2)
    if first + 2 >= len(lines):
        return None if short else _other(first, first + 2)
    if short and (over != third or _width(second) > len(over)):
        return None
    if over != third:
        return _other(first, first + 3)
    return _title(first, first + 3, first + 1, second.strip(), over[0] * 2)


def _title(first: int, end: int, line: int, text: str, style: str) -> Block:
    return Block(kind="title", first=first, end=end, line=line, text=text, style=style)


_LITERAL = re.compile(r"(?<!\\)(?:\\\\)*::$")


def _text(lines: Sequence[str], first: int) -> Block:
    """Read a title by its underline, a definition, or a paragraph with the literal block that ``::`` announces."""
    line, following = lines[first], lines[first + 1] if first + 1 < len(lines) else ""
    if following.startswith(" "):
        return _other(first, _indented_end(lines, first + 1))
    if _LINE.match(following) and (len(following) >= 4 or _width(line) <= len(following)):
        return _title(first, first + 2, first, line, following[0])
    end = _text_end(lines, first)
    literal = _literal_end(lines, end) if _LITERAL.search(lines[end - 1]) else end
    return Block(kind="text" if literal == end else "other", first=first, end=literal)


def _literal_end(lines: Sequence[str], end: int) -> int:
    start = _end(lines, end, lambda line: not line)
    if start == len(lines):
        return end
    quote = lines[start][0]
    if quote == " ":
        return _indented_end(lines, start)
    if not _LINE.match(quote):
        return end
    return _end(lines, start, lambda line: line.startswith(quote))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in {"W", "F"} for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)


_NUMERAL = r"(?:[0-9]+|[a-z]|[A-Z]|[ivxlcdm]+|[IVXLCDM]+|#)"
_ENUMERATOR = re.compile(
    rf"(?=(\S+))(?:(?P<parens>\({_NUMERAL}\))|(?P<rparen>{_NUMERAL}\))|(?P<period>{_NUMERAL}\.))(?: +|$)"
)
_ARGUMENT = r"(?:[a-zA-Z][a-zA-Z0-9_-]*|<[^<>]+>)"
_OPTION = rf"(?:[-+][a-zA-Z0-9](?: ?{_ARGUMENT})?|(?:--|/)[a-zA-Z0-9][a-zA-Z0-9_-]*(?:[ =]{_ARGUMENT})?)"

_READERS: tuple[tuple[re.Pattern[str], Callable[[Sequence[str], int, re.Match[str]], Block | None]], ...] = (
    (re.compile(r"[-+*\u2022\u2023\u2043](?: +|$)"), _item),
    (_ENUMERATOR, _enumerated),
    (re.compile(r":(?![: ])(?:[^:\\]|\\.|:(?!(?:[ `]|$)))*(?<! ):(?: +|$)"), _item),
    (re.compile(rf"{_OPTION}(?:, {_OPTION})*(?:  +| ?$)"), _option),
    (re.compile(r">>>(?: +|$)"), _quoted),
    (re.compile(r"\|(?: +|$)"), _line_block),
    (_GRID, _grid_table),
    (re.compile(r"=+(?: +=+)+ *$"), _simple_table),
    (re.compile(r"(?:\.\.|__)(?: +|$)"), _explicit),
    (_LINE, _line),
)
"""What a block may begin with, in the order in which docutils tries it."""
