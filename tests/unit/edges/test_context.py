"""Where a run gets its surroundings from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from support.runtimes import recorded_world
from tagship.edges.context import context_of_clone, context_of_runner

if TYPE_CHECKING:
    from pathlib import Path


def test_a_runner_tells_by_variables_and_its_event_file(tmp_path: Path) -> None:
    """The default branch stands in the event; everything else in variables."""
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
def test_a_broken_event_leaves_the_branch_open(tmp_path: Path, content: str) -> None:
    """An event without a repository is no reason to fail: preflight asks git instead."""
    (tmp_path / "event.json").write_text(content)
    assert context_of_runner({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}).default_branch == ""


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        pytest.param("https://github.com/octo/hello.git", "octo/hello", id="by https"),
        pytest.param("git@github.com:octo/hello.git", "octo/hello", id="by ssh"),
        pytest.param("ssh://git@github.com/octo/hello/", "octo/hello", id="with a trailing slash"),
        pytest.param(None, "", id="no remote"),
        pytest.param("/work/octo/hello", "", id="a folder of this machine"),
        pytest.param("file:///work/octo/hello", "", id="a folder by its address"),
    ],
)
def test_a_clone_tells_by_git(tmp_path: Path, remote: str | None, expected: str) -> None:
    """The tag at the head is the reference, and the remote's address names the repository."""
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
