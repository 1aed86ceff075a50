"""The whole release as one step, on a project that builds itself."""

from __future__ import annotations

from inspect import get_annotations
from typing import TYPE_CHECKING

import pytest

from support.backends import PROJECT
from support.github import TOKEN, github_under_test
from support.repositories import GitRepository, new_repository
from support.running import run_action
from support.runtimes import recorded_world
from tagship.actions import NAMES, load
from tagship.contract.fields import inputs_of

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.contract.fields import Input

OTHERS = [action for action in map(load, NAMES) if action.name not in {"release", "verify-release"}]
ROOT = load("release")
CHANGELOG = "# Changelog\n\n## 1.2.0 - 2026-11-01\n\n- More\n"


def project(path: Path, *, changelog: str = CHANGELOG) -> GitRepository:
    """Return a repository that is ready for the release of v1.2.0."""
    return new_repository(path, {**PROJECT, "CHANGELOG.md": changelog}, tag="v1.2.0")


@pytest.mark.parametrize("item", inputs_of(ROOT.inputs), ids=lambda item: item.name)
def test_an_input_is_declared_alike_in_every_action(item: Input) -> None:
    """Every input is also one of another action, with the same type, default and annotation everywhere.

    The description is also the same, except that each action names the permission of its token and the use of its
    variables.
    """
    owners = [action for action in OTHERS if item.name in {other.name for other in inputs_of(action.inputs)}]
    declared = [next(other for other in inputs_of(owner.inputs) if other.name == item.name) for owner in owners]
    types = {get_annotations(owner.inputs)[item.attribute] for owner in [*owners, ROOT]}
    assert declared
    assert {(other.parser.says, other.default) for other in declared} == {(item.parser.says, item.default)}
    assert item.name in {"token", "env"} or {other.description for other in declared} == {item.description}
    assert len(types) == 1


def test_a_tag_becomes_a_release_with_both_files(tmp_path: Path) -> None:
    """All actions run in order, and the release has the built files and the notes of its version."""
    repository = project(tmp_path / "work")
    commit = repository.git("rev-parse", "HEAD")
    with github_under_test(
        tmp_path / "github", repository={"branches": {"main": commit}, "tags": {"v1.2.0": commit}}
    ) as hub:
        recorded = recorded_world(
            repository.path, tmp_path / "temporary", api_url=hub.server.url, sha=commit, token=TOKEN
        )
        ran = run_action("release", recorded, index_url="none", command="true", install="none")
        assert ran.failure is None, str(ran.failure)
        assert (ran.outputs.released, ran.outputs.version) == (True, "1.2.0")
        assert ran.outputs.url.endswith("/octo/hello/releases/tag/v1.2.0")
        assert sorted(asset["name"] for asset in hub.release["assets"]) == [
            "hello-1.2.0-py3-none-any.whl",
            "hello-1.2.0.tar.gz",
        ]
        assert "- More" in hub.release["body"]


def test_a_problem_stops_the_run_before_a_release(tmp_path: Path) -> None:
    """A missing section is found before the build, and GitHub has no draft."""
    repository = project(tmp_path / "work", changelog="# Changelog\n\n## 1.1.0\n\n- Old\n")
    with github_under_test(tmp_path / "github") as hub:
        recorded = recorded_world(repository.path, tmp_path / "temporary", api_url=hub.server.url, token=TOKEN)
        ran = run_action("release", recorded, index_url="none", command="true", install="none")
        assert (ran.topics, hub.releases) == (["missing-section"], [])
    assert not (repository.path / "dist").exists()


def test_a_branch_is_built_and_verified_but_not_released(tmp_path: Path) -> None:
    """A manual run on a branch does not write to GitHub."""
    repository = project(tmp_path / "work")
    recorded = recorded_world(
        repository.path, tmp_path / "temporary", ref_name="main", ref_type="branch", event_name="workflow_dispatch"
    )
    ran = run_action("release", recorded, index_url="none", command="true", install="none")
    assert ran.failure is None, str(ran.failure)
    assert (ran.outputs.released, ran.outputs.url, ran.outputs.version) == (False, "", "1.2.0")
