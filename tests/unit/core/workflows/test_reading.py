"""Workflow files, with line numbers."""

from __future__ import annotations

from textwrap import dedent

import pytest

from support.workflow_files import PATH, workflow
from tagship.core.workflows.reading import Permissions, Text, Trigger, Unreadable, read_workflow

WHOLE = """\
    on:
      push:
        tags: ["v*"]
        branches: main
      workflow_dispatch:
    permissions: {}
    concurrency:
      group: x
      cancel-in-progress: true
    env:
      A: 3.10
    jobs:
      build:
        runs-on: ubuntu-latest
        permissions: {contents: read}
        env: {B: b}
        steps:
          - name: Check out
            uses: actions/checkout@v7
            with: {fetch-depth: 0, persist-credentials: false}
          - if: always()
            env: {C: c}
            run: |
              make
      publish:
        environment:
          name: pypi
          url: https://pypi.org/p/hello
        if: github.ref_type == 'tag'
        uses: ./.github/workflows/x.yml
        with: {tag: v1}
      other:
        environment: live
"""


def test_a_workflow_is_read_with_its_lines() -> None:
    """Every part keeps its line, and scalars keep their text."""
    read = workflow(WHOLE)
    build, publish, other = read.jobs
    assert read.triggers == {
        "push": Trigger(line=2, filters={"tags": ("v*",), "branches": ("main",)}),
        "workflow_dispatch": Trigger(line=5),
    }
    assert read.permissions == Permissions(line=6)
    assert read.cancels == Text(value="true", line=9)
    assert read.environ == {"A": Text(value="3.10", line=11)}
    assert (build.name, build.line) == ("build", 13)
    assert build.own == build.permissions == Permissions(line=15, scopes={"contents": "read"})
    assert build.environ == {"B": Text(value="b", line=16)}
    assert [step.line for step in build.steps] == [18, 21]
    assert build.steps[0].uses == Text(value="actions/checkout@v7", line=19)
    assert build.steps[0].given == {
        "fetch-depth": Text(value="0", line=20),
        "persist-credentials": Text(value="false", line=20),
    }
    assert build.steps[1].run == Text(value="make\n", line=23)
    assert build.steps[1].condition == Text(value="always()", line=21)
    assert build.steps[1].environ == {"C": Text(value="c", line=22)}
    assert publish.environment == Text(value="pypi", line=27)
    assert publish.address == Text(value="https://pypi.org/p/hello", line=28)
    assert publish.condition == Text(value="github.ref_type == 'tag'", line=29)
    assert publish.uses == Text(value="./.github/workflows/x.yml", line=30)
    assert publish.given == {"tag": Text(value="v1", line=31)}
    assert (publish.own, publish.permissions) == (None, read.permissions)
    assert other.environment == Text(value="live", line=33)


@pytest.mark.parametrize(
    ("text", "events", "only_called"),
    [
        pytest.param("on: push", ["push"], False, id="one trigger"),
        pytest.param("on: [push, release]", ["push", "release"], False, id="a list of triggers"),
        pytest.param("on: workflow_call", ["workflow_call"], True, id="workflow_call"),
        pytest.param("on: {workflow_call: {}, push: }", ["workflow_call", "push"], False, id="workflow_call and push"),
        pytest.param("on:", [""], False, id="an empty value"),
        pytest.param("jobs: {}", [], False, id="no triggers"),
    ],
)
def test_triggers_are_read_in_every_form(text: str, events: list[str], only_called: bool) -> None:
    """A scalar, a list and a mapping are equivalent."""
    read = workflow(text)
    assert list(read.triggers) == events
    assert read.is_only_called is only_called


@pytest.mark.parametrize(
    ("text", "grants", "writes"),
    [
        pytest.param("permissions: write-all", True, True, id="write-all"),
        pytest.param("permissions: read-all", False, False, id="read-all"),
        pytest.param("permissions: {id-token: write}", True, True, id="write permission for the scope"),
        pytest.param("permissions: {id-token: read}", False, False, id="read permission for the scope"),
        pytest.param("permissions: {contents: write}", False, True, id="another scope"),
        pytest.param("permissions:", False, False, id="empty permissions"),
    ],
)
def test_permissions_are_levels_or_scopes(text: str, grants: bool, writes: bool) -> None:
    """Both forms are supported."""
    permissions = workflow(text).permissions
    assert permissions is not None
    assert (permissions.grants("id-token"), permissions.writes) == (grants, writes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("jobs: [1, 2]", id="a list of jobs"),
        pytest.param("jobs: {a: 1, b: {steps: [1, {uses: [2], with: 3}]}}", id="numbers instead of mappings"),
        pytest.param("on: [[push]]\njobs: {a: {steps: {}, environment: [x]}}", id="lists instead of scalars"),
        pytest.param("? [a]\n: b\njobs: &j {a: *j}", id="a recursive mapping"),
    ],
)
def test_invalid_values_are_left_out(text: str) -> None:
    """GitHub refuses such a file, but reading it does not fail."""
    assert not any(job.uses or job.environment for job in workflow(text).jobs)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("on: push\njobs: [", 2, id="invalid YAML"),
        pytest.param("a: \x00", None, id="an invalid character"),
        pytest.param("- a", None, id="a list"),
        pytest.param("", None, id="an empty file"),
        pytest.param("--- a\n--- b", 2, id="two documents"),
        pytest.param("%YAML 1.3\n--- a", None, id="an unknown YAML version"),
        pytest.param("[" * 500, None, id="excessive nesting"),
    ],
)
def test_an_invalid_workflow_has_a_reason(text: str, line: int | None) -> None:
    """The reason is one line of text, with the line number if known."""
    read = read_workflow(PATH, dedent(text))
    assert isinstance(read, Unreadable)
    assert read.reason
    assert "\n" not in read.reason
    assert read.line == line
