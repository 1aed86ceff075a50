"""The inputs in a project's release workflow, as inputs of actions."""

from __future__ import annotations

import pytest

from tagship.core.workflows.calls import proposed_call, release_call

BUILD = "jobs: {a: {uses: octo/tagship/.github/workflows/python-build.yml@v1, with: {%s}}}"
RELEASE = "jobs: {a: {uses: octo/tagship/.github/workflows/python-release.yml@%s, with: {prefix: x}}}" % ("a" * 40)
BOTH = (
    BUILD[:-1] % "tag-prefix: none"
    + ", b: {uses: octo/tagship/.github/workflows/github-release.yml@v1, with: {plan: '${{ x }}'}}}"
)
ROOT = "jobs: {a: {steps: [{uses: octo/tagship@v1, with: {%s}}]}}"
GATE = "jobs: {a: {steps: [{uses: octo/tagship/actions/quality-gate@v1, with: {command: mypy}}]}}"
STEPS = (
    "jobs: {a: {steps: [{uses: octo/tagship/actions/verify-wheel@v1, with: {wheel: a.whl, imports: b}},"
    " {uses: octo/tagship/actions/gh-release@v1, with: {draft: true, files: x, token: y}}]}}"
)


OWN = {
    ".github/workflows/python-build.yml": """
        on: {workflow_call: {inputs: {tag-prefix: {default: v}, checks: {default: ''}, extras: {default: ''}}}}
        jobs:
          gate:
            steps:
              - uses: actions/checkout@v7
                with: {ref: '${{ inputs.tag-prefix }}'}
              - uses: $/actions/quality-gate
                with: {command: '${{ inputs.checks }}', extras: '${{ inputs.extras }}', python: '${{ inputs.extras }}'}
              - uses: $/actions/verify-wheel
                with: {tag-prefix: '${{ inputs.tag-prefix || 1 }}', wheel: '${{ inputs.extras }}'}
              - uses: $/actions/preflight
                with: {tag-prefix: '${{ inputs.tag-prefix }}'}
        """,
    ".github/workflows/python-release.yml": """
        on: {workflow_call: {inputs: {prefix: {default: w}}}}
        jobs:
          build: {uses: $/.github/workflows/python-build.yml, with: {tag-prefix: '${{ inputs.prefix }}'}}
        """,
    ".github/workflows/github-release.yml": """
        on: {workflow_call: {inputs: {plan: {}}}}
        jobs:
          release:
            steps:
              - {uses: $/actions/gh-release, with: {tag-prefix: "${{ fromJSON(inputs.plan || '{}').tag-prefix }}"}}
        """,
}
PREFIX = ("preflight", "tag-prefix")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(BUILD % "tag-prefix: none", {PREFIX: "none"}, id="an input of one action"),
        pytest.param(
            BUILD % "checks: mypy, extras: a",
            {PREFIX: "v", ("quality-gate", "command"): "mypy", ("quality-gate", "extras"): "a"},
            id="an input with another name, and a default",
        ),
        pytest.param(
            BUILD % "checks: '${{ vars.x }}', extras: ''", {PREFIX: "v"}, id="an expression and an empty value"
        ),
        pytest.param(RELEASE, {PREFIX: "x"}, id="an input that the called workflow passes on"),
        pytest.param(
            BOTH, {PREFIX: "none", ("gh-release", "tag-prefix"): "none"}, id="an input of the build in its plan"
        ),
        pytest.param(ROOT % "command: mypy, token: x", {("", "command"): "mypy"}, id="the action at the root"),
        pytest.param(
            STEPS, {("verify-wheel", "imports"): "b", ("gh-release", "draft"): "true"}, id="the actions in steps"
        ),
    ],
)
def test_inputs_are_those_of_the_actions(text: str, expected: dict[tuple[str, str], str]) -> None:
    """Each literal input is passed to the actions that the workflow passes it to."""
    call = release_call({"a.yml": text}, ".", OWN)
    assert call is not None
    assert dict(call.inputs) == expected


def test_what_the_workflow_sets_is_kept() -> None:
    """The inputs as written, and those of the reusable workflow with its defaults, are those of the call."""
    call = release_call({"a.yml": BUILD % "extras: a"}, ".", OWN)
    assert call is not None
    assert (call.path, dict(call.given)) == ("a.yml", {"extras": "a"})
    assert dict(call.settings) == {"extras": "a", "tag-prefix": "v"}


def test_a_proposal_calls_the_whole_pipeline() -> None:
    """Without a workflow the inputs are those of python-release.yml, which passes them on."""
    assert dict(proposed_call({"prefix": "none"}, OWN).inputs) == {PREFIX: "none"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GATE, id="a workflow that only checks"),
        pytest.param(BUILD % "working-directory: packages/a", id="a workflow for another package"),
        pytest.param("octo/tagship: [", id="not a workflow"),
    ],
)
def test_other_workflows_do_not_count(text: str) -> None:
    """Only the workflow that releases the project has its inputs."""
    assert release_call({"a.yml": text}, ".", OWN) is None
