"""One check before a release, and its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tagship.core import summary
from tagship.core.formatting import prose
from tagship.errors import Problem

Outcome = Literal["passed", "failed", "warned", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check of ``subject``, with a sentence on the result. A failed or warned one has its ``problem``."""

    subject: str
    outcome: Outcome
    says: str
    problem: Problem | None = None


def fine(subject: str, says: str) -> Check:
    """Return a check that passed."""
    return Check(subject=subject, outcome="passed", says=says)


def skipped(subject: str, says: str) -> Check:
    """Return a check that was impossible or unnecessary."""
    return Check(subject=subject, outcome="skipped", says=says)


def stopped(subject: str, problem: Problem) -> Check:
    """Return a check that stops the release."""
    return Check(subject=subject, outcome="failed", says=problem.found, problem=problem)


def warned(subject: str, problem: Problem) -> Check:
    """Return a check that ended in a warning."""
    return Check(subject=subject, outcome="warned", says=problem.found, problem=problem)


def problems_of(checks: Sequence[Check]) -> tuple[Problem, ...]:
    """Return every problem that stops the release."""
    return tuple(item.problem for item in checks if item.outcome == "failed" and item.problem)


def warnings_of(checks: Sequence[Check]) -> tuple[Problem, ...]:
    """Return every problem that is a warning."""
    return tuple(item.problem for item in checks if item.outcome == "warned" and item.problem)


def table(checks: Sequence[Check]) -> str:
    """Return the checks as a Markdown table."""
    rows = ((summary.marked(item.outcome, item.subject), prose(item.says)) for item in checks)
    return summary.table(("Check", "Result"), rows)
