"""The findings on jobs that others need."""

from __future__ import annotations

import pytest

from tagship.core.workflows.reading import Workflow, read_workflow
from tagship.doctor.triggers import on_needs

PLAN = "with: {plan: '${{ needs.build.outputs.plan }}'}"


@pytest.mark.parametrize(
    ("release", "found"),
    [
        pytest.param(f"needs: [build, publish]\n    {PLAN}", [], id="all needed"),
        pytest.param(f"needs: [buld]\n    {PLAN}", ["needs the job buld", "reads `needs.build`"], id="a misspelling"),
        pytest.param(f"needs: publish\n    {PLAN}", ["reads `needs.build`"], id="an output of another job"),
        pytest.param(
            "needs: publish\n    steps: [{if: \"needs.build.outputs.release == 'true'\", run: x}]",
            ["reads `needs.build`"],
            id="in the condition of a step",
        ),
    ],
)
def test_a_job_reads_only_jobs_that_it_needs(release: str, found: list[str]) -> None:
    """GitHub rejects an unknown job, and an output of a job that is not needed is empty."""
    text = f"on: push\njobs:\n  build: {{steps: []}}\n  publish: {{steps: []}}\n  release:\n    {release}\n"
    workflow = read_workflow("release.yml", text)
    assert isinstance(workflow, Workflow)
    findings = list(on_needs(workflow))
    assert [part for part, finding in zip(found, findings, strict=True) if part not in finding.found] == []


def test_the_remedy_names_existing_jobs_only() -> None:
    """The line can be pasted: it does not repeat the misspelling."""
    text = f"on: push\njobs:\n  build: {{steps: []}}\n  release:\n    needs: [buld]\n    {PLAN}\n"
    workflow = read_workflow("release.yml", text)
    assert isinstance(workflow, Workflow)
    assert [finding.remedy for finding in on_needs(workflow)][-1] == "Add it: needs: [build]"
