"""A finding of ``tagship doctor``, and its level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.core.preflight.check import Check
    from tagship.errors import Problem

Level = Literal["blocker", "warning", "advice"]
"""The release fails or publishes something wrong; it succeeds with a risk; it succeeds and can be improved."""

LEVELS: tuple[Level, ...] = ("blocker", "warning", "advice")
"""The most severe first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem and its remedy.

    ``rule`` is the kind of finding, for programs. ``file`` is relative to the top of the checkout, ``line`` is counted
    from 1. ``remedy`` is the line to type or the setting to change.
    """

    rule: str
    level: Level
    found: str
    remedy: str
    file: str = ""
    line: int | None = None


def from_problem(problem: Problem, level: Level) -> Finding:
    """Return the finding that reports ``problem``."""
    return Finding(
        rule=problem.topic,
        level=level,
        found=problem.found,
        remedy=problem.remedy,
        file=problem.file or "",
        line=problem.line,
    )


def from_preflight(checks: Iterable[Check]) -> list[Finding]:
    """Return the findings that report the problems of ``checks``: one that stops a release is a blocker."""
    levels: dict[str, Level] = {"problem": "blocker", "warning": "warning"}
    return [from_problem(check.problem, levels[check.outcome]) for check in checks if check.problem]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, sorted by severity, then by place."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: (LEVELS.index(one.level), one.file, one.line or 0)))
