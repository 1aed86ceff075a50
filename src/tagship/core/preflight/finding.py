"""One thing that was looked at before a release, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.core import summary
from tagship.core.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.errors import Problem

Outcome = Literal["fine", "problem", "warning", "skipped"]
_VERDICTS: dict[Outcome, summary.Verdict] = {
    "fine": "passed",
    "problem": "failed",
    "warning": "warned",
    "skipped": "skipped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, and a sentence on it. A problem or warning brings its ``problem``."""

    subject: str
    outcome: Outcome
    says: str
    problem: Problem | None = None


def fine(subject: str, says: str) -> Finding:
    """Return a finding that stops nothing."""
    return Finding(subject=subject, outcome="fine", says=says)


def skipped(subject: str, says: str) -> Finding:
    """Return a finding on what could not be looked at, or need not be."""
    return Finding(subject=subject, outcome="skipped", says=says)


def stopped(subject: str, problem: Problem) -> Finding:
    """Return a finding that stops the release."""
    return Finding(subject=subject, outcome="problem", says=problem.found, problem=problem)


def warned(subject: str, problem: Problem) -> Finding:
    """Return a finding that a person should know of."""
    return Finding(subject=subject, outcome="warning", says=problem.found, problem=problem)


def problems_of(findings: Sequence[Finding]) -> tuple[Problem, ...]:
    """Return every problem that stops the release."""
    return tuple(item.problem for item in findings if item.outcome == "problem" and item.problem)


def warnings_of(findings: Sequence[Finding]) -> tuple[Problem, ...]:
    """Return every problem that stops nothing."""
    return tuple(item.problem for item in findings if item.outcome == "warning" and item.problem)


def table(findings: Sequence[Finding]) -> str:
    """Return the findings as a Markdown table."""
    rows = ((summary.marked(_VERDICTS[item.outcome], item.subject), escaped(item.says)) for item in findings)
    return summary.table(("Looked at", "Found"), rows)
