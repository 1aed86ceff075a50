"""Whether the workflows that publish by trusted publishing would be let in by PyPI.

Source of the rules: https://docs.pypi.org/trusted-publishers/using-a-publisher/ and, on reusable workflows,
https://docs.pypi.org/trusted-publishers/troubleshooting/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.preflight.finding import Finding, fine, stopped, warned
from tagship.core.workflows.publications import PUBLISH_ACTION, is_trusted
from tagship.core.workflows.reading import Workflow, read_workflow
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.core.workflows.reading import Job


def publishing_findings(workflows: Mapping[str, str], *, running: str) -> Iterator[Finding]:
    """Yield a finding for each workflow that publishes by trusted publishing, and none where no one does.

    ``workflows`` is the text of the files in ``.github/workflows`` by path; ``running`` the path of the one that runs,
    or empty where none does. What would stop another workflow than the running one is a warning.
    """
    for path, text in sorted(workflows.items()):
        workflow = read_workflow(path, text) if PUBLISH_ACTION in text else None
        if not isinstance(workflow, Workflow):
            # GitHub itself refuses a file that is no workflow.
            continue
        for job in workflow.jobs:
            if not any(map(is_trusted, job.steps)):
                continue
            if workflow.is_only_called:
                yield warned("Publishing", _reusable(path, job))
            elif job.permissions and job.permissions.grants("id-token"):
                yield fine(
                    "Publishing", f"The job {job.name} of {path} may ask for its identity, as trusted publishing does."
                )
            elif running in ("", path):
                yield stopped("Publishing", _not_granted(path, job))
            else:
                yield warned("Publishing", _not_granted(path, job))


def _reusable(path: str, job: Job) -> Problem:
    return Problem(
        found=f"{path} is a reusable workflow, and its job {job.name} publishes by trusted publishing.",
        remedy="Move that job into the workflow that calls it: PyPI does not support a reusable workflow as publisher.",
        topic="reusable-publisher",
        file=path,
        line=job.line,
    )


def _not_granted(path: str, job: Job) -> Problem:
    return Problem(
        found=f"The job {job.name} of {path} publishes by trusted publishing without the permission for it.",
        remedy="Give that job: permissions: {id-token: write}",
        topic="no-id-token",
        file=path,
        line=job.line,
    )
