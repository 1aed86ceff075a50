"""The findings on jobs that need, or read the outputs of, jobs that are not there for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tagship.doctor.finding import Finding

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Job, Workflow

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
