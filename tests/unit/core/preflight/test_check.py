"""Findings, and the table of them."""

from __future__ import annotations

from tagship.core.preflight.check import fine, problems_of, skipped, stopped, table, warned, warnings_of
from tagship.errors import Problem

STOP = Problem(found="Bad | worse.", remedy="Mend it.", topic="x")
WARN = Problem(found="Odd.", remedy="Look.", topic="y")
FINDINGS = [fine("A", "Good."), stopped("B", STOP), warned("C", WARN), skipped("D", "Not asked.")]


def test_problems_and_warnings_are_told_apart() -> None:
    """Only problems stop."""
    assert problems_of(FINDINGS) == (STOP,)
    assert warnings_of(FINDINGS) == (WARN,)


def test_the_table_shows_everything_that_was_looked_at() -> None:
    """A row each, with what was found as it is."""
    assert table(FINDINGS).splitlines()[2:] == [
        "| ✅ A | Good. |",
        "| ❌ B | Bad &#124; worse. |",
        "| ⚠️ C | Odd. |",
        "| ⏭️ D | Not asked. |",
    ]
