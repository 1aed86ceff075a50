"""The workflows with a part in a release, and the tasks of their jobs."""

from __future__ import annotations

import pytest

from support.workflow_files import workflow
from tagship.core.workflows.jobs import is_privileged, release_workflows, uses_tagship


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on: {push: {tags: [v*]}}", True, id="triggered by tags"),
        pytest.param("on: release", True, id="triggered by a release"),
        pytest.param("on: push\njobs: {a: {steps: [run: uv publish]}}", True, id="publishes"),
        pytest.param("on: push\njobs: {a: {steps: [run: gh release create v1]}}", True, id="releases with gh"),
        pytest.param("on: push\njobs: {a: {steps: [uses: softprops/action-gh-release@v2]}}", True, id="releases"),
        pytest.param(
            "on: workflow_dispatch\njobs: {a: {uses: octo/tagship/.github/workflows/python-build.yml@v1}}",
            True,
            id="calls tagship",
        ),
        pytest.param("on: push\njobs: {a: {steps: [run: make]}}", False, id="runs tests"),
        pytest.param(
            "on: {push: {branches: [main], tags: ['*']}}\njobs: {a: {steps: [run: make]}}",
            False,
            id="runs tests for tags too",
        ),
    ],
)
def test_release_workflows_are_found(text: str, expected: bool) -> None:
    """Workflows that only test are ignored."""
    assert [flow.path for flow in release_workflows({"a": workflow(text, "a")})] == (["a"] if expected else [])


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        pytest.param(
            "on: push\njobs: {lint: {}, test: {}, build: {needs: test}, docs: {permissions: {pages: write}}, "
            "publish: {needs: [build], steps: [run: twine upload]}}",
            ["test", "build", "docs", "publish"],
            id="those that publish or write, and those they need",
        ),
        pytest.param("on: release\njobs: {a: {steps: [run: make]}, b: {}}", ["a", "b"], id="all, if none is known"),
    ],
)
def test_other_jobs_of_a_release_workflow_are_left_out(text: str, jobs: list[str]) -> None:
    """Tests in the same file are ignored, unless the release waits for them."""
    assert [job.name for flow in release_workflows({"a": workflow(text, "a")}) for job in flow.jobs] == jobs


@pytest.mark.parametrize("prefix", ["./", "$/"])
def test_called_workflows_are_included(prefix: str) -> None:
    """Each local workflow is included once, through any number of calls."""
    folder = ".github/workflows"
    flows = {
        f"{folder}/{name}.yml": workflow(
            f"on: {on}\njobs: {{a: {{uses: {prefix}{folder}/{called}.yml}}}}", f"{folder}/{name}.yml"
        )
        for name, on, called in [("a", "release", "b"), ("b", "workflow_call", "a"), ("c", "push", "b")]
    }
    assert [flow.path for flow in release_workflows(flows)] == [f"{folder}/a.yml", f"{folder}/b.yml"]


def test_a_called_workflow_has_the_permissions_of_its_caller() -> None:
    """Its jobs do not get the default of the repository."""
    path = ".github/workflows/b.yml"
    flows = {
        "a": workflow(f"on: release\npermissions: {{contents: read}}\njobs: {{a: {{uses: ./{path}}}}}", "a"),
        path: workflow("on: workflow_call\njobs: {b: {}, c: {permissions: {contents: write}}}", path),
    }
    called = next(flow for flow in release_workflows(flows) if flow.path == path)
    assert [is_privileged(job) for job in called.jobs] == [False, True]


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param("{steps: []}", True, id="default permissions"),
        pytest.param("{permissions: {contents: read}}", False, id="read permissions"),
        pytest.param("{permissions: {packages: write}}", True, id="write permissions"),
        pytest.param("{permissions: {}, env: {A: '${{ secrets.A }}'}}", True, id="a secret in the environment"),
        pytest.param("{permissions: {}, steps: [{run: 'x ${{ secrets.A }}'}]}", True, id="a secret in a script"),
    ],
)
def test_a_job_with_write_access_or_a_secret_is_privileged(job: str, expected: bool) -> None:
    """Default permissions may include write access."""
    assert is_privileged(workflow(f"jobs: {{a: {job}}}").jobs[0]) is expected


def test_our_actions_are_recognised() -> None:
    """Only actions of this repository that fail on a shallow clone count."""
    jobs = workflow("jobs: {a: {steps: [uses: octo/tagship@v1]}, b: {steps: [uses: octo/tagship-not@v1]}}").jobs
    assert [uses_tagship(job) for job in jobs] == [True, False]
