"""The places in the sources that checks complain about, read from what they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from tagship.core.gate.reports import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE = r"(?P<file>(?:[A-Za-z]:[\\/])?[^\s:]+?\.pyi?):(?P<line>\d+)"
# mypy, and everything that writes like a compiler: src/a.py:3:5: error: Incompatible types  [assignment]
_COMPILER = re.compile(rf"{_PLACE}:(?:\d+:)? (?P<level>error|warning): (?P<text>.+)")
# ruff (concise), flake8, pylint: src/a.py:3:5: F401 `os` imported but unused
_LINTER = re.compile(rf"{_PLACE}:\d+: (?P<text>[A-Z]+\d+:? .+)")
# ruff (full) names the rule on one line and the place on the next.
_RULE = re.compile(r"(?P<text>(?:[A-Z]+\d+|invalid-syntax:?) .+)")
_ARROW = re.compile(rf"\s*--> {_PLACE}:\d+")
# pytest ends a traceback with the place, below lines that say what was wrong: tests/test_a.py:3: AssertionError
_SAID = re.compile(r"E   +(?P<text>\S.*)")
_RAISED = re.compile(rf"{_PLACE}: (?P<text>[A-Za-z_][\w.]*)")
# What tools print for GitHub: ::error file=src/a.py,line=3,title=T::text
_COMMAND = re.compile(r"::(?P<level>error|warning) (?P<properties>[^:]*(?::(?!:)[^:]*)*)::(?P<text>.+)")
_LONGEST = 2000
"""Characters of a line that is looked at: longer ones are data, not complaints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A complaint at a place: ``file`` as the tool spelled it, ``line`` from 1."""

    level: Literal["error", "warning"]
    file: str
    line: int
    text: str


def findings(output: str) -> tuple[Finding, ...]:
    """Return the complaints in what ruff, mypy, pytest, flake8 and their like printed, each once, in order."""
    return tuple(dict.fromkeys(_findings(output)))


def _findings(output: str) -> Iterator[Finding]:
    above, said = "", ""
    for raw in plain(output).splitlines():
        line = raw.rstrip() if len(raw) <= _LONGEST else ""
        if match := _COMMAND.fullmatch(line):
            yield from _from_command(match)
        elif match := _COMPILER.fullmatch(line) or _LINTER.fullmatch(line):
            yield _finding(match, match["text"])
        elif (match := _ARROW.fullmatch(line)) and above:
            yield _finding(match, above)
        elif match := _RAISED.fullmatch(line):
            yield _finding(
                match, f"{match['text']}: {said}" if said and match["text"] not in said else said or match["text"]
            )
            said = ""
        elif (match := _SAID.fullmatch(line)) and not said:
            said = match["text"]
        rule = _RULE.fullmatch(line)
        above = rule["text"] if rule else ""


def _finding(match: re.Match[str], text: str) -> Finding:
    warning = "level" in match.re.groupindex and match["level"] == "warning"
    return Finding(level="warning" if warning else "error", file=match["file"], line=int(match["line"]), text=text)


def _from_command(match: re.Match[str]) -> Iterator[Finding]:
    pairs = (part.partition("=") for part in match["properties"].split(","))
    properties = {name.strip(): _unescaped(value) for name, _, value in pairs}
    if properties.get("file") and properties.get("line", "").isdecimal():
        title = properties.get("title")
        text = _unescaped(match["text"])
        yield Finding(
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
    """Return the path from the top of the checkout of a file that a tool named from ``folder`` in it, or None if
    outside.

    ``workspace`` is the checkout's absolute path; all three are spelled with forward slashes.
    """
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or re.match(r"[A-Za-z]:", str(path)):
        if not path.is_relative_to(workspace):
            return None
        path = path.relative_to(workspace)
    else:
        path = PurePosixPath(folder) / path
    return None if ".." in path.parts else str(path)
