"""The checks of a tag in its checkout."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from tagship.core.preflight.history import History, history_findings, previous_tag, twin_tag, untagged_findings

COMMIT, OTHER = "a" * 40, "b" * 40
GOOD = History(head=COMMIT, tagged=COMMIT, shallow=False, tags=("v1.0",), merged=("v1.0",), branches={"main": True})


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param(GOOD, {}, id="a valid checkout"),
        pytest.param(replace(GOOD, tagged=None), {"Tag": "tag-not-in-checkout"}, id="a missing tag"),
        pytest.param(replace(GOOD, head=OTHER), {"Tag": "tag-not-checked-out"}, id="another commit is checked out"),
        pytest.param(
            replace(GOOD, branches={"main": False}), {"Branch": "tag-not-on-branch"}, id="not on the release branch"
        ),
        pytest.param(replace(GOOD, branches={"main": False, "1.x": True}), {}, id="on one of the release branches"),
        pytest.param(
            replace(GOOD, branches={"main": None}), {"Branch": "branch-not-in-checkout"}, id="a missing branch"
        ),
        pytest.param(
            replace(GOOD, branches={"main": False, "1.x": None}),
            {"Branch": "branch-not-in-checkout"},
            id="possibly on a missing branch",
        ),
        pytest.param(replace(GOOD, branches={}), {}, id="an unknown default branch"),
        pytest.param(replace(GOOD, shallow=True), {"History": "shallow-clone"}, id="a shallow clone"),
        pytest.param(
            replace(GOOD, shallow=True, branches={"main": None}),
            {"History": "shallow-clone"},
            id="a shallow clone without the branch",
        ),
        pytest.param(
            replace(GOOD, shallow=True, head=OTHER, branches={"main": False}),
            {"History": "shallow-clone", "Tag": "tag-not-checked-out"},
            id="several problems",
        ),
    ],
)
def test_problems_of_the_tag_are_found(history: History, expected: dict[str, str]) -> None:
    """Each problem is reported, without its consequences."""
    found = list(history_findings(history, "v1.0", Version("1.0")))

    assert {item.subject: item.problem.topic for item in found if item.problem} == expected
    assert [item.subject for item in found] == ["History", "Tag", "Branch"]


@pytest.mark.parametrize(
    ("history", "version", "remedy"),
    [
        pytest.param(replace(GOOD, tagged=None), "1.0", "git tag v1.0 && git push origin v1.0", id="a version"),
        pytest.param(replace(GOOD, tagged=None), None, "Use one of the tags in git tag --list", id="not a version"),
        pytest.param(replace(GOOD, branches={"main": False}), "1.0", "tag the merged commit.", id="on no branch"),
        pytest.param(
            replace(GOOD, branches={"main": False}, others=("release-1.0", "1.x")),
            "1.0",
            "`branch: 1.x`",
            id="elsewhere",
        ),
    ],
)
def test_the_remedy_depends_on_the_tag(history: History, version: str | None, remedy: str) -> None:
    """The remedy names the branch that contains the tag, and never creates an invalid tag."""
    found = history_findings(history, "v1.0", Version(version) if version else None)

    assert [remedy in item.problem.remedy for item in found if item.problem] == [True]


def test_a_shallow_clone_without_a_tag_is_a_warning() -> None:
    """Nothing is released, but a version derived from git is wrong."""
    (warning,) = untagged_findings(replace(GOOD, shallow=True))
    (fine,) = untagged_findings(GOOD)

    assert (warning.outcome, fine.outcome) == ("warned", "passed")


@pytest.mark.parametrize(
    ("version", "tags", "expected"),
    [
        pytest.param("1.1", ["v1.0", "v0.9"], "v1.0", id="the highest lower version"),
        pytest.param("1.10", ["v1.9", "v1.2"], "v1.9", id="sorted by number"),
        pytest.param("1.1", ["v1.1rc1", "v1.0"], "v1.0", id="a final version follows a final version"),
        pytest.param("1.1", ["v1.1rc1"], "v1.1rc1", id="a pre-release without a final version"),
        pytest.param("1.1rc2", ["v1.1rc1", "v1.0"], "v1.1rc1", id="a pre-release follows any version"),
        pytest.param("1.0.1", ["v2.0", "v1.0"], "v1.0", id="a maintenance release"),
        pytest.param("1.0", ["v1.0", "v2.0"], "", id="the first release"),
        pytest.param("1.0", ["other-v0.1", "nightly"], "", id="tags of other packages"),
        pytest.param(None, ["v1.0", "v1.1rc1", "v0.9"], "v1.0", id="without a version, the highest final version"),
        pytest.param(None, [], "", id="no tags"),
        pytest.param("1.0.1", ["v1.0.0", "v1", "v1.0"], "v1.0.0", id="a moving major tag is not a release"),
    ],
)
def test_the_previous_release_is_found(version: str | None, tags: list[str], expected: str) -> None:
    """Notes compare a release with the one before."""
    assert previous_tag(Version(version) if version else None, tags, "v") == expected


def test_another_tag_of_the_same_version_is_a_warning() -> None:
    """``v1.2`` and ``v1.2.0`` are the same version for an index."""
    twin = twin_tag("v1.2", Version("1.2"), ["v1.2", "v1.2.0", "v1.2.1", "pkg-v1.2"], "v")

    assert twin is not None
    assert twin.outcome == "warned"
    assert "v1.2 and v1.2.0 have the same version" in twin.says
    assert twin_tag("v1.2", Version("1.2"), ["v1.2", "v1.3"], "v") is None
