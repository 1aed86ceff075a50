"""The findings on triggers and concurrency."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.doctor.triggers import on_triggers


def publishing(on: str, *, condition: str = "", given: str = "", top: str = "") -> str:
    """Return a workflow that publishes, triggered by ``on``."""
    job = "\njobs:\n  publish:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n"
    guarded = job.replace("    steps:", f"    if: {condition}\n    steps:") if condition else job
    return f"on:\n  {on}{top}{guarded}" + (f"        with: {{{given}}}\n" if given else "")


TESTPYPI = "repository-url: https://test.pypi.org/legacy/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(publishing("push: {tags: [v*]}"), [], id="tags"),
        pytest.param(publishing("release: {types: [published]}"), [], id="releases"),
        pytest.param(publishing("workflow_dispatch:"), [], id="a manual run"),
        pytest.param(publishing("workflow_call:"), [], id="workflow_call"),
        pytest.param(
            publishing("push: {tags: [v*], branches: [main]}"),
            [("branches-and-tags", "warning", 2)],
            id="branches and tags",
        ),
        pytest.param(
            publishing("push: {tags: [v*], branches: [main]}", condition="github.ref_type == 'tag'"),
            [],
            id="branches, with a condition on the tag",
        ),
        pytest.param(
            publishing("push: {tags: [v*], branches: [main]}", condition="github.event.action == 'published'"),
            [],
            id="branches, with a condition on the release",
        ),
        pytest.param(
            "on: {push: {tags: [v*], branches: [main]}}\nconcurrency: {group: x, cancel-in-progress: true}\n"
            "jobs: {a: {steps: [run: make docs]}}\n",
            [],
            id="docs built from tags",
        ),
        pytest.param(publishing("push:"), [("publishes-without-tag", "warning", 2)], id="every push"),
        pytest.param(
            publishing("push:", condition="startsWith(github.ref, 'x')"), [], id="every push, with a condition"
        ),
        pytest.param(publishing("push:", given=TESTPYPI), [], id="every push, to TestPyPI"),
        pytest.param(
            publishing("push: {tags: [v*]}\n  schedule:"), [("publishes-without-tag", "warning", 3)], id="a schedule"
        ),
        pytest.param(
            publishing("push: {branches: [main]}"), [("publishes-without-tag", "warning", 2)], id="only a branch"
        ),
        pytest.param("on: push\njobs: {}", [], id="every push, without publishing"),
        pytest.param(
            publishing("push: {tags: [v*]}", top="\nconcurrency:\n  group: x\n  cancel-in-progress: true"),
            [("release-cancelled", "warning", 5)],
            id="cancel-in-progress",
        ),
        pytest.param(
            "on:\n  push: {tags: [v*], branches: [main]}\npermissions: {contents: read}\n"
            "concurrency: {group: x, cancel-in-progress: true}\njobs: {test: {steps: [run: make test]}}",
            [],
            id="tests of tags and branches",
        ),
    ],
)
def test_only_tags_trigger_a_release(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Other triggers are reported, unless a condition restricts the job to tags."""
    assert told(on_triggers(workflow(text))) == expected
