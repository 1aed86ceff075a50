"""Findings, and their order."""

from __future__ import annotations

import dataclasses

from tagship.core.preflight.check import fine, skipped, stopped, warned
from tagship.doctor.finding import Finding, Level, from_preflight, ordered
from tagship.errors import Problem

PROBLEM = Problem(found="It is red.", remedy="Paint it.", topic="red", file="a.md", line=3)


def finding(level: Level, file: str = "", line: int | None = None) -> Finding:
    """Return a finding at a place."""
    return Finding(rule="x", level=level, found="x", remedy="x", file=file, line=line)


def test_the_worst_comes_first_and_everything_once() -> None:
    """By level, then by place; what two looks found is told once."""
    wanted = [
        finding("blocker", "b", 1),
        finding("warning"),
        finding("warning", "a"),
        finding("warning", "a", 2),
        finding("advice", "a", 1),
    ]
    assert ordered([*reversed(wanted), *wanted]) == tuple(wanted)


def test_what_preflight_tells_is_told_by_its_weight() -> None:
    """What stops a release blocks it; what is fine or was not looked at is no finding."""
    looked = [stopped("A", PROBLEM), warned("A", PROBLEM), fine("A", "yes"), skipped("A", "no")]
    blocker = Finding(rule="red", level="blocker", found="It is red.", remedy="Paint it.", file="a.md", line=3)
    assert from_preflight(looked) == [blocker, dataclasses.replace(blocker, level="warning")]
