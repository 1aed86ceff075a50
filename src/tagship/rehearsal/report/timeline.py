"""The pipeline: every stage on one timeline, and the checks of each Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tagship.rehearsal.report.markup import Html, element, raw, seconds
from tagship.rehearsal.report.page import section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.rehearsal.result import Outcome, Result, StageResult

_STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_OUTCOMES: Mapping[str, Outcome] = {"passed": "passed", "not run": "skipped"}
"""Outcomes of checks as outcomes of stages; all others are failures."""
_SIGNS = {
    "passed": "M3.5 8.5l3 3 6-7",
    "failed": "M4 4l8 8m0-8l-8 8",
    "skipped": "M4 8h8",
}


def timeline(result: Result) -> Html:
    """Return the section with the timeline and the checks."""
    end = max([stage.started + stage.seconds for stage in result.stages] + [0.1])
    return section(
        "pipeline",
        "Pipeline",
        element("ol", [_row(stage, end) for stage in result.stages], class_="line"),
        _axis(end),
        _checks([stage for stage in result.stages if stage.python]),
        lead="A stage runs if the stages that it needs have passed. Nothing is published after a failure.",
    )


def sign(outcome: Outcome) -> Html:
    """Return a round icon for the outcome, with its name for screen readers."""
    path = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_SIGNS[outcome]}"/></svg>'
    return element("span", raw(path), element("span", outcome, class_="visually-hidden"), class_=f"sign {outcome}")


def _row(stage: StageResult, end: float) -> Html:
    place = f"--from:{stage.started / end:.4f};--for:{stage.seconds / end:.4f}"
    skipped = stage.outcome == "skipped"
    return element(
        "li",
        sign(stage.outcome),
        element("span", element("strong", stage.label), " ", element("span", stage.title), class_="what"),
        element("span", None if skipped else element("span", class_="bar", style=place), class_="track"),
        element("span", _time(stage), class_="time"),
        class_=f"stage {stage.outcome}",
    )


def _time(stage: StageResult) -> str:
    if stage.outcome == "skipped":
        return "skipped" if stage.message else "not reached"
    return seconds(stage.seconds)


def _axis(end: float) -> Html:
    """Return the time axis with at most six ticks at round times."""
    step = next((step for step in _STEPS if end / step <= 5), end)
    times = [number * step for number in range(int(end / step) + 1)]
    ticks = [element("span", f"{time:g} s", style=f"--at:{time / end:.4f}") for time in times]
    return element("div", element("div", ticks, class_="ticks"), class_="axis", aria_hidden="true")


def _checks(stages: Sequence[StageResult]) -> Html | None:
    reported = [(stage, checks) for stage in stages if (checks := _report(stage))]
    if not reported:
        return None
    longest = max([float(check.get("seconds") or 0) for _, checks in reported for check in checks] + [0.1])
    return element(
        "div", [_python(stage, checks, longest) for stage, checks in reported], class_="cards", aria_label="Checks"
    )


def _report(stage: StageResult) -> list[dict[str, Any]]:
    """Return the checks in the output ``report`` of the stage; an empty list if it cannot be read."""
    try:
        found = json.loads(stage.outputs.get("report") or "[]")
    except ValueError:
        return []
    return [check for check in found if isinstance(check, dict)] if isinstance(found, list) else []


def _python(stage: StageResult, checks: list[dict[str, Any]], longest: float) -> Html:
    rows = []
    for check in checks:
        took = float(check.get("seconds") or 0)
        outcome = _OUTCOMES.get(str(check.get("outcome")), "failed")
        rows.append(
            element(
                "li",
                sign(outcome),
                element("code", str(check.get("name") or check.get("command") or "check")),
                element("span", element("span", class_="bar", style=f"--for:{took / longest:.4f}"), class_="track"),
                element("span", seconds(took), class_="time"),
                class_=outcome,
            )
        )
    return element("article", element("h3", f"Python {stage.python}"), element("ul", rows), class_="card checks")
