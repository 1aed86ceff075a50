"""What a checkout says about a tag."""

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
        pytest.param(GOOD, {}, id="all is well"),
        pytest.param(replace(GOOD, tagged=None), {"Tag": "tag-not-in-checkout"}, id="no tag"),
        pytest.param(replace(GOOD, head=OTHER), {"Tag": "tag-not-checked-out"}, id="another commit"),
        pytest.param(replace(GOOD, branches={"main": False}), {"Branch": "tag-not-on-branch"}, id="not on the branch"),
        pytest.param(replace(GOOD, branches={"main": False, "1.x": True}), {}, id="on one of the branches"),
        pytest.param(replace(GOOD, branches={"main": None}), {"Branch": "branch-not-in-checkout"}, id="no such branch"),
        pytest.param(
            replace(GOOD, branches={"main": False, "1.x": None}),
            {"Branch": "branch-not-in-checkout"},
            id="perhaps on a branch that is not there",
        ),
        pytest.param(replace(GOOD, branches={}), {}, id="no branch is known"),
        pytest.param(replace(GOOD, shallow=True), {"History": "shallow-clone"}, id="shallow"),
        pytest.param(
            replace(GOOD, shallow=True, branches={"main": None}),
            {"History": "shallow-clone"},
            id="shallow, so that the branch is not known",
        ),
        pytest.param(
            replace(GOOD, shallow=True, head=OTHER, branches={"main": False}),
            {"History": "shallow-clone", "Tag": "tag-not-checked-out"},
            id="everything at once",
        ),
    ],
)
def test_what_stops_the_release(history: History, expected: dict[str, str]) -> None:
    """Each thing that is wrong is found, and none that follows from another."""
    found = list(history_findings(history, "v1.0", Version("1.0")))

    assert {item.subject: item.problem.topic for item in found if item.problem} == expected
    assert [item.subject for item in found] == ["History", "Tag", "Branch"]


@pytest.mark.parametrize(
    ("history", "version", "remedy"),
    [
        pytest.param(replace(GOOD, tagged=None), "1.0", "git tag v1.0 && git push origin v1.0", id="to be pushed"),
        pytest.param(replace(GOOD, tagged=None), None, "Name one that is (git tag --list)", id="not to be pushed"),
        pytest.param(replace(GOOD, branches={"main": False}), "1.0", "like branch: 1.0.x", id="its branch"),
        pytest.param(replace(GOOD, branches={"main": False}), None, "like branch: 1.2.x", id="any branch"),
    ],
)
def test_the_remedy_goes_by_the_version(history: History, version: str | None, remedy: str) -> None:
    """A branch is named as its releases are, and nobody is told to push a tag that could not be released."""
    found = history_findings(history, "v1.0", Version(version) if version else None)

    assert [remedy in item.problem.remedy for item in found if item.problem] == [True]


def test_without_a_tag_a_shallow_checkout_only_warns() -> None:
    """Nothing is released, but versions from git would be wrong."""
    (warning,) = untagged_findings(replace(GOOD, shallow=True))
    (fine,) = untagged_findings(GOOD)

    assert (warning.outcome, fine.outcome) == ("warning", "fine")


@pytest.mark.parametrize(
    ("version", "tags", "expected"),
    [
        pytest.param("1.1", ["v1.0", "v0.9"], "v1.0", id="the highest lower one"),
        pytest.param("1.10", ["v1.9", "v1.2"], "v1.9", id="by number, not by letter"),
        pytest.param("1.1", ["v1.1rc1", "v1.0"], "v1.0", id="a final one follows a final one"),
        pytest.param("1.1", ["v1.1rc1"], "v1.1rc1", id="a pre-release where there is no final one"),
        pytest.param("1.1rc2", ["v1.1rc1", "v1.0"], "v1.1rc1", id="a pre-release follows anything"),
        pytest.param("1.0.1", ["v2.0", "v1.0"], "v1.0", id="a maintenance release"),
        pytest.param("1.0", ["v1.0", "v2.0"], "", id="the first one"),
        pytest.param("1.0", ["other-v0.1", "nightly"], "", id="tags of others"),
        pytest.param(None, ["v1.0", "v1.1rc1", "v0.9"], "v1.0", id="no version: the highest final one"),
        pytest.param(None, [], "", id="no tag at all"),
        pytest.param("1.0.1", ["v1.0.0", "v1", "v1.0"], "v1.0.0", id="a tag that moves is no release"),
    ],
)
def test_previous_tag(version: str | None, tags: list[str], expected: str) -> None:
    """The release before this one is what people would compare it with."""
    assert previous_tag(Version(version) if version else None, tags, "v") == expected


def test_another_tag_of_the_same_version_is_a_warning() -> None:
    """``v1.2`` and ``v1.2.0`` are one version for an index."""
    twin = twin_tag("v1.2", Version("1.2"), ["v1.2", "v1.2.0", "v1.2.1", "pkg-v1.2"], "v")

    assert twin is not None
    assert twin.outcome == "warning"
    assert "v1.2 and v1.2.0 carry" in twin.says
    assert twin_tag("v1.2", Version("1.2"), ["v1.2", "v1.3"], "v") is None
