"""Workflow commands and command files of GitHub's runner, with the standard library alone.

The bootstrap uses them before any library is installed. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_OUTPUT = re.compile(
    r"^(?P<name>[^\n=<]+)(?:=(?P<value>.*)|<<(?P<end>.+)\n(?P<lines>(?:.*\n)*?)(?:(?P=end)$|\Z))", re.MULTILINE
)
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def command(name: str, message: str = "", properties: Mapping[str, str] | None = None) -> str:
    """Return a workflow command on one line, with escaped message and properties."""
    pairs = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in (properties or {}).items())
    return f"::{name}{' ' if pairs else ''}{pairs}::{_escaped(message, _DATA)}"


def stop_commands() -> tuple[str, str]:
    """Return the lines before and after untrusted text, between which the runner executes no commands."""
    token = os.urandom(16).hex()
    return command("stop-commands", token), command(token)


def append(file: Path, text: str) -> None:
    """Append to a command file in UTF-8 with LF line ends; characters that UTF-8 cannot encode become ``?``."""
    with file.open("a", encoding="utf-8", errors="replace", newline="\n") as stream:
        stream.write(text)


def read_outputs(text: str) -> dict[str, str]:
    """Parse the output file of a step: ``name=value``, or ``name<<DELIMITER``, lines, and the delimiter."""
    found = _OUTPUT.finditer(text)
    return {item["name"]: item["value"] or (item["lines"] or "").removesuffix("\n") for item in found}


def _escaped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for character, code in table:
        text = text.replace(character, code)
    return text
