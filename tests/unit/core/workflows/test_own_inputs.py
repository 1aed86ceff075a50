"""The inputs that a project's workflows pass to tagship."""

from __future__ import annotations

import pytest

from tagship.core.workflows.calls import own_inputs

JOB = "jobs:\n  a:\n    uses: octo/tagship/.github/workflows/python-build.yml@v1\n    with: {%s}\n"
STEP = "jobs: {a: {steps: [{uses: octo/tagship/actions/preflight@v1, with: {%s}}]}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(JOB % "changelog: a.md, tag-prefix: x", {"changelog": "a.md", "tag-prefix": "x"}, id="in a call"),
        pytest.param(STEP % "heading-prefix: x", {"heading-prefix": "x"}, id="in a step"),
        pytest.param(JOB % "changelog: a.md, working-directory: b", {}, id="for another package"),
        pytest.param(
            JOB % "changelog: a.md, working-directory: ./", {"changelog": "a.md"}, id="for the top-level project"
        ),
        pytest.param(JOB % "changelog: '${{ inputs.changelog }}'", {}, id="an expression"),
        pytest.param(JOB % "changelog: ''", {}, id="an empty value"),
        pytest.param((JOB % "changelog: a.md").replace("octo/tagship", "octo/hello"), {}, id="for another repository"),
        pytest.param(
            (JOB % "changelog: a.md").replace("octo/tagship", "octo/tagship"), {"changelog": "a.md"}, id="for a fork"
        ),
        pytest.param("octo/tagship: [", {}, id="not a workflow"),
    ],
)
def test_inputs_are_read_from_the_workflow(text: str, expected: dict[str, str]) -> None:
    """Only literal values for the given package count."""
    assert own_inputs({"a.yml": text}, ".") == expected


def test_the_first_value_counts() -> None:
    """Files are sorted by path."""
    files = {"b.yml": JOB % "changelog: b.md, tag-prefix: x", "a.yml": JOB % "changelog: a.md"}
    assert own_inputs(files, ".") == {"changelog": "a.md", "tag-prefix": "x"}


def test_each_package_has_its_own_inputs() -> None:
    """The working directory identifies the package."""
    assert own_inputs({"a.yml": JOB % "changelog: b.md, working-directory: packages/b/"}, "packages/b") == {
        "changelog": "b.md"
    }
