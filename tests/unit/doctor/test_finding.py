"""Findings, their sources and their order."""

from __future__ import annotations

import dataclasses

from tagship.core.preflight.check import fine, skipped, stopped, warned
from tagship.doctor.finding import Finding, from_preflight, ordered
from tagship.errors import Level, Problem

PROBLEM = Problem(found="It is red.", remedy="Paint it.", topic="red", file="a.md", line=3)


def finding(level: Level, file: str = "", line: int | None = None) -> Finding:
    """Return a finding at a place."""
    return Finding(rule="x", level=level, found="x", remedy="x", file=file, line=line)


def test_findings_are_sorted_and_unique() -> None:
    """They are sorted by level, then by place, without duplicates."""
    expected = [
        finding("error", "b", 1),
        finding("warning"),
        finding("warning", "a"),
        finding("warning", "a", 2),
        finding("note", "a", 1),
    ]
    assert ordered([*reversed(expected), *expected]) == tuple(expected)


def test_checks_of_preflight_become_findings() -> None:
    """A check that stops a release becomes an error; a passed or skipped check has no finding."""
    checks = [stopped("A", PROBLEM), warned("A", PROBLEM), fine("A", "yes"), skipped("A", "no")]
    error = Finding(
        rule="red",
        level="error",
        found="It is red.",
        remedy="Paint it.",
        file="a.md",
        line=3,
        page="troubleshooting.md",
    )
    assert from_preflight(checks) == [error, dataclasses.replace(error, level="warning")]
