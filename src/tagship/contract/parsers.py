"""Parsers: from the string a workflow gives to the value an action works with.

Each raises ValueError with a sentence that says what was found and what would do; ``reading`` adds the input's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Generic, TypeVar

from tagship.core.versions import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """How one kind of input is read: ``says`` names the kind in tables and help, ``read`` does it."""

    says: str
    read: Callable[[str], T]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never shows in a log: its text is had by ``reveal()`` alone. Empty secrets are false."""

    value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the secret itself, for the one place that sends it."""
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return "***" if self.value else ""


_BOOLEANS: Mapping[str, bool] = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
# git-check-ref-format(1): what no reference name may contain.
_NO_TAG = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/.-]|/\.|[/.]$|\.lock(/|$)|^@$")


def _read_boolean(value: str) -> bool:
    if value not in _BOOLEANS:
        raise ValueError(f"{value!r} is neither true nor false; write one of {', '.join(_BOOLEANS)}")
    return _BOOLEANS[value]


def _read_number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise ValueError(f"{value!r} is no whole number; write digits only, like 4")
    return int(value)


def _read_seconds(value: str) -> float:
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smh]?)", value)
    if match is None:
        raise ValueError(f"{value!r} is no duration; write seconds or a number with s, m or h, like 90, 15m or 1h")
    return float(match[1]) * _UNITS[match[2]]


def _read_lines(value: str) -> tuple[str, ...]:
    return tuple(stripped for line in value.splitlines() if (stripped := line.strip()))


def _read_names(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.split(r"[\s,]+", value.strip()))) if value.strip() else ()


def _read_mapping(value: str) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for line in _read_lines(value):
        name, equals, rest = line.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise ValueError(f"the line {line!r} is not NAME=value; write one variable a line")
        if name in pairs:
            raise ValueError(f"{name} is set twice; keep one of the lines")
        pairs[name] = rest
    return pairs


def _read_tag(value: str) -> Tag:
    if not value:
        raise ValueError("none is named, and no git checkout tells one; write it as it was pushed, like v1.2.0")
    name = value.removeprefix("refs/tags/")
    if not name or _NO_TAG.search(name):
        raise ValueError(f"{value!r} is no name git allows for a tag; write it as it was pushed, like v1.2.0")
    return Tag(name)


def _read_folder(value: str) -> str:
    path = value.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in PurePosixPath(path).parts or "\0" in path:
        raise ValueError(f"{value!r} leads out of the checkout; write a folder inside it, like packages/core")
    return str(PurePosixPath(path or "."))


def _read_prefix(value: str) -> str:
    # An empty value stands for the default, so that no prefix at all has a word of its own.
    return "" if value == "none" else value


text: Parser[str] = Parser("text", str)
prefix: Parser[str] = Parser("text, or `none`", _read_prefix)
boolean: Parser[bool] = Parser("`true` or `false`", _read_boolean)
number: Parser[int] = Parser("a whole number", _read_number)
seconds: Parser[float] = Parser("seconds, or a number with `s`, `m` or `h`", _read_seconds)
lines: Parser[tuple[str, ...]] = Parser("one a line", _read_lines)
names: Parser[tuple[str, ...]] = Parser("names, one a line or between commas", _read_names)
script: Parser[str] = Parser("shell commands, one a line", str)
mapping: Parser[Mapping[str, str]] = Parser("`NAME=value`, one a line", _read_mapping)
tag: Parser[Tag] = Parser("a tag", _read_tag)
folder: Parser[str] = Parser("a path inside the checkout", _read_folder)
secret: Parser[Secret] = Parser("a secret", Secret)


def choice(*words: Word) -> Parser[Word]:
    """Return a parser that takes one of ``words`` as it is spelled, and nothing else."""
    known: dict[str, Word] = {word: word for word in words}

    def read(value: str) -> Word:
        if value not in known:
            raise ValueError(f"{value!r} is none of {', '.join(known)}")
        return known[value]

    return Parser("one of " + ", ".join(f"`{word}`" for word in words), read)
