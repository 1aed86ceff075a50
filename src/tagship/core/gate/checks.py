"""The checks that the lines of a command are."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STATE = frozenset(
    [".", "alias", "cd", "declare", "export", "popd", "pushd", "set", "shopt", "source", "ulimit", "umask", "unset"]
)
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_RUNS = re.compile(r"\.\s|source\s|.*(\$\(|`)", re.DOTALL)
"""A statement that runs a file or a command, whatever it sets up besides."""
_SEPARATOR = re.compile(r"[;&|]+")
_NAME_LENGTH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One command that passes or fails. ``script`` is for bash; ``name`` its first line, to call it by."""

    name: str
    script: str


def split_checks(command: str, is_open: Callable[[str], bool]) -> tuple[Check, ...]:
    """Return the checks that the lines of ``command`` are: each is one, and is run in a shell of its own.

    ``is_open`` says whether bash would want more lines after these: a loop, a quote, a here-document or a line that
    ends in a backslash stay whole. Lines that only set the shell up, such as ``cd docs`` or ``export A=1``, stand
    before every check after them. Where no check comes after them they are one themselves if they run anything, as
    ``. ./lint.sh`` does, or if there is nothing else. Blank lines and comments between checks are left out.
    """
    prelude: list[str] = []
    last: list[str] = []
    checks: list[Check] = []
    for statement in _statements(command, is_open):
        if _only_sets_up(statement):
            prelude.append(statement)
            last.append(statement)
        else:
            checks.append(Check(name=_name(statement), script="\n".join([*prelude, statement])))
            last = []
    running = [statement for statement in last if _RUNS.match(statement)]
    if running or not checks:
        checks += [Check(name=_name(statement), script="\n".join(prelude)) for statement in (running or last)[:1]]
    return tuple(checks)


def _statements(command: str, is_open: Callable[[str], bool]) -> Iterator[str]:
    pending: list[str] = []
    for line in command.splitlines():
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        pending.append(line if pending else line.lstrip())
        text = "\n".join(pending)
        if not (text.endswith("\\") or is_open(text)):
            yield text.rstrip()
            pending = []
    if pending:
        yield "\n".join(pending)


def _only_sets_up(statement: str) -> bool:
    """Return True if the statement is one simple command that changes nothing but the shell it runs in."""
    tokens = shlex.shlex(statement, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    try:
        words = list(tokens)
    except ValueError:
        return False
    depth = 0
    for word in words:
        if set(word) <= {"(", ")"}:
            depth += word.count("(") - word.count(")")
        elif depth == 0 and _SEPARATOR.fullmatch(word):
            return False
    return bool(words) and (words[0] in _STATE or all(_ASSIGNMENT.match(word) for word in words))


def _name(statement: str) -> str:
    first, *rest = (line.strip() for line in statement.splitlines())
    return f"{first[: _NAME_LENGTH - 1]}…" if rest or len(first) > _NAME_LENGTH else first
