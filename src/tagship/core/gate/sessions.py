"""Sessions of nox and environments of tox: the choice of those that one job of a matrix of Pythons runs."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tagship.core.gate.pythons import python_of
from tagship.core.project.python_versions import BUILD_PYTHON, ends

NOX = "python -m nox --no-error-on-missing-interpreters"
TOX = "python -m tox run --skip-missing-interpreters true"
LISTINGS = {
    NOX: "python -m nox --list-sessions --json",
    TOX: "python -m tox -l; python -m tox config -k base_python || true",
}
"""The command that lists the sessions of each runner, with their Pythons."""
_ENVIRONMENT = re.compile(r"^[\w.+-]+$", re.MULTILINE)
_BASE = re.compile(r"^\[testenv:([^\]\n]+)\]\nbase_python = ([^\s/\\]+)$", re.MULTILINE)
"""A Python in the settings of an environment of tox, which may not be in its name; a path is that of tox itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session of nox or an environment of tox, for ``python`` or, if that is empty, for none in particular.

    ``function`` is the name of all sessions for several Pythons, of which this is one; empty for any other session.
    """

    name: str
    python: str
    function: str


def chosen(command: str, listing: str, own: str, pythons: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the commands that run the sessions in ``listing`` for the Python ``own``, and the sessions of no job.

    Of the jobs with ``pythons`` (none for a single job) one also runs the sessions without a Python; if no session has
    several Pythons, every job does. A Python that the sessions for several leave out is used for them too.
    """
    sessions = tuple((_nox if command == NOX else _tox)(listing))
    jobs = [*filter(None, map(python_of, pythons))] or [own]
    rest_runs_here = own == (BUILD_PYTHON if BUILD_PYTHON in jobs else ends(jobs)[-1])
    functions = dict.fromkeys(one.function for one in sessions if one.function)
    here = [one for one in sessions if one.python == own or not (one.python or (functions and not rest_runs_here))]
    nowhere = [one.name for one in sessions if rest_runs_here and not one.function and one.python not in ("", *jobs)]
    names, is_left_out = [one.name for one in here], functions and not any(one.function for one in here)
    if len(here) == len(sessions) or not (here or functions or pythons):
        return (command,), ()
    if command == TOX:
        # Before the others, one of which may combine the coverage.
        names[:0] = [f"{'py' if own[0] == '3' else ''}{own.replace('.', '')}"] if is_left_out else []
        return ((f"{command} -e {','.join(names)}",) if names else ()), tuple(nowhere)
    forced = (f"{command} --force-python {own} -s {shlex.join(functions)}",) if is_left_out else ()
    return (*forced, *([f"{command} -s {shlex.join(names)}"] if names else [])), tuple(nowhere)


def _nox(listing: str) -> Iterator[Session]:
    """Yield the sessions in the output of ``nox --list-sessions --json``, which may follow other lines."""
    for line in listing.splitlines():
        for one in json.loads(line) if line.startswith("[{") else ():
            python, name = str(one["python"] or ""), one["name"]
            is_one_of_several = python and one["session"].startswith(f"{name}-{python}")
            yield Session(name=one["session"], python=python_of(python), function=name if is_one_of_several else "")


def _tox(listing: str) -> Iterator[Session]:
    pythons = dict(_BASE.findall(listing))
    for name in _ENVIRONMENT.findall(listing):
        python = python_of(name)
        yield Session(name=name, python=python or python_of(pythons.get(name, "")), function="py" if python else "")
