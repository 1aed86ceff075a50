"""The Pythons that a check ran on, read from its output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.core.formatting import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

# pytest's header: platform linux -- Python 3.12.4, pytest-8.4.1, pluggy-1.6.0
_PYTEST = re.compile(r"^\s*platform \S+ -- Python (\d+\.\d+)\.", re.MULTILINE)
# nox > Session tests-3.12(pytest='8') was successful in 3 seconds.
_NOX_SESSION = re.compile(r"^nox > Session [^\s(]+-(\d+\.\d+)t?(?:\(.*\))? was successful", re.MULTILINE)
# nox > Creating virtual environment (virtualenv) using python3.12 in .nox/lint
_NOX_ENVIRONMENT = re.compile(r"^nox > Creating virtual environment \(\S+\) using \S*?(\d+\.\d+)?t? in ", re.MULTILINE)
# The last lines of tox:   py312-django: OK (2.52=setup[2.18]+cmd[0.34] seconds)
_TOX = re.compile(r"^  (\S+): OK \([\d.=a-z\[\]+ ]*seconds?\)$", re.MULTILINE)
_TOX_FACTOR = re.compile(r"(?:py)?(3)\.?(\d+)t?")


def ran_on(output: str, own: str) -> tuple[str, ...]:
    """Return the minor versions of Python that ``output`` proves, or nothing.

    The most specific proof counts: headers of pytest, else sessions of nox and tox whose name has a version, else the
    environments of nox, which without a version have the Python that nox runs on, ``own``.
    """
    text = plain(output)
    sessions = [*_NOX_SESSION.findall(text), *_tox(text)]
    environments = [version or own for version in _NOX_ENVIRONMENT.findall(text)]
    found = _PYTEST.findall(text) or sessions or environments
    return tuple(sorted(set(found), key=lambda version: [int(number) for number in version.split(".")]))


def named_python(script: str) -> str:
    """Return the version in the first command like ``python3.11`` of ``script``, or nothing."""
    match = re.search(r"(?:^|[\s;&|/])python(3\.\d+)t?(?=\s|$)", script)
    return match[1] if match else ""


def _tox(text: str) -> Iterator[str]:
    for name in _TOX.findall(text):
        for factor in name.split("-"):
            if match := _TOX_FACTOR.fullmatch(factor):
                yield f"{match[1]}.{match[2]}"
                break
