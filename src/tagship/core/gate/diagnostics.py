"""Diagnostics with file and line, parsed from the output of linters, type checkers and test runners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from tagship.core.formatting import plain

_PLACE = r"(?P<file>(?:[A-Za-z]:[\\/])?[^\s:]+?\.pyi?):(?P<line>\d+)"
# mypy and other tools with the format of a compiler: src/a.py:3:5: error: Incompatible types  [assignment]
_COMPILER = re.compile(rf"{_PLACE}:(?:\d+:)? (?P<level>error|warning): (?P<text>.+)")
# ruff (concise), flake8, pylint: src/a.py:3:5: F401 `os` imported but unused
_LINTER = re.compile(rf"{_PLACE}:\d+: (?P<text>[A-Z]+\d+:? .+)")
# ruff (full) prints the rule on one line and the place on the next.
_RULE = re.compile(r"(?P<text>(?:[A-Z]+\d+|invalid-syntax:?) .+)")
_ARROW = re.compile(rf"\s*--> {_PLACE}:\d+")
# pytest prints the error on lines with E, then the place: tests/test_a.py:3: AssertionError
_ERROR = re.compile(r"E   +(?P<text>\S.*)")
_RAISED = re.compile(rf"{_PLACE}: (?P<text>[A-Za-z_][\w.]*)")
# A workflow command of a tool that supports GitHub Actions: ::error file=src/a.py,line=3,title=T::text
_COMMAND = re.compile(r"::(?P<level>error|warning) (?P<properties>[^:]*(?::(?!:)[^:]*)*)::(?P<text>.+)")
_LONGEST = 2000
"""Characters of the longest line that is parsed; longer lines are data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A message of a tool about one place: ``file`` as printed, ``line`` from 1."""

    level: Literal["error", "warning"]
    file: str
    line: int
    text: str


def diagnostics(output: str) -> tuple[Diagnostic, ...]:
    """Return the diagnostics in the output of ruff, mypy, pytest, flake8 and similar tools, in order, each once."""
    return tuple(dict.fromkeys(_diagnostics(output)))


def _diagnostics(output: str) -> Iterator[Diagnostic]:
    above, error = "", ""
    for raw in plain(output).splitlines():
        line = raw.rstrip() if len(raw) <= _LONGEST else ""
        if match := _COMMAND.fullmatch(line):
            yield from _from_command(match)
        elif match := _COMPILER.fullmatch(line) or _LINTER.fullmatch(line):
            yield _diagnostic(match, match["text"])
        elif (match := _ARROW.fullmatch(line)) and above:
            yield _diagnostic(match, above)
        elif match := _RAISED.fullmatch(line):
            name = match["text"]
            yield _diagnostic(match, f"{name}: {error}" if error and name not in error else error or name)
            error = ""
        elif (match := _ERROR.fullmatch(line)) and not error:
            error = match["text"]
        rule = _RULE.fullmatch(line)
        above = rule["text"] if rule else ""


def _diagnostic(match: re.Match[str], text: str) -> Diagnostic:
    warning = "level" in match.re.groupindex and match["level"] == "warning"
    return Diagnostic(level="warning" if warning else "error", file=match["file"], line=int(match["line"]), text=text)


def _from_command(match: re.Match[str]) -> Iterator[Diagnostic]:
    pairs = (part.partition("=") for part in match["properties"].split(","))
    properties = {name.strip(): _unescaped(value) for name, _, value in pairs}
    if properties.get("file") and properties.get("line", "").isdecimal():
        title = properties.get("title")
        text = _unescaped(match["text"])
        yield Diagnostic(
            level="warning" if match["level"] == "warning" else "error",
            file=properties["file"],
            line=int(properties["line"]),
            text=f"{title}: {text}" if title else text,
        )


def _unescaped(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def inside(file: str, *, workspace: str, folder: str) -> str | None:
    """Return ``file``, as printed by a tool that ran in ``folder``, relative to the checkout; None if outside of it.

    ``workspace`` is the absolute path of the checkout, ``folder`` is relative to it; both have forward slashes.
    """
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or re.match(r"[A-Za-z]:", str(path)):
        if not path.is_relative_to(workspace):
            return None
        path = path.relative_to(workspace)
    else:
        path = PurePosixPath(folder) / path
    return None if ".." in path.parts else str(path)
