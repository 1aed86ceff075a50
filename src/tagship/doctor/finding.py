"""One thing that the doctor found, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.core.preflight.finding import Finding as Looked
    from tagship.errors import Problem

Level = Literal["blocker", "warning", "advice"]
"""A release fails or goes wrong; it goes through but something can go wrong with it; it could be better."""

LEVELS: tuple[Level, ...] = ("blocker", "warning", "advice")
"""The worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, and what to do about it.

    ``rule`` names the kind of finding for programs. ``file``, from the top of the checkout, and ``line``, counted from
    1, are where it was found; ``remedy`` is the line to type or the setting to change.
    """

    rule: str
    level: Level
    found: str
    remedy: str
    file: str = ""
    line: int | None = None


def from_problem(problem: Problem, level: Level) -> Finding:
    """Return the finding that tells ``problem``."""
    return Finding(
        rule=problem.topic,
        level=level,
        found=problem.found,
        remedy=problem.remedy,
        file=problem.file or "",
        line=problem.line,
    )


def from_preflight(looked: Iterable[Looked]) -> list[Finding]:
    """What preflight would tell of: what stops a release is a blocker."""
    levels: dict[str, Level] = {"problem": "blocker", "warning": "warning"}
    return [from_problem(item.problem, levels[item.outcome]) for item in looked if item.problem]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once: the worst first, then by place."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: (LEVELS.index(one.level), one.file, one.line or 0)))
