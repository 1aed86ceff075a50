"""Which workflows have a part in a release, and what their jobs do."""

from __future__ import annotations

import pytest

from support.workflow_files import workflow
from tagship.core.workflows.jobs import is_privileged, release_workflows, uses_tagship


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on: {push: {tags: [v*]}}", True, id="starts by tags"),
        pytest.param("on: release", True, id="starts by a release"),
        pytest.param("on: push\njobs: {a: {steps: [run: uv publish]}}", True, id="publishes"),
        pytest.param("on: push\njobs: {a: {steps: [run: gh release create v1]}}", True, id="releases by gh"),
        pytest.param("on: push\njobs: {a: {steps: [uses: softprops/action-gh-release@v2]}}", True, id="releases"),
        pytest.param(
            "on: workflow_dispatch\njobs: {a: {uses: OWNER/tagship/.github/workflows/python-build.yml@v1}}",
            True,
            id="calls us",
        ),
        pytest.param("on: push\njobs: {a: {steps: [run: make]}}", False, id="checks"),
    ],
)
def test_a_workflow_is_looked_at_where_it_releases(text: str, expected: bool) -> None:
    """What only tests is left alone."""
    assert [flow.path for flow in release_workflows({"a": workflow(text, "a")})] == (["a"] if expected else [])


@pytest.mark.parametrize("prefix", ["./", "$/"])
def test_what_a_release_calls_is_looked_at_too(prefix: str) -> None:
    """Through as many calls as there are, and once."""
    folder = ".github/workflows"
    flows = {
        f"{folder}/{name}.yml": workflow(
            f"on: {on}\njobs: {{a: {{uses: {prefix}{folder}/{called}.yml}}}}", f"{folder}/{name}.yml"
        )
        for name, on, called in [("a", "release", "b"), ("b", "workflow_call", "a"), ("c", "push", "b")]
    }
    assert [flow.path for flow in release_workflows(flows)] == [f"{folder}/a.yml", f"{folder}/b.yml"]


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param("{steps: []}", True, id="the default, which may be much"),
        pytest.param("{permissions: {contents: read}}", False, id="only reading"),
        pytest.param("{permissions: {packages: write}}", True, id="writing"),
        pytest.param("{permissions: {}, env: {A: '${{ secrets.A }}'}}", True, id="a secret"),
        pytest.param("{permissions: {}, steps: [{run: 'x ${{ secrets.A }}'}]}", True, id="a secret in a script"),
    ],
)
def test_a_job_is_trusted_with_what_could_be_stolen(job: str, expected: bool) -> None:
    """A token that writes, or a secret."""
    assert is_privileged(workflow(f"jobs: {{a: {job}}}").jobs[0]) is expected


def test_our_actions_are_known() -> None:
    """Those that refuse a shallow checkout."""
    jobs = workflow("jobs: {a: {steps: [uses: OWNER/tagship@v1]}, b: {steps: [uses: OWNER/tagship-not@v1]}}").jobs
    assert [uses_tagship(job) for job in jobs] == [True, False]
