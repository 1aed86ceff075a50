"""The Pythons that a check ran on, read from its output."""

from __future__ import annotations

import re

from tagship.core.formatting import plain

# pytest's header: platform linux -- Python 3.12.4, pytest-8.4.1, pluggy-1.6.0
_PYTEST = re.compile(r"^\s*platform \S+ -- Python (\d+\.\d+)\.", re.MULTILINE)
# nox > Session tests-3.12(pytest='8') was successful in 3 seconds.
# The last lines of tox:   py312-django: OK (2.52=setup[2.18]+cmd[0.34] seconds)
_SESSION = re.compile(r"^(?:nox > Session |  )([^\s(:]+)(?:\(.*\))?(?: was successful|: OK \(\d)", re.MULTILINE)
_PYTHON = re.compile(r"(?:^|-)(?:(?P<name>pypy|graalpy)-?|c?python|py)?3\.?(?P<minor>\d+)(?P<threads>t?)(?!\w)")


def ran_on(output: str) -> tuple[str, ...]:
    """Return the minor versions of Python that ``output`` proves, or nothing.

    The most specific proof counts: headers of pytest, else sessions of nox and tox whose name has a version.
    """
    text = plain(output)
    named = (python_of(name).rstrip("t") for name in _SESSION.findall(text))
    found = _PYTEST.findall(text) or [version for version in named if version.startswith("3")]
    return tuple(sorted(set(found), key=lambda version: [int(number) for number in version.split(".")]))


def named_python(script: str) -> str:
    """Return the version in the first command like ``python3.11`` of ``script``, or nothing."""
    match = re.search(r"(?:^|[\s;&|/])python(3\.\d+)t?(?=\s|$)", script)
    return match[1] if match else ""


def python_of(name: str) -> str:
    """Return the minor version in a name, as uv spells it: ``3.14t`` or ``pypy3.11``; empty if it has none.

    The name is that of an environment of tox (``py312-django``), or a Python of nox (``python3.12``) or of
    actions/setup-python (``pypy-3.11``, ``3.15-dev``).
    """
    match = _PYTHON.search(name)
    return f"{match['name'] or ''}3.{match['minor']}{match['threads']}" if match else ""
