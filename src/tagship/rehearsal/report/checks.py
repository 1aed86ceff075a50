"""The checks of the quality gate on each Python."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagship.rehearsal.result import Outcome, StageResult

_OUTCOMES: Mapping[str, Outcome] = {"passed": "passed", "not run": "skipped"}
"""Outcomes of checks as outcomes of stages; all others are failures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check: its name, outcome and duration, and the share of the longest check in that."""

    name: str
    outcome: Outcome
    seconds: float
    share: float


def checks_by_python(stages: Iterable[StageResult]) -> list[tuple[str, list[CheckRow]]]:
    """Return the checks of each stage that ran on one Python and reported them."""
    reported = [(stage.python, found) for stage in stages if stage.python and (found := _report(stage))]
    longest = max([float(check.get("seconds") or 0) for _, found in reported for check in found] + [0.1])
    return [(python, [_row(check, longest) for check in found]) for python, found in reported]


def _row(check: Mapping[str, Any], longest: float) -> CheckRow:
    took = float(check.get("seconds") or 0)
    return CheckRow(
        name=str(check.get("name") or check.get("command") or "check"),
        outcome=_OUTCOMES.get(str(check.get("outcome")), "failed"),
        seconds=took,
        share=took / longest,
    )


def _report(stage: StageResult) -> list[dict[str, Any]]:
    """Return the checks in the output ``report`` of the stage; an empty list if it cannot be read."""
    try:
        found = json.loads(stage.outputs.get("report") or "[]")
    except ValueError:
        return []
    return [check for check in found if isinstance(check, dict)] if isinstance(found, list) else []
