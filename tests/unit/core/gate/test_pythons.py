"""The Pythons of checks, as pytest, nox and tox print them."""

from __future__ import annotations

import pytest

from tagship.core.gate.pythons import named_python, ran_on

PYTEST = "platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0\n"
NOX = "nox > Creating virtual environment (virtualenv) using python3.10 in .nox/lint\n"
SESSION = "nox > Session tests-3.10(pytest='8') was successful in 3 seconds.\n"
TOX = (
    "  lint: OK (0.10 seconds)\n  py313-django: OK (2.52=setup[2.18]+cmd[0.34] seconds)\n  py39: SKIP (0.01 seconds)\n"
)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param("", (), id="no proof"),
        pytest.param(PYTEST, ("3.11",), id="the header of pytest"),
        pytest.param(SESSION, ("3.10",), id="a session of nox"),
        pytest.param(NOX, (), id="a session of nox whose settings have a Python"),
        pytest.param(SESSION + PYTEST, ("3.11",), id="the header of pytest proves most"),
        pytest.param(TOX, ("3.13",), id="environments of tox that were not skipped"),
        pytest.param("  3.9: OK (1.5 seconds)\n", ("3.9",), id="an environment of tox named by its version"),
        pytest.param(f"\x1b[1m{PYTEST}\x1b[0m", ("3.11",), id="with colours"),
    ],
)
def test_the_output_proves_the_python(output: str, expected: tuple[str, ...]) -> None:
    """The most specific proof in the output counts."""
    assert ran_on(output) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("python3.11 -m pytest", "3.11"),
        ("cd docs; /opt/python3.9 x.py", "3.9"),
        ("python -m pytest", ""),
        ("python3 x.py", ""),
        ("ls lib/python3.11/site-packages", ""),
    ],
)
def test_a_command_names_its_python(script: str, expected: str) -> None:
    """A command with a minor version runs on that Python."""
    assert named_python(script) == expected
