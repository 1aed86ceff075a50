"""The findings on the triggers, the needed jobs and the inputs of a release workflow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tagship.contract.conversion import misspelt
from tagship.core.workflows.calls import calls_of
from tagship.core.workflows.jobs import Publication, has_a_part, publications
from tagship.doctor.finding import Finding, replaced

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Job, Workflow

_GUARD = re.compile(r"tag|release|ref|event|dispatch", re.IGNORECASE)
"""Words in a condition that restrict publishing to tags."""
_OWN_GROUP = re.compile(r"\bgithub\.(?:ref|ref_name|sha|run_id|run_number)\b")
"""Values that differ between the runs of two tags."""


def on_triggers(workflow: Workflow) -> Iterator[Finding]:
    """Yield triggers other than tags, and cancelled runs, for workflows that publish or release."""
    if not has_a_part(workflow):
        return
    push = workflow.triggers.get("push")
    open_jobs = sorted({one.job.name for one in publications(workflow) if _is_open(one)})
    filters = set(push.filters) if push else set()
    if open_jobs and push and filters & {"branches", "branches-ignore"} and filters & {"tags", "tags-ignore"}:
        yield Finding(
            rule="branches-and-tags",
            found="`push` has `branches` and `tags`, so every push to those branches runs the release workflow too.",
            remedy='Move `branches` to another workflow: on: {push: {tags: ["v*"]}, workflow_dispatch: }',
            line=push.line,
        )
    elif open_jobs and (other := _without_tag(workflow)):
        yield Finding(
            rule="publishes-without-tag",
            found=f"Trigger `{other}` publishes without a tag, in job {', '.join(open_jobs)}.",
            remedy='Trigger it by tags only: on: {push: {tags: ["v*"]}, workflow_dispatch: }',
            line=workflow.triggers[other].line,
        )
    if workflow.cancels.value.lower() == "true" and not _OWN_GROUP.search(workflow.group.value):
        yield Finding(
            rule="release-cancelled",
            found="A newer run cancels this one, possibly between the upload and the release.",
            remedy="Set cancel-in-progress: false",
            line=workflow.cancels.line,
            fix=replaced(workflow.lines, workflow.cancels.line, workflow.cancels.value, "false"),
        )


def _is_open(publication: Publication) -> bool:
    """Return True if only the triggers restrict publishing to the real index."""
    conditions = f"{publication.job.condition.value} {publication.step.condition.value}"
    return publication.index != "TestPyPI" and not _GUARD.search(conditions)


def _without_tag(workflow: Workflow) -> str:
    """Return the first trigger without a tag, or an empty text. A manual run is assumed to be for a tag."""
    for event, trigger in workflow.triggers.items():
        if event in ("pull_request", "pull_request_target", "schedule"):
            return event
        if event == "push" and not {"tags", "tags-ignore"} & set(trigger.filters):
            return event
    return ""


def on_inputs(workflow: Workflow) -> Iterator[Finding]:
    """Yield the unknown inputs in calls of tagship: GitHub rejects the workflow, or the action fails."""
    for call in calls_of(workflow):
        known = _declared().get(call.path)
        for name in call.given if known else ():
            for problem in misspelt({name: ""}, known or ()):
                yield Finding(
                    rule=problem.topic,
                    level="error",
                    found=problem.found,
                    remedy=problem.remedy,
                    line=call.lines[name],
                )


@cache
def _declared() -> Mapping[str, Sequence[str]]:
    """Return the names of the inputs of each action and workflow, by its path in the repository of tagship."""
    declared: Mapping[str, Sequence[str]] = json.loads((files("tagship.contract") / "inputs.json").read_text("utf-8"))
    return declared


_OUTPUT = re.compile(r"\bneeds\.([\w-]+)\.")


def on_needs(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each needed job that does not exist, and for each output of a job that is not needed."""
    names = [job.name for job in workflow.jobs]
    for job in workflow.jobs:
        for name in job.needs:
            if name not in names:
                yield _finding(
                    job,
                    f"Job {job.name} needs the job {name}, which does not exist. GitHub does not start the workflow.",
                    f"Use one of the jobs: {', '.join(names)}",
                )
        for name in sorted(_read(job) - set(job.needs)):
            yield _finding(
                job,
                f"Job {job.name} reads `needs.{name}` and does not need the job {name}, so the value is empty.",
                f"Add it: needs: [{', '.join([*filter(names.__contains__, job.needs), name])}]",
            )


def _read(job: Job) -> set[str]:
    conditions = (job.condition, *(step.condition for step in job.steps))
    texts = (*conditions, job.environment, job.address, *job.values)
    return {name for text in texts for name in _OUTPUT.findall(text.value)}


def _finding(job: Job, found: str, remedy: str) -> Finding:
    return Finding(rule="unknown-need", level="error", found=found, remedy=remedy, line=job.line)
