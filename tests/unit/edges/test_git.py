"""The git client, against real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from support.runtimes import recorded_world
from tagship.core.distributions.mismatches import Checkout
from tagship.core.project.content import Content
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.edges.git import Repository


def ask(path: Path, tmp_path: Path) -> Repository:
    """Return a client for the repository at ``path``."""
    return recorded_world(path, tmp_path / "temporary").runtime.git()


def test_tags_are_resolved_to_commits(tmp_path: Path) -> None:
    """Annotated tags are resolved, and tags in the history are separate from others."""
    repository = new_repository(tmp_path / "a", tag="v1.0")
    first = repository.git("rev-parse", "HEAD")
    second = repository.commit({"x": "1"})
    repository.git("tag", "--annotate", "--message", "two", "v2.0")
    repository.git("checkout", "--quiet", "-b", "side", "v1.0")
    side = repository.commit({"y": "1"})
    git = ask(repository.path, tmp_path)
    assert (git.commit_of("refs/tags/v2.0"), git.commit_of("v3.0")) == (second, None)
    assert (git.tags(), git.tags(merged_into=side), git.tags(at=second)) == (("v1.0", "v2.0"), ("v1.0",), ("v2.0",))
    assert (git.is_ancestor(first, side), git.is_ancestor(second, side)) == (True, False)
    assert (git.branch(), git.default_branch(), git.is_shallow()) == ("side", "main", False)


def test_a_shallow_clone_and_a_detached_head_are_detected(tmp_path: Path) -> None:
    """A clone of depth 1 is shallow, a checked out tag has no branch, the remote has a default branch."""
    repository = new_repository(tmp_path / "a", tag="v1.0")
    repository.commit({"x": "1"})
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.path}", str(tmp_path / "b"))
    git = ask(tmp_path / "b", tmp_path)
    new_repository(tmp_path / "c").git("checkout", "--quiet", "--detach")
    assert (git.is_shallow(), git.default_branch(), git.remote_url()) == (True, "main", f"file://{repository.path}")
    assert ask(tmp_path / "c", tmp_path).branch() is None


def test_a_folder_outside_of_a_repository_is_detected(tmp_path: Path) -> None:
    """A folder outside of a repository has no commit, and a missing folder is a failure."""
    git = ask(tmp_path, tmp_path)
    assert (git.is_repository(), git.commit_of("HEAD"), git.commit_time()) == (False, None, None)
    with pytest.raises(Failure, match=r"git could not be started in .*missing: No such file"):
        ask(tmp_path / "missing", tmp_path).is_repository()


def test_the_facts_of_a_checkout_are_read(tmp_path: Path) -> None:
    """They are its commit and time, all its tags, annotated ones too, and the changed files."""
    repository = new_repository(
        tmp_path / "a", {"kept.py": "1", "über uns.txt": "1", "b/changed.py": "1"}, tag="nightly"
    )
    repository.git("tag", "--annotate", "--message", "one", "v1.0")
    (repository.path / "b/changed.py").write_text("2")
    (repository.path / "über uns.txt").unlink()
    (repository.path / "new.py").write_text("not under version control")
    head = repository.git("rev-parse", "HEAD")

    checkout = ask(repository.path / "b", tmp_path).checkout("v1.0")

    assert (checkout.head, checkout.tag_commit, checkout.head_tags) == (head, head, ("nightly", "v1.0"))
    assert (checkout.top, checkout.shallow) == (str(repository.path), False)
    assert str(checkout.time) == repository.git("log", "-1", "--format=%ct")
    assert checkout.changed == ("b/changed.py", "über uns.txt")
    assert ask(repository.path, tmp_path).checkout("v2.0").tag_commit is None
    assert ask(repository.path / "b", tmp_path).files() == ("changed.py",)


def test_submodules_and_git_lfs_files_are_found(tmp_path: Path) -> None:
    """An empty submodule and a pointer are absent; a submodule is not a tracked file."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'7' * 64}\nsize 12\n"
    repository = new_repository(
        tmp_path / "a", {".gitattributes": "*.bin filter=lfs\n", "hello/__init__.py": "", "hello/b.bin": "content"}
    )
    repository.commit({"hello/a.bin": pointer})
    for name in ("words", "here"):
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},hello/{name}")
    (repository.path / "hello/here").mkdir()
    (repository.path / "hello/here/list.txt").write_text("alpha")
    git = ask(repository.path, tmp_path)

    content = git.content()

    assert (content.submodules, content.lfs) == (("hello/here", "hello/words"), ("hello/a.bin", "hello/b.bin"))
    assert content.absent == {"hello/words", "hello/a.bin"}
    assert content.packages == {"hello"}
    assert "hello/words" not in git.files()
    assert ask(tmp_path, tmp_path).content() == Content()


def test_without_a_checkout_the_facts_are_empty(tmp_path: Path) -> None:
    """A source archive or a machine without git does not fail."""
    without_git = recorded_world(tmp_path, tmp_path / "temporary", environ={"PATH": str(tmp_path)}).runtime.git()

    for git in (ask(tmp_path, tmp_path), without_git):
        assert (git.checkout("v1.0"), git.files()) == (Checkout(), ())


@pytest.mark.parametrize(("runner", "changed"), [("true", ("a",)), ("", ())], ids=["on a runner", "on a laptop"])
def test_a_checkout_of_another_user_is_read_on_a_runner_only(
    tmp_path: Path, runner: str, changed: tuple[str, ...]
) -> None:
    """Containers need it, and no program of the owner's configuration runs; elsewhere git refuses."""
    repository = new_repository(tmp_path / "a", {".gitattributes": "* filter=f", "a": "1"})
    repository.git("config", "filter.f.clean", f"touch {tmp_path / 'ran'}; cat")
    (repository.path / "a").write_text("2")
    environ = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GITHUB_ACTIONS": runner}

    git = recorded_world(repository.path, tmp_path / "temporary", environ=environ).runtime.git()

    assert (git.checkout().changed, (tmp_path / "ran").exists()) == (changed, False)


def test_signatures_are_not_in_the_output(tmp_path: Path) -> None:
    """With log.showSignature the time of a signed commit is read, and its signature is not verified."""
    repository = new_repository(tmp_path / "a")
    unsigned = repository.git("cat-file", "commit", "HEAD")
    (tmp_path / "signed").write_text(
        unsigned.replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n\n", 1) + "\n"
    )
    repository.git("reset", "--quiet", repository.git("hash-object", "-t", "commit", "-w", str(tmp_path / "signed")))
    (tmp_path / "gpg").write_text("#!/bin/sh\necho gpg: Signature made today >&2\n")
    (tmp_path / "gpg").chmod(0o755)
    repository.git("config", "gpg.program", str(tmp_path / "gpg"))
    repository.git("config", "log.showSignature", "true")

    assert ask(repository.path, tmp_path).commit_time() == int(
        repository.git("show", "-s", "--no-show-signature", "--format=%ct")
    )
