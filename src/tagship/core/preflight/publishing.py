"""The checks of workflows that use trusted publishing.

Source of the rules: https://docs.pypi.org/trusted-publishers/using-a-publisher/ and, on reusable workflows,
https://docs.pypi.org/trusted-publishers/troubleshooting/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tagship.core.preflight.check import Check, fine, stopped, warned
from tagship.core.workflows.jobs import PUBLISH_ACTION, is_trusted
from tagship.core.workflows.reading import Job, read_workflows
from tagship.errors import Problem


def publishing_findings(workflows: Mapping[str, str], *, running: str) -> Iterator[Check]:
    """Yield a check for each job that uses trusted publishing.

    ``workflows`` maps the paths of workflow files to their text. ``running`` is the path of the running workflow, or
    empty outside of a run. A missing permission in another workflow than the running one is a warning.
    """
    # GitHub itself refuses a file that is not a workflow.
    for workflow in read_workflows(workflows, containing=PUBLISH_ACTION):
        path = workflow.path
        for job in workflow.jobs:
            if not any(map(is_trusted, job.steps)):
                continue
            if workflow.is_only_called:
                yield warned("Publishing", _reusable(path, job))
            elif job.permissions and job.permissions.grants("id-token"):
                yield fine("Publishing", f"Job {job.name} of {path} has `id-token: write` for trusted publishing.")
            elif running in ("", path):
                yield stopped("Publishing", _not_granted(path, job))
            else:
                yield warned("Publishing", _not_granted(path, job))


def _reusable(path: str, job: Job) -> Problem:
    return Problem(
        found=f"Job {job.name} of the reusable workflow {path} uses trusted publishing, which PyPI does not support.",
        remedy="Move the job into the workflow that calls this one.",
        topic="reusable-workflow-as-trusted-publisher",
        file=path,
        line=job.line,
    )


def _not_granted(path: str, job: Job) -> Problem:
    return Problem(
        found=f"Job {job.name} of {path} uses trusted publishing without `id-token: write`.",
        remedy="Add to the job: permissions: {id-token: write}",
        topic="missing-id-token-permission",
        file=path,
        line=job.line,
    )
