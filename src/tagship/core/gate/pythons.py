"""The Pythons that a check ran on, read from its output."""

from __future__ import annotations

import re

from tagship.core.formatting import plain

# pytest's header: platform linux -- Python 3.12.4, pytest-8.4.1, pluggy-1.6.0
_PYTEST = re.compile(r"^\s*platform \S+ -- Python (\d+\.\d+)\.", re.MULTILINE)
# nox > Session tests-3.12(pytest='8') was successful in 3 seconds.
_NOX_SESSION = re.compile(r"^nox > Session [^\s(]+-(\d+\.\d+)t?(?:\(.*\))? was successful", re.MULTILINE)
# nox > Creating virtual environment (virtualenv) using python3.12 in .nox/lint
_NOX_ENVIRONMENT = re.compile(r"^nox > Creating virtual environment \(\S+\) using \S*?(\d+\.\d+)?t? in ", re.MULTILINE)
# The last lines of tox:   py312-django: OK (2.52=setup[2.18]+cmd[0.34] seconds)
_TOX = re.compile(r"^  (\S+): OK \([\d.=a-z\[\]+ ]*seconds?\)$", re.MULTILINE)
_PYTHON = re.compile(r"(?:(?P<name>pypy|graalpy)-?|c?python|py)?3\.?(?P<minor>\d+)(?P<threads>t?)")


def ran_on(output: str, own: str) -> tuple[str, ...]:
    """Return the minor versions of Python that ``output`` proves, or nothing.

    The most specific proof counts: headers of pytest, else sessions of nox and tox whose name has a version, else the
    environments of nox, which without a version have the Python that nox runs on, ``own``.
    """
    text = plain(output)
    environments_of_tox = filter(None, map(python_in, _TOX.findall(text)))
    sessions = [*_NOX_SESSION.findall(text), *(name.rstrip("t") for name in environments_of_tox if name[0] == "3")]
    environments = [version or own for version in _NOX_ENVIRONMENT.findall(text)]
    found = _PYTEST.findall(text) or sessions or environments
    return tuple(sorted(set(found), key=lambda version: [int(number) for number in version.split(".")]))


def named_python(script: str) -> str:
    """Return the version in the first command like ``python3.11`` of ``script``, or nothing."""
    match = re.search(r"(?:^|[\s;&|/])python(3\.\d+)t?(?=\s|$)", script)
    return match[1] if match else ""


def python_of(spelled: str) -> str:
    """Return a minor version as uv spells it, such as ``3.14t`` or ``pypy3.11``; empty for anything else.

    ``spelled`` is a version for actions/setup-python or nox: ``pypy-3.11``, ``3.15-dev``, ``3.12.1``, ``python3.12``.
    """
    return _described(_PYTHON.match(spelled))


def python_in(environment: str) -> str:
    """Return the Python of an ``environment`` of tox, such as ``3.12`` of ``py312-django``; empty without one."""
    return next(filter(None, (_described(_PYTHON.fullmatch(factor)) for factor in environment.split("-"))), "")


def _described(match: re.Match[str] | None) -> str:
    return f"{match['name'] or ''}3.{match['minor']}{match['threads']}" if match else ""
