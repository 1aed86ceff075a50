"""The history of a tag, read from real repositories."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from support.repositories import GitRepository, new_repository
from tagship.edges.git import Repository, read_history
from tagship.edges.processes import Processes

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.preflight.history import History


def history(repository: GitRepository, tag: str | None, *branches: str) -> History | None:
    """Read the history of the tag and the branches."""
    return read_history(
        Repository(directory=repository.path, processes=Processes(environ=dict(os.environ))), tag, branches
    )


def test_a_tag_and_its_branches(tmp_path: Path) -> None:
    """An annotated tag is resolved to its commit; a missing branch is None."""
    repository = new_repository(tmp_path / "repository", tag="v1.0")
    tagged = repository.commit({"a": "1"})
    repository.git("tag", "--annotate", "--message", "x", "v1.1")
    repository.git("branch", "old", "v1.0")
    head = repository.commit({"a": "2"})

    found = history(repository, "v1.1", "main", "old", "gone")

    assert found is not None
    assert (found.head, found.tagged, found.shallow) == (head, tagged, False)
    assert (set(found.tags), set(found.merged)) == ({"v1.0", "v1.1"}, {"v1.0", "v1.1"})
    assert found.branches == {"main": True, "old": False, "gone": None}


def test_without_a_tag_the_history_is_that_of_head(tmp_path: Path) -> None:
    """Tags of other branches are listed, but not as merged."""
    repository = new_repository(tmp_path / "repository", tag="v1.0")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit({"a": "1"})
    repository.git("tag", "v2.0")
    repository.git("checkout", "--quiet", "main")

    found = history(repository, None, "main")

    assert found is not None
    assert (found.tagged, set(found.tags), list(found.merged)) == (None, {"v1.0", "v2.0"}, ["v1.0"])


def test_a_branch_of_the_remote_is_used(tmp_path: Path) -> None:
    """A runner has only remote branches; a stale local branch does not hide them."""
    origin = new_repository(tmp_path / "origin")
    clone = GitRepository(tmp_path / "clone")
    origin.commit({"a": "1"})
    origin.git("tag", "v1.0")
    origin.git("clone", "--quiet", origin.path.as_uri(), str(clone.path))
    clone.git("checkout", "--quiet", "--detach", "v1.0")
    clone.git("branch", "--force", "main", "v1.0~1")

    found = history(clone, "v1.0", "main")

    assert found is not None
    assert found.branches == {"main": True}


def test_a_pattern_includes_every_branch_that_matches(tmp_path: Path) -> None:
    """A project with a branch for each series needs no new setting for the next one."""
    repository = new_repository(tmp_path / "repository")
    repository.git("checkout", "--quiet", "-b", "1.9.x")
    repository.commit({"a": "1"})
    repository.git("tag", "v1.9.1")
    repository.git("branch", "1.8.x", "main")

    found = history(repository, "v1.9.1", "main", "*.x", "[0-9]*.8.x", "release/*")

    assert found is not None
    assert found.branches == {"main": False, "*.x": True, "[0-9]*.8.x": False, "release/*": None}


def test_a_shallow_clone_is_detected(tmp_path: Path) -> None:
    """The history of a shallow clone is marked as such."""
    origin = new_repository(tmp_path / "origin")
    origin.commit({"a": "1"})
    shallow = GitRepository(tmp_path / "shallow")
    origin.git("clone", "--quiet", "--depth=1", origin.path.as_uri(), str(shallow.path))

    found = history(shallow, None)

    assert found is not None
    assert found.shallow


def test_outside_of_a_checkout_the_history_is_none(tmp_path: Path) -> None:
    """A folder and a missing folder have none; a repository without a commit has an empty one."""
    plain = GitRepository(tmp_path / "plain")
    plain.path.mkdir()

    assert history(plain, "v1.0") is None
    assert history(GitRepository(tmp_path / "gone"), "v1.0") is None
    plain.git("init", "--quiet")
    found = history(plain, "v1.0", "main")
    assert found is not None
    assert (found.head, found.tagged, found.merged) == (None, None, ())
