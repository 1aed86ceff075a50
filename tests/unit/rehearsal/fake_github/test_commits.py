"""The history that records alone tell."""

from __future__ import annotations

import pytest

from tagship.rehearsal.fake_github.git import Known
from tagship.rehearsal.fake_github.models import Repository

ONE, TWO, THREE = "1" * 40, "2" * 40, "3" * 40
KNOWN = Known(
    Repository(id=1, name="octo/hello", created_at=0.0, branches={"main": ONE}, tags={"v1.0.0": TWO}, commits=(THREE,))
)


@pytest.mark.parametrize(
    ("reference", "sha"),
    [
        ("main", ONE),
        ("v1.0.0", TWO),
        (THREE, THREE),
        (THREE[:7], THREE),
        (THREE[:6], None),
        ("4" * 40, None),
        ("other", None),
    ],
)
def test_a_commit_is_known_by_branch_tag_or_sha(reference: str, sha: str | None) -> None:
    """Only what the records name exists."""
    found = KNOWN.commit(reference)
    assert (found.sha if found else None) == sha


def test_known_commits_stand_one_behind_the_other() -> None:
    """Two that differ are one commit apart; what is not known is not compared."""
    apart, same = KNOWN.comparison("main", "v1.0.0"), KNOWN.comparison("main", ONE)
    assert apart is not None
    assert same is not None
    assert ([commit.sha for commit in apart.ahead], list(same.ahead)) == ([TWO], [])
    assert KNOWN.comparison("main", "other") is None


def test_records_hold_no_annotations_and_no_files() -> None:
    """Tags are lightweight, and there is nothing to read."""
    assert not KNOWN.tags()["v1.0.0"].annotated
    assert KNOWN.annotation(TWO) is None
    assert KNOWN.file("main", "README.md") is None
