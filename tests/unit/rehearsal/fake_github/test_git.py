"""History of a repository, from its record and from a clone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.repositories import GitRepository, new_repository
from tagship.rehearsal.fake_github.git import Commits, commits_of
from tagship.rehearsal.fake_github.models import Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def origin(tmp_path: Path) -> GitRepository:
    """Return a repository with two commits, a lightweight and an annotated tag, and a branch with a slash."""
    repository = new_repository(tmp_path / "origin", {"docs/a.md": "# A\n"}, tag="v1.0.0")
    repository.commit({"docs/b.md": "# B\n"}, "Add b\n\nAnd why.")
    repository.git("tag", "--annotate", "--message", "Two", "v2.0.0")
    repository.git("checkout", "--quiet", "-b", "fix/one", "v1.0.0")
    repository.commit({"docs/c.md": "# C\n"}, "Add c")
    repository.git("checkout", "--quiet", "main")
    return repository


def history(repository: GitRepository, **recorded: object) -> Commits:
    """Return the history of a record with this clone."""
    values = {"name": "octo/hello", "git": str(repository.path), **recorded}
    return commits_of(Repository(**values))  # type: ignore[arg-type]  # a test's own values


def test_branches_and_tags_come_from_the_clone(origin: GitRepository) -> None:
    """An annotated tag has a tag object and a commit."""
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
    assert annotation.email == "octo@example.invalid"
    assert commits.annotation(tags["v1.0.0"].target) is None


@pytest.mark.parametrize(
    ("reference", "revision"),
    [
        pytest.param("main", "main", id="a branch"),
        pytest.param("fix/one", "fix/one", id="a branch with a slash"),
        pytest.param("v2.0.0", "main", id="an annotated tag"),
        pytest.param("{main}", "main", id="a full SHA"),
        pytest.param("{main:7}", "main", id="an abbreviated SHA"),
        pytest.param("no-such", None, id="an unknown name"),
        pytest.param("--all", None, id="an option of git"),
        pytest.param("HEAD", None, id="HEAD, which is not a branch"),
        pytest.param("main\nmain", None, id="two lines"),
        pytest.param("main~1", None, id="a revision expression"),
    ],
)
def test_a_commit_is_found_by_reference(origin: GitRepository, reference: str, revision: str | None) -> None:
    """A reference is a branch, a tag or a SHA, but no other revision of git."""
    sha = origin.git("rev-parse", "main")
    found = history(origin).commit(reference.replace("{main}", sha).replace("{main:7}", sha[:7]))
    assert (found.sha if found else None) == (origin.git("rev-parse", revision) if revision else None)


def test_a_commit_has_a_message_and_a_time(origin: GitRepository) -> None:
    """Both are those of git."""
    commit = history(origin).commit("main")
    assert commit is not None
    assert commit.message == "Add b\n\nAnd why."
    assert commit.committed_at == float(origin.git("log", "-1", "--format=%ct"))


@pytest.mark.parametrize(
    ("base", "head", "messages"),
    [
        ("v1.0.0", "main", ["Add b\n\nAnd why."]),
        ("main", "v1.0.0", []),
        ("main", "fix/one", ["Add c"]),
        ("main", "nothing", []),
    ],
)
def test_commits_between_references_are_those_of_the_head(
    origin: GitRepository, base: str, head: str, messages: list[str]
) -> None:
    """Commits that the base has are left out, and an unknown reference has none."""
    assert [commit.message for commit in history(origin).between(base, head)] == messages


def test_the_record_takes_precedence_over_the_clone(origin: GitRepository) -> None:
    """A recorded tag is found, also if the clone has another commit for it."""
    first = origin.git("rev-parse", "v1.0.0")
    commits = history(origin, tags={"v3.0.0": first, "v2.0.0": first})
    assert commits.tags()["v3.0.0"].commit == first
    for tag in ("v3.0.0", "v2.0.0"):
        found = commits.commit(tag)
        assert found is not None
        assert found.sha == first


def test_a_clone_of_a_clone_shows_the_branches_of_its_origin(origin: GitRepository, tmp_path: Path) -> None:
    """A clone of a tag has main only as ``origin/main``."""
    origin.git("clone", "--quiet", "--branch", "v1.0.0", str(origin.path), str(tmp_path / "clone"))
    commits = history(GitRepository(tmp_path / "clone"))
    assert sorted(commits.branches()) == ["fix/one", "main"]
    assert commits.commit("main") == history(origin).commit("main")


def test_the_clone_is_only_read(origin: GitRepository) -> None:
    """Reading does not change a reference."""
    before = origin.git("for-each-ref")
    commits = history(origin)
    for reference in ("main", "v2.0.0", "nothing"):
        commits.commit(reference)
    assert origin.git("for-each-ref") == before


def test_git_does_not_see_the_variables_of_the_caller(origin: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``GIT_DIR`` of the caller does not select another repository."""
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert sorted(history(origin).tags()) == ["v1.0.0", "v2.0.0"]


ONE, TWO, THREE = "1" * 40, "2" * 40, "3" * 40
RECORDED = Commits(Repository(name="octo/hello", branches={"main": ONE}, tags={"v1.0.0": TWO}, commits=(THREE,)))


@pytest.mark.parametrize(
    ("reference", "sha"),
    [
        pytest.param("main", ONE, id="a branch"),
        pytest.param("v1.0.0", TWO, id="a tag"),
        pytest.param(THREE, THREE, id="a full SHA"),
        pytest.param(THREE[:7], THREE, id="an abbreviated SHA"),
        pytest.param(THREE[:6], None, id="six digits of a SHA"),
        pytest.param("4" * 40, None, id="an unknown SHA"),
        pytest.param("other", None, id="an unknown name"),
    ],
)
def test_a_record_has_the_commits_it_names(reference: str, sha: str | None) -> None:
    """Branches, tags and listed SHAs exist, and no other commit does."""
    found = RECORDED.commit(reference)
    assert (found.sha if found else None) == sha


def test_recorded_tags_are_lightweight() -> None:
    """They have no tag object."""
    assert not RECORDED.tags()["v1.0.0"].annotated
    assert RECORDED.annotation(TWO) is None


@pytest.mark.parametrize(
    ("base", "head", "shas"), [("main", "v1.0.0", [TWO]), ("main", ONE, []), ("main", "other", [])]
)
def test_recorded_commits_differ_by_one(base: str, head: str, shas: list[str]) -> None:
    """The head is the only commit between two recorded references."""
    assert [commit.sha for commit in RECORDED.between(base, head)] == shas
