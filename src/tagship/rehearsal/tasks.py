"""The list of what to fix after a rehearsal: each problem once, with the stages that report it and its cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagship.rehearsal.result import StageResult
    from tagship.rehearsal.workflow_commands import Annotation

_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)
_VARYING = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)*|\b\w+(?= dependencies\b)")
"""Text that differs between stages with one cause: versions, durations, addresses, folders, the locked libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A problem to fix: cause in the first line of ``text``, remedy in the last, program output between them.

    ``stages`` are the labels of the stages that report it, the first of which has ``first`` as its result. ``page`` is
    the help page, ``output`` the end of the output of the check that failed, and ``place`` the file and line.
    """

    first: StageResult
    stages: tuple[str, ...]
    text: str
    page: str | None = None
    output: str = ""
    place: str = ""


def tasks_of(failures: Iterable[StageResult]) -> tuple[Task, ...]:
    """Return the problems of failed stages in their order, each problem once for all Pythons and stages."""
    found: dict[str, Task] = {}
    for task in (task for stage in failures for task in _tasks(stage)):
        cause = task.text.partition("\n")[0] if task.page and not task.output else f"{task.text}\n{task.output}"
        key = _VARYING.sub("#", cause)
        known = found.get(key)
        found[key] = replace(known, stages=(*known.stages, *task.stages)) if known else task
    return tuple(found.values())


def _tasks(stage: StageResult) -> Iterator[Task]:
    message = stage.message or ""
    numbered = message.startswith("1. ")
    problems = [part.strip() for part in _NUMBER.split(message) if part.strip()] if numbered else [message]
    # A help page can only be assigned to its problem if every problem has one.
    pages = stage.help if len(stage.help) == len(problems) else (None,) * len(problems)
    errors = [item for item in stage.annotations if item.level == "error"]
    for text, page in zip(problems, pages, strict=True):
        output = next((item.text for item in errors if item.text != message and _is_about(item, text)), "")
        place = next((f"{item.file}:{item.line}" for item in errors if item.text == message and item.line), "")
        yield Task(first=stage, stages=(stage.label,), text=text, page=page, output=output, place=place)


def _is_about(annotation: Annotation, problem: str) -> bool:
    """Return True if the annotation has the output of the check in ``problem``, which has the same title."""
    title = annotation.title.replace("`", "")
    return bool(title) and not annotation.file and title in problem.replace("`", "")
