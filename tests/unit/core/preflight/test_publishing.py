"""The checks of trusted publishing in workflows."""

from __future__ import annotations

import pytest

from tagship.core.preflight.publishing import publishing_findings

PATH = ".github/workflows/release.yml"
PUBLISH = """\
on:
  push:
    tags: ["v*"]
{top}jobs:
  build:
    runs-on: ubuntu-latest
    steps: [run: make]
  publish:
    runs-on: ubuntu-latest
{job}    steps:
      - uses: actions/download-artifact@v8
      - uses: pypa/gh-action-pypi-publish@release/v1
{given}
"""


def workflow(*, top: str = "", job: str = "", given: str = "") -> str:
    """Return a workflow that publishes, with extra lines at the top level, in its job and in its step."""
    return PUBLISH.format(top=top, job=job, given=given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(workflow(job="    permissions: {id-token: write}\n"), ["passed"], id="the job has the permission"),
        pytest.param(
            workflow(top="permissions:\n  id-token: write\n"), ["passed"], id="the top level has the permission"
        ),
        pytest.param(workflow(top="permissions: write-all\n"), ["passed"], id="write-all"),
        pytest.param(workflow(), ["failed"], id="no permissions"),
        pytest.param(
            workflow(top="permissions: {id-token: write}\n", job="    permissions: {contents: read}\n"),
            ["failed"],
            id="the job removes the permission",
        ),
        pytest.param(workflow(job="    permissions: {id-token: read}\n"), ["failed"], id="read permission only"),
        pytest.param(workflow(job="    permissions:\n"), ["failed"], id="empty permissions"),
        pytest.param(
            workflow(given="        with: {password: '${{ secrets.TOKEN }}'}\n"), [], id="publishing with a token"
        ),
        pytest.param(
            workflow(given="        with: {repository-url: 'https://test.pypi.org/legacy/'}\n"),
            ["failed"],
            id="publishing to TestPyPI",
        ),
        pytest.param(
            workflow(job="    permissions: {id-token: write}\n").replace('push:\n    tags: ["v*"]', "workflow_call:"),
            ["warned"],
            id="a reusable workflow",
        ),
        pytest.param(
            workflow(job="    permissions: {id-token: write}\n").replace("push:", "workflow_call:\n  push:"),
            ["passed"],
            id="a workflow that can also be called",
        ),
        pytest.param("on: push\njobs: {}\n", [], id="no publish step"),
        pytest.param("# pypa/gh-action-pypi-publish@v1\non: push\njobs: {}\n", [], id="the action in a comment"),
        pytest.param("pypa/gh-action-pypi-publish@v1: [", [], id="invalid YAML"),
        pytest.param("- pypa/gh-action-pypi-publish@v1", [], id="YAML that is not a workflow"),
        pytest.param(
            "pypa/gh-action-pypi-publish@v1: 1\njobs: {a: 1, b: {steps: [1, {uses: 2, with: 3}]}}",
            [],
            id="values of the wrong type",
        ),
    ],
)
def test_trusted_publishing_requires_id_token(text: str, expected: list[str]) -> None:
    """Only jobs with trusted publishing are checked."""
    assert [item.outcome for item in publishing_findings({PATH: text}, running=PATH)] == expected


def test_a_problem_in_another_workflow_is_a_warning() -> None:
    """The running workflow releases; outside of a run every file counts."""
    broken = {PATH: workflow()}

    assert [item.outcome for item in publishing_findings(broken, running=".github/workflows/x.yml")] == ["warned"]
    assert [item.outcome for item in publishing_findings(broken, running="")] == ["failed"]
