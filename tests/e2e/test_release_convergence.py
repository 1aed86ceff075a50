"""Convergence: gh-release, killed at any request or run twice at once, ends in one complete release."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from support.github import GitHubUnderTest, github_under_test
from support.killing import finish, start, wait_for

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"a__whl": "wheel", "b__gz": "sdist", "c__txt": "text"}
GIVEN = {"notes": "Notes.", "checksums": "true", "parallel": "2"}
READS, LAST = 2, 9
"""Requests of a run with four files, one of them the checksums: it begins with two reads."""


def end_state(github: GitHubUnderTest) -> dict[str, Any]:
    """Return the properties of the only release that do not depend on time."""
    release = github.release
    assets = sorted((asset["name"], asset["state"], asset["digest"]) for asset in release["assets"])
    kept = {name: release[name] for name in ("tag_name", "name", "body", "draft", "prerelease")}
    return {**kept, "assets": assets, "latest": github.latest == release["id"]}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the end state of a run without faults."""
    with github_under_test(tmp_path_factory.mktemp("undisturbed")) as github:
        github.write(**FILES)
        assert finish(start(github, **GIVEN)) == 0
        assert len(github.requests()) == LAST
        return end_state(github)


@pytest.mark.parametrize("fault", [None, {"status": 502, "when": "before"}, {"drop": True, "when": "after"}])
@pytest.mark.parametrize("killed_at", range(READS, LAST + 1))
def test_a_run_killed_at_any_request_is_completed_by_the_next(
    tmp_path: Path, undisturbed: dict[str, Any], killed_at: int, fault: dict[str, Any] | None
) -> None:
    """A run killed after the effect and before the answer of any request is completed by the next run.

    With a fault, the previous request failed before its effect, or lost its answer.
    """
    hang = {"nth": [killed_at], "delay": 60, "when": "after"}
    faults = [hang, *([{**fault, "nth": [killed_at - 1]}] if fault else [])]
    with github_under_test(tmp_path, faults=faults) as github:
        github.write(**FILES)
        process = start(github, "killed", **GIVEN)
        assert wait_for(github, killed_at)
        time.sleep(0.1)
        process.kill()
        assert finish(process) == -9
        github.configure()
        assert finish(start(github, "again", **GIVEN)) == 0
        assert end_state(github) == undisturbed


@pytest.mark.parametrize("lead", [0.0, 0.05, 0.15, 0.3])
def test_two_runs_at_once_end_in_one_release(tmp_path: Path, undisturbed: dict[str, Any], lead: float) -> None:
    """Both runs succeed, and there is one release with every file once and complete."""
    with github_under_test(tmp_path, latency=0.03) as github:
        github.write(**FILES)
        first = start(github, "first", **GIVEN)
        time.sleep(lead)
        second = start(github, "second", **GIVEN)
        assert (finish(first), finish(second)) == (0, 0)
        assert end_state(github) == undisturbed


def test_replacing_the_files_of_a_published_release_survives_a_kill(tmp_path: Path) -> None:
    """A run killed at any request while it replaces published files is completed by the next run."""
    assets = [{"name": name, "content": "old"} for name in ("a.whl", "b.gz")]
    for killed_at in range(2, 9):
        release = {"tag_name": "v1.2.0", "name": "v1.2.0", "body": "", "assets": assets}
        hang = {"nth": [killed_at], "delay": 60, "when": "after"}
        with github_under_test(tmp_path / str(killed_at), repository={"releases": [release]}, faults=[hang]) as github:
            github.write(a__whl="brand new", b__gz="brand new too")
            process = start(github, "killed", assets="exact", parallel="1")
            wait_for(github, killed_at)
            time.sleep(0.1)
            process.kill()
            finish(process)
            github.configure()
            assert finish(start(github, "again", assets="exact")) == 0
            assert [asset[0] for asset in end_state(github)["assets"]] == ["a.whl", "b.gz"]
            assert sorted(asset["size"] for asset in github.release["assets"]) == [9, 13]
