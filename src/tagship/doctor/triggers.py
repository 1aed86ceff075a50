"""What starts a workflow that releases, and what stops it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.core.workflows.jobs import has_a_part
from tagship.core.workflows.publications import publications
from tagship.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.workflows.publications import Publication
    from tagship.core.workflows.reading import Workflow

_GUARD = re.compile(r"tag|release|ref|event|dispatch", re.IGNORECASE)
"""What a condition speaks of that keeps publishing to tags."""


def on_triggers(workflow: Workflow) -> Iterator[Finding]:
    """Pushes that are no tags, and a run that a newer one cancels; nothing on checks and docs that start by tags."""
    if not has_a_part(workflow):
        return
    push = workflow.triggers.get("push")
    open_jobs = sorted({one.job.name for one in publications(workflow) if _is_open(one)})
    if push and {"branches", "branches-ignore"} & set(push.filters) and {"tags", "tags-ignore"} & set(push.filters):
        yield Finding(
            rule="branches-beside-tags",
            level="warning" if open_jobs else "advice",
            found="push names branches beside tags, so every push to those branches starts the release workflow, too.",
            remedy='Leave the branches to another workflow: on: {push: {tags: ["v*"]}, workflow_dispatch: }',
            file=workflow.path,
            line=push.line,
        )
    elif open_jobs and (other := _without_tag(workflow)):
        yield Finding(
            rule="publishes-without-tag",
            level="warning",
            found=f"{other} starts {', '.join(open_jobs)}, which publishes, whether there is a tag or not.",
            remedy='Start it by tags alone: on: {push: {tags: ["v*"]}, workflow_dispatch: }',
            file=workflow.path,
            line=workflow.triggers[other].line,
        )
    if workflow.cancels.value.lower() == "true":
        yield Finding(
            rule="release-cancelled",
            level="warning",
            found="A newer run cancels this one, perhaps between the upload and the release.",
            remedy="Let it finish: cancel-in-progress: false",
            file=workflow.path,
            line=workflow.cancels.line,
        )


def _is_open(publication: Publication) -> bool:
    """Return True if nothing but the triggers decides that it publishes to the real index."""
    conditions = f"{publication.job.condition.value} {publication.step.condition.value}"
    return publication.index != "TestPyPI" and not _GUARD.search(conditions)


def _without_tag(workflow: Workflow) -> str:
    """Return the first event that brings no tag along, or nothing. One who starts a run by hand is taken to know the
    tag.
    """
    for event, trigger in workflow.triggers.items():
        if event in ("pull_request", "pull_request_target", "schedule"):
            return event
        if event == "push" and not {"tags", "tags-ignore"} & set(trigger.filters):
            return event
    return ""
