"""Sessions of nox and environments of tox: the choice of those that one job of a matrix of Pythons runs."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.gate.pythons import python_in, python_of
from tagship.core.project.python_versions import BUILD_PYTHON, ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOX = "python -m nox --no-error-on-missing-interpreters"
TOX = "python -m tox run --skip-missing-interpreters true"
LISTINGS = {NOX: "python -m nox --list-sessions --json", TOX: "python -m tox -l"}
"""The command that lists the sessions of each runner."""
_ENVIRONMENT = re.compile(r"^[\w.+-]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session of nox or an environment of tox, for ``python`` or, if that is empty, for none in particular.

    ``function`` is the name of all sessions for several Pythons, of which this is one; empty for any other session.
    """

    name: str
    python: str = ""
    function: str = ""


def commands_for(command: str, listing: str, own: str, pythons: Sequence[str]) -> tuple[str, ...]:
    """Return the commands that run the sessions in ``listing`` in the job of the Python ``own``.

    These are the sessions for that Python. One job of those with ``pythons`` (all of them, or none for a single job)
    also runs the sessions that are for none of them. If no session has several Pythons, those without a Python run in
    every job. A Python that the sessions for several leave out is used for them too.
    """
    sessions = tuple((_nox if command == NOX else _tox)(listing))
    jobs = [python_of(one) for one in pythons]
    is_first = not jobs or own == (BUILD_PYTHON if BUILD_PYTHON in jobs else python_of(ends(pythons)[-1]))
    functions = dict.fromkeys(one.function for one in sessions if one.function)
    rest = [one for one in sessions if not one.function and one.python != own]
    here = [one for one in rest if (one.python not in jobs if is_first else not one.python and not functions)]
    names = [one.name for one in sessions if one.python == own or one in here]
    if not sessions or len(names) == len(sessions):
        return (command,)
    missing = functions and not any(one.function for one in sessions if one.python == own)
    if missing and command == TOX:
        names.append(f"{'py' if own[0] == '3' else ''}{own.replace('.', '')}")
    forced = [f"{command} --force-python {own} -s {shlex.join(functions)}"] if missing and command == NOX else []
    chosen = f"-s {shlex.join(names)}" if command == NOX else f"-e {','.join(names)}"
    return (*forced, *([f"{command} {chosen}"] if names else []))


def _nox(listing: str) -> Iterator[Session]:
    """Yield the sessions in the output of ``nox --list-sessions --json``, which may follow other lines."""
    for line in listing.splitlines():
        for one in json.loads(line) if line.startswith("[{") else ():
            python, name = str(one["python"] or ""), one["name"]
            is_one_of_several = one["session"].startswith(f"{name}-{python}")
            yield Session(name=one["session"], python=python_of(python), function=name if is_one_of_several else "")


def _tox(listing: str) -> Iterator[Session]:
    for name in _ENVIRONMENT.findall(listing):
        python = python_in(name)
        yield Session(name=name, python=python, function="py" if python else "")
