"""The context of a run, from a runner and from a clone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from support.runtimes import recorded_world
from tagship.edges.context import context_of_clone, context_of_runner

if TYPE_CHECKING:
    from pathlib import Path


def test_a_runner_has_variables_and_an_event_file(tmp_path: Path) -> None:
    """The default branch is in the event, everything else in variables."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "trunk"}}))
    context = context_of_runner(
        {
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_REF_NAME": "v1",
            "GITHUB_REF_TYPE": "tag",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_RUN_ID": "7",
            "GITHUB_TOKEN": "hidden",
        }
    )
    assert (context.default_branch, context.run_url, context.token) == (
        "trunk",
        "https://github.com/o/r/actions/runs/7",
        "",
    )
    assert context.expressions()["ref_name"] == "v1"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"repository": null}'])
def test_an_invalid_event_has_no_default_branch(tmp_path: Path, content: str) -> None:
    """It is not a failure, because preflight then reads the branch from git."""
    (tmp_path / "event.json").write_text(content)
    assert context_of_runner({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}).default_branch == ""


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        pytest.param("https://github.com/octo/hello.git", "octo/hello", id="https"),
        pytest.param("git@github.com:octo/hello.git", "octo/hello", id="ssh"),
        pytest.param("ssh://git@github.com/octo/hello/", "octo/hello", id="with a trailing slash"),
        pytest.param(None, "", id="no remote"),
        pytest.param("/work/octo/hello", "", id="a local path"),
        pytest.param("file:///work/octo/hello", "", id="a file URL"),
    ],
)
def test_a_clone_has_a_tag_and_a_remote(tmp_path: Path, remote: str | None, expected: str) -> None:
    """The ref is the tag at HEAD, and the repository is the one of the remote's URL."""
    repository = new_repository(tmp_path / "a", tag="v1.0")
    if remote:
        repository.git("remote", "add", "origin", remote)
    git = recorded_world(repository.path, tmp_path / "t").runtime.git()
    context = context_of_clone(git, {"GH_TOKEN": "x"})
    assert (context.repository, context.ref_name, context.ref_type, context.default_branch, context.token) == (
        expected,
        "v1.0",
        "tag",
        "main",
        "x",
    )
