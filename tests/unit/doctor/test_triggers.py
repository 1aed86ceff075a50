"""What starts a release, and what stops it."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.doctor.triggers import on_triggers


def publishing(on: str, *, condition: str = "", given: str = "", top: str = "") -> str:
    """Return a workflow that publishes, started by ``on``."""
    job = "\njobs:\n  publish:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n"
    guarded = job.replace("    steps:", f"    if: {condition}\n    steps:") if condition else job
    return f"on:\n  {on}{top}{guarded}" + (f"        with: {{{given}}}\n" if given else "")


TESTPYPI = "repository-url: https://test.pypi.org/legacy/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(publishing("push: {tags: [v*]}"), [], id="tags"),
        pytest.param(publishing("release: {types: [published]}"), [], id="releases"),
        pytest.param(publishing("workflow_dispatch:"), [], id="a hand"),
        pytest.param(publishing("workflow_call:"), [], id="a call"),
        pytest.param(
            publishing("push: {tags: [v*], branches: [main]}"), [("branches-and-tags", "warning", 2)], id="branches"
        ),
        pytest.param(
            publishing("push: {tags: [v*], branches: [main]}", condition="github.ref_type == 'tag'"),
            [("branches-and-tags", "advice", 2)],
            id="branches, but the job waits for a tag",
        ),
        pytest.param(
            publishing("push: {tags: [v*], branches: [main]}", condition="github.event.action == 'published'"),
            [("branches-and-tags", "advice", 2)],
            id="branches, but the job waits for a release",
        ),
        pytest.param(
            "on: {push: {tags: [v*], branches: [main]}}\nconcurrency: {group: x, cancel-in-progress: true}\n"
            "jobs: {a: {steps: [run: make docs]}}\n",
            [],
            id="docs and checks of a tag",
        ),
        pytest.param(publishing("push:"), [("publishes-without-tag", "warning", 2)], id="every push"),
        pytest.param(publishing("push:", condition="startsWith(github.ref, 'x')"), [], id="every push, held back"),
        pytest.param(publishing("push:", given=TESTPYPI), [], id="every push, to the index for tests"),
        pytest.param(
            publishing("push: {tags: [v*]}\n  schedule:"), [("publishes-without-tag", "warning", 3)], id="the clock"
        ),
        pytest.param(
            publishing("push: {branches: [main]}"), [("publishes-without-tag", "warning", 2)], id="a branch alone"
        ),
        pytest.param("on: push\njobs: {}", [], id="every push, but nothing is published"),
        pytest.param(
            publishing("push: {tags: [v*]}", top="\nconcurrency:\n  group: x\n  cancel-in-progress: true"),
            [("release-cancelled", "warning", 5)],
            id="and a newer run cancels it",
        ),
        pytest.param(
            "on:\n  push: {tags: [v*], branches: [main]}\npermissions: {contents: read}\n"
            "concurrency: {group: x, cancel-in-progress: true}\njobs: {test: {steps: [run: make test]}}",
            [],
            id="tests of a tag, which can release nothing",
        ),
    ],
)
def test_a_release_starts_by_its_tag(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Whatever else starts it is told, unless the job itself waits for a tag."""
    assert told(on_triggers(workflow(text))) == expected
