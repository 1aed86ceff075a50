"""Parsers: from the text of an input to the value that an action works with.

Each raises ValueError with the rejected value and a valid example; ``reading`` adds the input's name.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from tagship.core.formatting import did_you_mean
from tagship.core.versions import BAD_NAME, Tag

T = TypeVar("T")
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """A kind of input: its name ``says`` in tables and help, ``read`` to parse a text, and its words if it has few.

    With ``blank`` an empty text is a value; otherwise it selects the default.
    """

    says: str
    read: Callable[[str], T]
    choices: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never appears in a log: only ``reveal()`` returns its text. Empty secrets are false."""

    value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the secret itself, for the code that sends it."""
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return "***" if self.value else ""


_BOOLEANS = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def _one_of(meanings: Mapping[str, T], words: Sequence[str]) -> Callable[[str], T]:
    """Return a reader of the keys of ``meanings``, whose message shows ``words``."""

    def read(value: str) -> T:
        if value not in meanings:
            raise ValueError(f"{value!r} is not one of {', '.join(words)}. {did_you_mean(value, words)}".rstrip(". "))
        return meanings[value]

    return read


def _read_seconds(value: str) -> float:
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smh]?)", value)
    if match is None:
        raise ValueError(
            f"{value!r} is not a duration; use seconds or a number with s, m or h, for example 90, 15m or 1h"
        )
    return float(match[1]) * _UNITS[match[2]]


def _read_lines(value: str) -> tuple[str, ...]:
    return tuple(stripped for line in value.splitlines() if (stripped := line.strip()))


def _read_lines_or_none(value: str) -> tuple[str, ...]:
    return () if value.strip() == "none" else _read_lines(value)


def _read_names(value: str) -> tuple[str, ...]:
    names = re.split(r"[\s,]+", value)
    if value.lstrip().startswith("["):
        with contextlib.suppress(ValueError):
            names = [str(name) for name in json.loads(value)]
    return tuple(dict.fromkeys(filter(None, names)))


def _read_mapping(value: str) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for line in _read_lines(value):
        name, equals, rest = line.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise ValueError(f"line {line!r} is not NAME=value; set one variable per line")
        if name in pairs:
            raise ValueError(f"{name} is set twice; remove one of the lines")
        pairs[name] = rest
    return pairs


def _read_tag(value: str) -> Tag:
    if not value:
        raise ValueError("no tag is set, and none was found in a git checkout; set the pushed tag, for example v1.2.0")
    name = value.removeprefix("refs/tags/")
    if BAD_NAME.search(name):
        raise ValueError(f"{value!r} is not a valid git tag name; set the pushed tag, for example v1.2.0")
    return Tag(name)


def _read_folder(value: str) -> str:
    path = value.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in PurePosixPath(path).parts or "\0" in path:
        raise ValueError(f"{value!r} is outside the checkout; use a path inside it, for example packages/core")
    return str(PurePosixPath(path or "."))


def _read_repository(value: str) -> str:
    if not value:
        raise ValueError("no repository is set, and none was found in a git remote; set it, for example octo/hello")
    if not re.fullmatch(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", value):
        raise ValueError(f"{value!r} is not OWNER/NAME; set it, for example octo/hello")
    return value


def _read_prefix(value: str) -> str:
    # An empty value selects the default, so the absence of a prefix needs a word of its own.
    return "" if value == "none" else value


text: Parser[str] = Parser("text", str)
prefix: Parser[str] = Parser("text, or `none` for no prefix", _read_prefix)
boolean: Parser[bool] = Parser("`true` or `false`", _one_of(_BOOLEANS, ("true", "false")))
tristate: Parser[bool | None] = Parser(
    "one of `auto`, `true`, `false`",
    _one_of({"auto": None, **_BOOLEANS}, ("auto", "true", "false")),
    ("auto", "true", "false"),
)
seconds: Parser[float] = Parser("duration: seconds, or a number with `s`, `m` or `h`", _read_seconds)
lines: Parser[tuple[str, ...]] = Parser("newline-separated list", _read_lines)
lines_or_none: Parser[tuple[str, ...]] = Parser(
    "newline-separated list, `none` or empty", _read_lines_or_none, blank=True
)
names: Parser[tuple[str, ...]] = Parser("list separated by newlines or commas", _read_names)
script: Parser[str] = Parser("newline-separated list of shell commands", str)
mapping: Parser[Mapping[str, str]] = Parser("newline-separated list of `NAME=value`", _read_mapping)
tag: Parser[Tag] = Parser("tag", _read_tag)
folder: Parser[str] = Parser("path relative to the repository root", _read_folder)
repository: Parser[str] = Parser("`OWNER/NAME`", _read_repository)
secret: Parser[Secret] = Parser("secret", Secret)


def optional(parser: Parser[Word]) -> Parser[Word | str]:
    """Return a parser that also accepts an empty text."""
    return Parser(parser.says, lambda value: parser.read(value) if value else "")


def number(low: int = 0, high: int | None = None) -> Parser[int]:
    """Return a parser of whole numbers from ``low`` to ``high``, which is unlimited if None."""
    bounds = f"of at least {low}" if high is None else f"from {low} to {high}"

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", value):
            raise ValueError(f"{value!r} is not a whole number; use digits only, for example {max(low, 4)}")
        if int(value) < low or (high is not None and int(value) > high):
            raise ValueError(f"{value} is not a whole number {bounds}")
        return int(value)

    return Parser(f"whole number {bounds}" if (low, high) != (0, None) else "whole number", read)


def choice(*words: Word) -> Parser[Word]:
    """Return a parser that accepts exactly ``words``."""
    known: dict[str, Word] = {word: word for word in words}
    return Parser("one of " + ", ".join(f"`{word}`" for word in words), _one_of(known, words), words)


def as_flag(parser: Parser[T]) -> Callable[[str], T]:
    """Return ``parser`` as the type of a flag of argparse."""

    def read(value: str) -> T:
        try:
            return parser.read(value)
        except ValueError as error:
            # On a runner nothing needs argparse.
            from argparse import ArgumentTypeError

            raise ArgumentTypeError(error) from error

    return read
