"""Checkouts of real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.repositories import GitRepository, new_repository
from tagship.core.versions import Tag
from tagship.edges.processes import Processes
from tagship.errors import SOURCE, Failure
from tagship.rehearsal.checkout import Checkout, check_out
from tagship.rehearsal.options import InputOverride, Options

if TYPE_CHECKING:
    from pathlib import Path

SERVER = "http://127.0.0.1:1"
CHANGELOG = {"CHANGELOG.md": "# Changes\n\n## [Unreleased]\n\n## 1.3.0\n\n- New\n\n## 1.2.0\n\n- Old\n"}


def checked_out(project: Path, tmp_path: Path, *, tag: str | None = None, prefix: str | None = "v") -> Checkout:
    """Check out the project in a temporary folder."""
    processes = Processes(environ={**os.environ, "HOME": str(tmp_path)})
    overrides = () if prefix is None else (InputOverride(stage=None, name="tag-prefix", value=prefix),)
    options = Options(
        project=project, tag=Tag(tag) if tag else None, output=project / "build/rehearsal", overrides=overrides
    )
    return check_out(options, processes, workspace=tmp_path / "copy" / "workspace", server=SERVER)


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return modification time and content of every file below ``folder``."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_checks_out_a_tag_as_actions_checkout_does(tmp_path: Path) -> None:
    """The head is detached at the tag, branches are remote-tracking, and origin is the embedded GitHub."""
    project = new_repository(tmp_path / "hello", {"a.txt": "one"}, tag="v1.0.0")
    project.commit({"a.txt": "two"})
    project.git("remote", "add", "origin", "git@github.com:octo/hello.git")
    checkout = checked_out(project.path, tmp_path, tag="v1.0.0")
    copy = GitRepository(checkout.workspace)
    assert (copy.path / "a.txt").read_text() == "one"
    assert checkout.commit == project.git("rev-parse", "v1.0.0") == copy.git("rev-parse", "HEAD")
    assert copy.git("for-each-ref", "--format=%(refname)") == (
        "refs/remotes/origin/HEAD\nrefs/remotes/origin/main\nrefs/tags/v1.0.0"
    )
    assert copy.git("rev-parse", "origin/main") == project.git("rev-parse", "main")
    assert copy.git("remote", "get-url", "origin") == f"{SERVER}/octo/hello"
    assert (checkout.repository, checkout.branch, checkout.remarks) == ("octo/hello", "main", ())


def test_does_not_change_the_project(tmp_path: Path) -> None:
    """No file of the project or its ``.git`` changes; a new tag is created in the clone only."""
    project = new_repository(tmp_path / "hello", CHANGELOG)
    before = snapshot(project.path)
    checkout = checked_out(project.path, tmp_path, tag="v9.0.0")
    assert snapshot(project.path) == before
    assert GitRepository(checkout.workspace).git("tag") == "v9.0.0"
    assert any("v9.0.0 does not exist yet" in remark for remark in checkout.remarks)


def test_reports_uncommitted_changes(tmp_path: Path) -> None:
    """Uncommitted changes are not released; a remark lists the first of their files."""
    project = new_repository(tmp_path / "hello", {"a.txt": "one"}, tag="v1.0.0")
    (project.path / "a.txt").write_text("three")
    checkout = checked_out(project.path, tmp_path)
    assert (checkout.workspace / "a.txt").read_text() == "one"
    end = "). A release contains committed changes only."
    assert checkout.remarks == (f"1 file has uncommitted changes (a.txt{end}",)
    for name in "bcd":
        (project.path / f"{name}.txt").touch()
    (remark,) = checked_out(project.path, tmp_path / "again").remarks
    assert remark == f"4 files have uncommitted changes (a.txt, b.txt, c.txt, ...{end}"


@pytest.mark.parametrize(
    ("files", "tags", "prefix", "expected"),
    [
        pytest.param({}, ["v1.0.0", "v1.0.1", "nightly"], "v", "v1.0.1", id="the highest tag at the head"),
        pytest.param(CHANGELOG, ["v1.0.0"], "v", "v1.0.0", id="a tag at the head wins over the changelog"),
        pytest.param(CHANGELOG, [], "v", "v1.3.0", id="the newest release of the changelog"),
        pytest.param(CHANGELOG, [], "pkg-v", "pkg-v1.3.0", id="with the tag prefix"),
    ],
)
def test_chooses_a_tag(files: dict[str, str], tags: list[str], prefix: str, expected: str, tmp_path: Path) -> None:
    """Without ``--tag`` the most likely tag is chosen."""
    project = new_repository(tmp_path / "hello", {"README.md": "x"} | files)
    for tag in tags:
        project.git("tag", tag)
    assert checked_out(project.path, tmp_path, prefix=prefix).tag == expected


def test_chooses_the_next_patch_last(tmp_path: Path) -> None:
    """Without a changelog and without a tag at the head the patch after the highest tag is chosen, with the reason."""
    project = new_repository(tmp_path / "hello", tag="v1.10.0")
    project.git("tag", "v1.9.0")
    project.commit({"b.txt": "later"})
    checkout = checked_out(project.path, tmp_path)
    assert checkout.tag == "v1.10.1"
    assert "No --tag given. v1.10.1 is rehearsed: after the highest tag, v1.10.0." in checkout.remarks


def test_has_the_branches_of_the_remote(tmp_path: Path) -> None:
    """A release branch that exists on the remote only is in the checkout, and it is the one of the newest tag."""
    origin = new_repository(tmp_path / "origin", tag="1.0.0")
    origin.git("checkout", "--quiet", "-b", "stable")
    origin.commit({"a.txt": "a"})
    origin.git("tag", "1.0.1")
    origin.git("checkout", "--quiet", "main")
    subprocess.run(["git", "clone", "--quiet", str(origin.path), "hello"], cwd=tmp_path, check=True)
    checkout = checked_out(tmp_path / "hello", tmp_path, tag="1.0.1", prefix=None)
    assert GitRepository(checkout.workspace).git("rev-parse", "origin/stable") == origin.git("rev-parse", "stable")
    assert (checkout.facts.prefix, checkout.facts.release_branches) == ("", ("main", "stable"))


def test_fails_without_a_tag_to_choose(tmp_path: Path) -> None:
    """The remedy for a missing tag is the flag to set."""
    project = new_repository(tmp_path / "hello")
    with pytest.raises(Failure, match=r"--tag v1\.2\.0"):
        checked_out(project.path, tmp_path)


def test_fails_without_commits(tmp_path: Path) -> None:
    """A repository without commits cannot be tagged."""
    (tmp_path / "hello").mkdir()
    GitRepository(tmp_path / "hello").git("init", "--quiet")
    with pytest.raises(Failure, match="has no commits"):
        checked_out(tmp_path / "hello", tmp_path)


@pytest.mark.parametrize("inside", [True, False], ids=["inside another repository", "outside of a repository"])
def test_imports_a_plain_folder_into_a_new_repository(inside: bool, tmp_path: Path) -> None:
    """A folder becomes one commit, without ignored files and without the output folder."""
    outer = tmp_path / "outer"
    if inside:
        new_repository(outer, {"README.md": "outer", ".gitignore": "*.pyc\nbuild/\n"}, tag="v7.0.0")
    project = outer / "hello"
    (project / "build/rehearsal").mkdir(parents=True)
    (project / ".gitignore").write_text("*.pyc\n")
    for name in ("pyproject.toml", "junk.pyc", "build/rehearsal/report.html"):
        (project / name).write_text("x")
    (project / "CHANGELOG.md").write_text(CHANGELOG["CHANGELOG.md"])
    checkout = checked_out(project, tmp_path)
    listed = GitRepository(checkout.workspace).git("ls-files").splitlines()
    assert listed == [".gitignore", "CHANGELOG.md", "pyproject.toml"]
    assert (checkout.tag, checkout.repository, checkout.branch) == (
        "v1.3.0",
        f"{SOURCE.partition('/')[0]}/hello",
        "main",
    )
    assert GitRepository(checkout.workspace).git("rev-parse", "origin/main") == checkout.commit


def test_a_shallow_clone_stays_shallow(tmp_path: Path) -> None:
    """A shallow clone is checked out as a shallow clone, so that preflight reports it."""
    origin = new_repository(tmp_path / "origin")
    origin.commit({"a.txt": "a"})
    address = f"file://{origin.path}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", address, "hello"], cwd=tmp_path, check=True)
    checkout = checked_out(tmp_path / "hello", tmp_path, tag="v1.0.0")
    assert GitRepository(checkout.workspace).git("rev-parse", "--is-shallow-repository") == "true"


def test_uses_the_remote_branch_if_it_is_ahead(tmp_path: Path) -> None:
    """A tag on the remote default branch is on the branch, even if the local branch is behind."""
    origin = new_repository(tmp_path / "origin")
    subprocess.run(["git", "clone", "--quiet", str(origin.path), "hello"], cwd=tmp_path, check=True)
    newer = origin.commit({"a.txt": "a"})
    origin.git("tag", "v1.0.0")
    project = GitRepository(tmp_path / "hello")
    project.git("fetch", "--quiet", "--tags", "origin")
    checkout = checked_out(project.path, tmp_path, tag="v1.0.0")
    assert GitRepository(checkout.workspace).git("rev-parse", "origin/main") == newer


def test_runs_no_git_hooks(tmp_path: Path) -> None:
    """The hooks of the repository do not run during the checkout."""
    project = new_repository(tmp_path / "hello", tag="v1.0.0")
    for name in ("post-checkout", "post-commit", "pre-commit", "reference-transaction"):
        hook = project.path / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    checked_out(project.path, tmp_path)
    assert not (tmp_path / "ran").exists()


SUBMODULES = "jobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n      with:\n        submodules: %s\n"


@pytest.mark.parametrize("place", ["data/words", "src/hello/words"])
def test_a_submodule_that_cannot_be_fetched_stops_only_packages(tmp_path: Path, place: str) -> None:
    """The rehearsal goes on without content that only the tests use, and names the cause."""
    words = new_repository(tmp_path / "words", {"list.txt": "alpha"})
    project = new_repository(tmp_path / "hello", {".github/workflows/ci.yml": SUBMODULES % "true"})
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(words.path), place)
    project.commit({"a.txt": ""})
    shutil.rmtree(words.path)
    shutil.rmtree(project.path / place)
    shutil.rmtree(project.path / ".git/modules")
    if place.startswith("src/"):
        with pytest.raises(Failure, match=r"git submodule failed: [\s\S]*git submodule update --init$"):
            checked_out(project.path, tmp_path, tag="v1.0.0")
    else:
        remarks = checked_out(project.path, tmp_path, tag="v1.0.0").remarks
        assert any(one.startswith("A submodule is not checked out. git submodule failed: fatal:") for one in remarks)


@pytest.mark.parametrize(
    ("workflow", "place", "expected"),
    [
        pytest.param(SUBMODULES % "true", "data/words", ("alpha", []), id="a workflow checks them out"),
        pytest.param("with: { submodules: true }\n", "data/words", ("alpha", []), id="in flow style"),
        pytest.param(SUBMODULES % "recursive", "data/words", ("alpha", []), id="a workflow checks all out"),
        pytest.param("", "src/hello/words", ("alpha", []), id="a package contains them, so init would"),
        pytest.param(SUBMODULES % "false", "data/words", (None, ["data/words"]), id="no workflow checks them out"),
        pytest.param("# submodules: true\n", "data/words", (None, ["data/words"]), id="a comment"),
    ],
)
def test_submodules_are_checked_out_or_named(
    tmp_path: Path, workflow: str, place: str, expected: tuple[str | None, list[str]]
) -> None:
    """The checkout has what the project's workflow checks out, from the files on this machine."""
    words = new_repository(tmp_path / "words", {"list.txt": "alpha"})
    project = new_repository(tmp_path / "hello", {".github/workflows/ci.yml": workflow})
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(words.path), place)
    project.commit({"a.txt": ""})
    checkout = checked_out(project.path, tmp_path, tag="v1.0.0")
    file = checkout.workspace / place / "list.txt"
    content, named = expected
    assert (file.read_text() if file.exists() else None) == content
    said = [remark for remark in checkout.remarks if "Submodule" in remark]
    assert [remark.partition(":")[0] for remark in said] == [f"Submodule {name} is not checked out" for name in named]
