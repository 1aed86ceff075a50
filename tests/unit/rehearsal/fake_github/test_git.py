"""A clone read as GitHub would show it, against real git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.repositories import GitRepository, new_repository
from tagship.rehearsal.fake_github.git import commits_of
from tagship.rehearsal.fake_github.models import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.rehearsal.fake_github.git import Commits


@pytest.fixture
def origin(tmp_path: Path) -> GitRepository:
    """Return two commits, a lightweight and an annotated tag, a side branch with a slash in its name."""
    repository = new_repository(tmp_path / "origin", {"docs/a.md": "# A\n"}, tag="v1.0.0")
    repository.commit({"docs/b.md": "# B\n"}, "Add b\n\nAnd why.")
    repository.git("tag", "--annotate", "--message", "Two", "v2.0.0")
    repository.git("checkout", "--quiet", "-b", "fix/one", "v1.0.0")
    repository.commit({"docs/c.md": "# C\n"}, "Add c")
    repository.git("checkout", "--quiet", "main")
    return repository


def history(repository: GitRepository, **recorded: object) -> Commits:
    """Return the commits as the embedded GitHub sees them."""
    values = {"id": 1, "name": "octo/hello", "created_at": 0.0, "git": str(repository.path), **recorded}
    return commits_of(Repository(**values))  # type: ignore[arg-type]  # a test's own values


def test_branches_and_tags_are_those_of_the_clone(origin: GitRepository) -> None:
    """An annotated tag points to its object and leads to its commit."""
    commits = history(origin)
    assert dict(commits.branches()) == {name: origin.git("rev-parse", name) for name in ("main", "fix/one")}
    tags = commits.tags()
    assert sorted(tags) == ["v1.0.0", "v2.0.0"]
    assert (tags["v1.0.0"].annotated, tags["v2.0.0"].annotated) == (False, True)
    assert tags["v2.0.0"].target == origin.git("rev-parse", "v2.0.0")
    assert tags["v2.0.0"].commit == origin.git("rev-parse", "main")
    annotation = commits.annotation(tags["v2.0.0"].target)
    assert annotation is not None
    assert (annotation.name, annotation.message, annotation.commit) == ("v2.0.0", "Two\n", tags["v2.0.0"].commit)
    assert annotation.tagger.email == "octo@example.invalid"
    assert commits.annotation(tags["v1.0.0"].target) is None


@pytest.mark.parametrize(
    ("reference", "revision"),
    [
        pytest.param("main", "main", id="a branch"),
        pytest.param("fix/one", "fix/one", id="a branch with a slash"),
        pytest.param("v2.0.0", "main", id="an annotated tag"),
        pytest.param("{main}", "main", id="a whole SHA"),
        pytest.param("{main:7}", "main", id="the beginning of one"),
        pytest.param("no-such", None, id="nothing"),
        pytest.param("--all", None, id="an option"),
        pytest.param("HEAD", None, id="HEAD, which GitHub does not know as a branch"),
        pytest.param("main\nmain", None, id="two lines"),
        pytest.param("main~1", None, id="an expression of git's"),
    ],
)
def test_a_commit_is_found_by(origin: GitRepository, reference: str, revision: str | None) -> None:
    """A reference is a branch, a tag or a SHA and nothing else that git would take."""
    sha = origin.git("rev-parse", "main")
    found = history(origin).commit(reference.replace("{main}", sha).replace("{main:7}", sha[:7]))
    assert (found.sha if found else None) == (origin.git("rev-parse", revision) if revision else None)


def test_a_commit_tells_its_message_author_tree_and_parents(origin: GitRepository) -> None:
    """What the API shows of it is what git has."""
    commit = history(origin).commit("main")
    assert commit is not None
    assert commit.message == "Add b\n\nAnd why."
    assert commit.parents == (origin.git("rev-parse", "v1.0.0"),)
    assert commit.tree == origin.git("rev-parse", "main^{tree}")
    assert (commit.author.name, commit.author.at) == ("Octo", float(origin.git("log", "-1", "--format=%at")))


@pytest.mark.parametrize(
    ("base", "head", "ahead", "behind"),
    [("v1.0.0", "main", ["Add b\n\nAnd why."], 0), ("main", "v1.0.0", [], 1), ("main", "fix/one", ["Add c"], 1)],
)
def test_two_references_are_compared(
    origin: GitRepository, base: str, head: str, ahead: list[str], behind: int
) -> None:
    """Commits that only the head has, and how many only the base has."""
    found = history(origin).comparison(base, head)
    assert found is not None
    assert [commit.message for commit in found.ahead] == ahead
    assert found.behind == behind
    assert found.merge_base.sha == origin.git("merge-base", base, head)


def test_unrelated_or_missing_references_have_no_comparison(origin: GitRepository) -> None:
    """None stands for the 404."""
    origin.git("checkout", "--quiet", "--orphan", "other")
    origin.commit({"x": "1"})
    assert history(origin).comparison("main", "other") is None
    assert history(origin).comparison("main", "nothing") is None


def test_files_are_read_at_a_reference(origin: GitRepository) -> None:
    """A file's bytes, a folder's listing, and nothing for what is not there."""
    commits = history(origin)
    assert commits.file("v2.0.0", "docs/b.md") == b"# B\n"
    assert commits.file("v1.0.0", "docs/b.md") is None
    assert commits.file("main", "docs") is not None
    assert commits.file("main", "../origin/.git/config") is None


def test_records_stand_beside_the_clone(origin: GitRepository) -> None:
    """A tag that publishing made is there; one that a record moves leads where the record says."""
    first = origin.git("rev-parse", "v1.0.0")
    commits = history(origin, tags={"v3.0.0": first, "v2.0.0": first})
    assert commits.tags()["v3.0.0"].commit == first
    for tag in ("v3.0.0", "v2.0.0"):
        found = commits.commit(tag)
        assert found is not None
        assert found.sha == first


def test_a_clone_of_a_clone_shows_the_branches_of_its_origin(origin: GitRepository, tmp_path: Path) -> None:
    """A clone at a tag has main only as ``origin/main``."""
    origin.git("clone", "--quiet", "--branch", "v1.0.0", str(origin.path), str(tmp_path / "clone"))
    commits = history(GitRepository(tmp_path / "clone"))
    assert sorted(commits.branches()) == ["fix/one", "main"]
    assert commits.commit("main") == history(origin).commit("main")


def test_the_clone_is_only_read(origin: GitRepository) -> None:
    """Nothing that is asked changes a reference."""
    before = origin.git("for-each-ref")
    commits = history(origin)
    for reference in ("main", "v2.0.0", "nothing"):
        commits.commit(reference)
    assert origin.git("for-each-ref") == before
