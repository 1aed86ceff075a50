"""Checks, and their table."""

from __future__ import annotations

from tagship.core.preflight.check import fine, problems_of, skipped, stopped, table, warned, warnings_of
from tagship.errors import Problem

STOP = Problem(found="Bad | worse.", remedy="Fix it.", topic="x")
WARN = Problem(found="Odd.", remedy="Look.", topic="y")
CHECKS = [fine("A", "Good."), stopped("B", STOP), warned("C", WARN), skipped("D", "Skipped.")]


def test_problems_and_warnings_are_separate() -> None:
    """Only problems stop a release."""
    assert problems_of(CHECKS) == (STOP,)
    assert warnings_of(CHECKS) == (WARN,)


def test_the_table_shows_every_check() -> None:
    """Each check has a row with its escaped result."""
    assert table(CHECKS).splitlines()[2:] == [
        "| ✅&nbsp;A | Good. |",
        "| ❌&nbsp;B | Bad &#124; worse. |",
        "| ⚠️&nbsp;C | Odd. |",
        "| ⏭️&nbsp;D | Skipped. |",
    ]
