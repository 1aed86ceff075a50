"""Whether PyPI would let the workflows in."""

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
    """Return a workflow that publishes, with lines at its top, in its job and in its step."""
    return PUBLISH.format(top=top, job=job, given=given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(workflow(job="    permissions: {id-token: write}\n"), ["fine"], id="the job has the permission"),
        pytest.param(workflow(top="permissions:\n  id-token: write\n"), ["fine"], id="the file has it"),
        pytest.param(workflow(top="permissions: write-all\n"), ["fine"], id="everything is permitted"),
        pytest.param(workflow(), ["problem"], id="nobody has it"),
        pytest.param(
            workflow(top="permissions: {id-token: write}\n", job="    permissions: {contents: read}\n"),
            ["problem"],
            id="the job takes it away",
        ),
        pytest.param(workflow(job="    permissions: {id-token: read}\n"), ["problem"], id="it is not enough"),
        pytest.param(workflow(job="    permissions:\n"), ["problem"], id="an empty permission"),
        pytest.param(
            workflow(given="        with: {password: '${{ secrets.TOKEN }}'}\n"), [], id="it publishes with a token"
        ),
        pytest.param(
            workflow(given="        with: {repository-url: 'https://test.pypi.org/legacy/'}\n"),
            ["problem"],
            id="TestPyPI is no exception",
        ),
        pytest.param(
            workflow(job="    permissions: {id-token: write}\n").replace('push:\n    tags: ["v*"]', "workflow_call:"),
            ["warning"],
            id="a reusable workflow",
        ),
        pytest.param(
            workflow(job="    permissions: {id-token: write}\n").replace("push:", "workflow_call:\n  push:"),
            ["fine"],
            id="a workflow that can be called, too",
        ),
        pytest.param("on: push\njobs: {}\n", [], id="it publishes nothing"),
        pytest.param("# pypa/gh-action-pypi-publish@v1\non: push\njobs: {}\n", [], id="it only speaks of it"),
        pytest.param("pypa/gh-action-pypi-publish@v1: [", [], id="no YAML"),
        pytest.param("- pypa/gh-action-pypi-publish@v1", [], id="YAML that is no workflow"),
        pytest.param(
            "pypa/gh-action-pypi-publish@v1: 1\njobs: {a: 1, b: {steps: [1, {uses: 2, with: 3}]}}", [], id="odd YAML"
        ),
    ],
)
def test_a_job_that_publishes_needs_an_identity(text: str, expected: list[str]) -> None:
    """The advice comes only where trusted publishing is used."""
    assert [item.outcome for item in publishing_findings({PATH: text}, running=PATH)] == expected


def test_what_stops_another_workflow_only_warns() -> None:
    """The running workflow is the one that releases; where none runs, every file counts."""
    broken = {PATH: workflow()}

    assert [item.outcome for item in publishing_findings(broken, running=".github/workflows/x.yml")] == ["warning"]
    assert [item.outcome for item in publishing_findings(broken, running="")] == ["problem"]
