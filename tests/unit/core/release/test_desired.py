"""Requests that GitHub refuses for every repository."""

from __future__ import annotations

from typing import Any

import pytest

from tagship.core.release.desired import MAX_ASSET_BYTES, MAX_ASSETS, DesiredRelease, File, problems_of
from tagship.core.versions import parse_version


def file(name: str = "a.whl", size: int = 1, path: str = "") -> File:
    """Return a file to attach."""
    return File(path=path or f"dist/{name}", name=name, size=size, digest="sha256:aa")


PRE, FINAL = parse_version("1.0rc1"), parse_version("1.0")
LATEST = "latest-release-cannot-be-draft-or-prerelease"
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "one byte": ({"files": (file(),)}, []),
    "an empty file": ({"files": (file(size=0),)}, ["empty-file"]),
    "a file of exactly the limit": ({"files": (file(size=MAX_ASSET_BYTES),)}, []),
    "a file of one byte more": ({"files": (file(size=MAX_ASSET_BYTES + 1),)}, ["file-too-large"]),
    "files of one asset name": ({"files": (file("a b"), file("a.b"))}, ["same-asset-name"]),
    "exactly 1000 files": ({"files": tuple(file(f"{n}.txt") for n in range(MAX_ASSETS))}, []),
    "1001 files": ({"files": tuple(file(f"{n}.txt") for n in range(MAX_ASSETS + 1))}, ["more-than-1000-assets"]),
    "a pre-release with latest": ({"version": PRE, "latest": True}, [LATEST]),
    "a pre-release without latest": ({"version": PRE, "latest": False}, []),
    "a pre-release by version that is none by input": ({"version": PRE, "latest": True, "prerelease": False}, []),
    "a stable version that is a pre-release by input": (
        {"version": FINAL, "latest": True, "prerelease": True},
        [LATEST],
    ),
    "a stable version with latest": ({"version": FINAL, "latest": True}, []),
    "no version with latest": ({"latest": True}, []),
    "everything at once": (
        {"files": (file(size=0), file("a.whl", path="b/a.whl")), "version": PRE, "latest": True},
        ["empty-file", "same-asset-name", LATEST],
    ),
}


@pytest.mark.parametrize(("fields", "topics"), CASES.values(), ids=CASES.keys())
def test_a_limit_is_checked_before_the_first_request(fields: dict[str, Any], topics: list[str]) -> None:
    """Each value at the limit passes, and each one past it is a problem."""
    assert [problem.topic for problem in problems_of(DesiredRelease(tag="v1.0", **fields))] == topics


def test_an_asset_is_smaller_than_two_gibibytes() -> None:
    """GitHub documents the limit as under 2 GiB per file and 1000 files per release."""
    assert (MAX_ASSET_BYTES, MAX_ASSETS) == (2_147_483_647, 1000)


def test_a_clash_names_the_files_and_a_new_name() -> None:
    """The message has every path in order; the remedy is a line for the input ``files``."""
    desired = DesiredRelease(tag="v1", files=(file("a", path="y/a"), file("a", path="x/a"), file("b")))
    (problem,) = problems_of(desired)
    assert problem.found == "2 files have the same asset name a: x/a, y/a."
    assert problem.remedy.endswith("x/a => other-a")
