"""The report: a self-contained HTML page about a rehearsal."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader

from tagship.core.formatting import count, duration, human_size
from tagship.rehearsal.options import OutputFolders
from tagship.rehearsal.report.content import SHOWN, render_notes, trees
from tagship.rehearsal.result import Result, StageResult, tasks_of

if TYPE_CHECKING:
    from tagship.rehearsal.steps import Annotation

LINES = 400
"""Maximum number of lines per log. The full log is in the folder ``logs``."""
_CONTEXT = 3
"""Number of lines before the first line of an error."""
_ANNOTATIONS = 10
"""Maximum number of annotations, as on GitHub."""
_STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_FILES = files("tagship.rehearsal.report")


def render_report(result: Result) -> str:
    """Return the text of ``report.html``."""
    environment = Environment(autoescape=True, loader=FunctionLoader(lambda name: (_FILES / name).read_text("utf-8")))
    environment.filters |= {"count": count, "seconds": duration, "size": human_size}
    environment.filters |= {"log_start": log_start, "log_path": _log_path}
    end = max([stage.started + stage.seconds for stage in result.stages] + [0.1])
    return environment.get_template("report.html").render(
        result=result,
        tasks=tasks_of(result.failures),
        notes=render_notes(result.release.body, result.subject.repository) if result.release else "",
        end=end,
        ticks=_ticks(end),
        pythons=_checks_by_python(result),
        places=_places(result),
        trees=trees(result.dist),
        shown_rows=SHOWN,
        shown_lines=LINES,
    )


def _checks_by_python(result: Result) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the reports of the quality gate on each Python; the ``share`` of a check is that of the longest one."""
    gates = [stage for stage in result.stages if stage.name == "quality-gate" and stage.outputs]
    found = [(stage.python, json.loads(stage.outputs["report"])) for stage in gates]
    longest = max([check["seconds"] for _, checks in found for check in checks] + [0.1])
    return [
        (python or "", [check | {"share": check["seconds"] / longest} for check in checks]) for python, checks in found
    ]


def log_start(stage: StageResult) -> int:
    """Return the index of the first log line to show: shortly before the error of the stage, or of the last lines."""
    errors = [item.text for item in stage.annotations if item.level == "error"]
    found = (line for line in "\n".join(errors).splitlines() if line.strip() and line in stage.log)
    line = next(found, None)
    return max(len(stage.log) - LINES if line is None else stage.log.index(line) - _CONTEXT, 0)


def _log_path(stage: StageResult) -> str:
    return OutputFolders(root=Path()).log_of(stage.name, stage.python).as_posix()


def _ticks(end: float) -> list[float]:
    """Return at most six round times for the axis."""
    step = next((step for step in _STEPS if end / step <= 5), end)
    return [number * step for number in range(int(end / step) + 1)]


def _places(result: Result) -> list[Annotation]:
    """Return the error annotations of the failed stages that have a place in the project, each once."""
    found = [
        item
        for stage in result.failures
        for item in stage.annotations
        if item.level == "error" and item.file and item.text != stage.message
    ]
    return list(dict.fromkeys(found))[:_ANNOTATIONS]
