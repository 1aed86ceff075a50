"""The findings on the inputs in calls of tagship."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.doctor.triggers import on_inputs


def call(uses: str, given: str) -> str:
    """Return a workflow with a job or step that uses tagship with the inputs ``given``, a line each."""
    inputs = "".join(f"          {line}\n" for line in given.splitlines())
    if ".github" in uses:
        return f"jobs:\n  a:\n    uses: octo/tagship/{uses}@v1\n    with:\n{inputs}"
    return f"jobs:\n  a:\n    steps:\n      - uses: octo/tagship/{uses}@v1\n        with:\n{inputs}"


@pytest.mark.parametrize(
    ("uses", "given", "expected", "remedy"),
    [
        pytest.param("actions/gh-release", "draft: true", [], "", id="a known input"),
        pytest.param("actions/gh-release", "Draft: true", [], "", id="another case"),
        pytest.param("actions/nothing", "draft: true", [], "", id="an action that does not exist"),
        pytest.param(
            "actions/gh-release", "tag: v1\ndrafts: true", [("wrong-inputs", "error", 7)], "draft?", id="of an action"
        ),
        pytest.param(
            ".github/workflows/python-build.yml",
            "tag_prefix: v",
            [("wrong-inputs", "error", 5)],
            "tag-prefix?",
            id="of a reusable workflow",
        ),
    ],
)
def test_an_unknown_input_is_an_error(
    uses: str, given: str, expected: list[tuple[str, str, int | None]], remedy: str
) -> None:
    """GitHub rejects the workflow, or the action fails; the nearest input is suggested."""
    found = list(on_inputs(workflow(call(uses, given))))
    assert told(found) == expected
    assert all(f"Did you mean {remedy}" in finding.remedy for finding in found)
