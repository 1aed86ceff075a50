"""What a project's workflows tell ours."""

from __future__ import annotations

import pytest

from tagship.core.workflows.own_inputs import own_inputs

JOB = "jobs:\n  a:\n    uses: OWNER/tagship/.github/workflows/python-build.yml@v1\n    with: {%s}\n"
STEP = "jobs: {a: {steps: [{uses: OWNER/tagship/actions/preflight@v1, with: {%s}}]}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(JOB % "changelog: a.md, tag-prefix: x", {"changelog": "a.md", "tag-prefix": "x"}, id="in a call"),
        pytest.param(STEP % "heading-prefix: x", {"heading-prefix": "x"}, id="in a step"),
        pytest.param(JOB % "changelog: a.md, working-directory: b", {}, id="for another package"),
        pytest.param(JOB % "changelog: a.md, working-directory: ./", {"changelog": "a.md"}, id="for the top"),
        pytest.param(JOB % "changelog: '${{ inputs.changelog }}'", {}, id="computed"),
        pytest.param(JOB % "changelog: ''", {}, id="empty"),
        pytest.param((JOB % "changelog: a.md").replace("OWNER/tagship", "octo/tagship"), {}, id="to somebody else"),
        pytest.param("OWNER/tagship: [", {}, id="in no workflow"),
    ],
)
def test_what_is_given_to_ours_is_known(text: str, expected: dict[str, str]) -> None:
    """Only what stands there as it is, and only for the package that is looked at."""
    assert own_inputs({"a.yml": text}, ".") == expected


def test_the_first_of_several_counts() -> None:
    """By the order of the files."""
    files = {"b.yml": JOB % "changelog: b.md, tag-prefix: x", "a.yml": JOB % "changelog: a.md"}
    assert own_inputs(files, ".") == {"changelog": "a.md", "tag-prefix": "x"}


def test_each_package_of_a_repository_has_its_own() -> None:
    """By the folder it stands in."""
    assert own_inputs({"a.yml": JOB % "changelog: b.md, working-directory: packages/b/"}, "packages/b") == {
        "changelog": "b.md"
    }
