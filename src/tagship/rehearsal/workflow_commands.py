"""The workflow commands in a step's log, read as the runner reads them.

The format is GitHub's: ``::name key=value,key=value::message``, with ``%``-escapes for line ends and, in properties,
for ``:`` and ``,``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tagship.core.runner import ANNOTATION_LIMIT
from tagship.errors import Level

_COMMAND = re.compile(r"::(?P<name>[A-Za-z-]+)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "notice": "note"}
_ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """An annotation of the run, with its place in the repository if it has one."""

    level: Level
    title: str
    text: str
    file: str | None = None
    line: int | None = None


@dataclass(slots=True)
class StepLog:
    """The log of a step: the lines that a person sees, the annotations, and the masked texts."""

    lines: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    _resume_token: str | None = None

    def read(self, line: str) -> str | None:
        """Add a line; return it as a person sees it, or None if it is a command without text."""
        shown = self._shown(line)
        if shown is None:
            return None
        for secret in self.secrets:
            shown = shown.replace(secret, "***")
        self.lines.append(shown)
        return shown

    def _shown(self, line: str) -> str | None:
        if self._resume_token is not None:
            ended = line.strip() == f"::{self._resume_token}::"
            self._resume_token = None if ended else self._resume_token
            return None if ended else line
        match = _COMMAND.match(line.lstrip())
        return self._apply(match) if match else line

    def _apply(self, match: re.Match[str]) -> str | None:
        message = _unescaped(match["message"])
        level = _LEVELS.get(match["name"])
        if level:
            annotation = _annotation(level, match["properties"] or "", message)
            self.annotations.append(annotation)
            return f"{level}: {annotation.title}: {message}" if annotation.title else f"{level}: {message}"
        match match["name"]:
            case "stop-commands":
                self._resume_token = message
            case "add-mask":
                self.secrets += [message] if message else []
            case "group":
                return f"== {message}"
            case _:
                pass
        return None


def _annotation(level: Level, properties: str, message: str) -> Annotation:
    pairs = dict(pair.split("=", 1) for pair in properties.split(",") if "=" in pair)
    values = {name.strip(): _unescaped(value) for name, value in pairs.items()}
    line = values.get("line", "")
    return Annotation(
        level=level,
        title=values.get("title", ""),
        text=message[:ANNOTATION_LIMIT],
        file=values.get("file"),
        line=int(line) if line.isdigit() else None,
    )


def _unescaped(text: str) -> str:
    return re.sub("%(25|0[DA]|3A|2C)", lambda match: _ESCAPES[match[0].upper()], text, flags=re.IGNORECASE)
