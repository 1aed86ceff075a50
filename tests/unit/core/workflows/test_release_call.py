"""The inputs in a project's release workflow, as inputs of actions."""

from __future__ import annotations

import pytest

from tagship.core.workflows.release_call import release_call

BUILD = "jobs: {a: {uses: OWNER/tagship/.github/workflows/python-build.yml@v1, with: {%s}}}"
ROOT = "jobs: {a: {steps: [{uses: OWNER/tagship@v1, with: {%s}}]}}"
GATE = "jobs: {a: {steps: [{uses: OWNER/tagship/actions/quality-gate@v1, with: {command: mypy}}]}}"
STEPS = (
    "jobs: {a: {steps: [{uses: OWNER/tagship/actions/verify-wheel@v1, with: {wheel: a.whl, imports: b}},"
    " {uses: OWNER/tagship/actions/gh-release@v1, with: {draft: true, files: x, token: y}}]}}"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(BUILD % "tag-prefix: none", {("", "tag-prefix"): "none"}, id="an input of every action"),
        pytest.param(BUILD % "check: mypy", {("quality-gate", "command"): "mypy"}, id="an input with another name"),
        pytest.param(BUILD % "extras: a", {("quality-gate", "extras"): "a"}, id="an input of one action"),
        pytest.param(BUILD % "runs-on: x, artifact: y, index-url: z, tag: t", {}, id="inputs that a rehearsal sets"),
        pytest.param(BUILD % "changelog: '${{ vars.x }}', check: ''", {}, id="an expression and an empty value"),
        pytest.param(ROOT % "command: mypy, token: x", {("", "command"): "mypy"}, id="the action at the root"),
        pytest.param(
            STEPS, {("verify-wheel", "imports"): "b", ("gh-release", "draft"): "true"}, id="the actions in steps"
        ),
    ],
)
def test_inputs_are_those_of_the_actions(text: str, expected: dict[tuple[str, str], str]) -> None:
    """Each literal input is passed to the actions that the workflow passes it to."""
    call = release_call({"a.yml": text}, ".", pythons="3.11")
    assert call is not None
    assert dict(call.inputs) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(BUILD % "python-versions: auto", "auto", id="set"),
        pytest.param(BUILD % "check: mypy", "3.11", id="the default of the reusable workflow"),
        pytest.param(ROOT % "command: mypy", "", id="no matrix"),
    ],
)
def test_the_pythons_are_those_of_the_workflow(text: str, expected: str) -> None:
    """A reusable workflow without python-versions has its default."""
    call = release_call({"a.yml": text}, ".", pythons="3.11")
    assert call is not None
    assert call.pythons == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GATE, id="a workflow that only checks"),
        pytest.param(BUILD % "working-directory: packages/a", id="a workflow for another package"),
        pytest.param("OWNER/tagship: [", id="not a workflow"),
    ],
)
def test_other_workflows_do_not_count(text: str) -> None:
    """Only the workflow that releases the project has its inputs."""
    assert release_call({"a.yml": text}, ".", pythons="") is None
