"""What git has, as the API tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hub import COMMIT, OTHER_COMMIT, REPOSITORY, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk


@pytest.mark.parametrize(
    ("path", "sha"),
    [
        ("git/ref/tags/v1.0.0", COMMIT),
        ("git/ref/heads/main", COMMIT),
        ("git/ref/tags/v1", None),
        ("git/ref/tags/v1.0.0/x", None),
        ("git/ref/main", None),
    ],
)
def test_a_reference_is_found_by_its_whole_name(desk: Desk, path: str, sha: str | None) -> None:
    """A beginning of a name is no name."""
    answer = desk.ask("GET", f"{REPOSITORY}/{path}")
    found = answer.content["object"]["sha"] if isinstance(answer.content, dict) and answer.status == 200 else None
    assert found == sha


@pytest.mark.parametrize(
    ("beginning", "names"),
    [
        ("tags/v", ["refs/tags/v1.0.0", "refs/tags/v2.0.0"]),
        ("tags/v2", ["refs/tags/v2.0.0"]),
        ("heads/", ["refs/heads/main"]),
        ("tags/nothing", []),
    ],
)
def test_references_are_found_by_how_they_begin(desk: Desk, beginning: str, names: list[str]) -> None:
    """No match is an empty list, not a 404."""
    found = desk.content("GET", f"{REPOSITORY}/git/matching-refs/{beginning}")
    assert [reference["ref"] for reference in found] == names


@pytest.mark.parametrize(
    ("reference", "sha"),
    [
        ("main", COMMIT),
        ("v2.0.0", OTHER_COMMIT),
        ("tags/v2.0.0", OTHER_COMMIT),
        ("heads/main", COMMIT),
        (COMMIT, COMMIT),
    ],
)
def test_a_commit_is_found_by_whatever_leads_to_it(desk: Desk, reference: str, sha: str) -> None:
    """Branch, tag, SHA, or the longer form of a name."""
    assert desk.content("GET", f"{REPOSITORY}/commits/{reference}")["sha"] == sha


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("commits/nothing", 422, "No commit found for SHA: nothing"),
        ("branches/nothing", 404, "Branch not found"),
        ("compare/main...nothing", 404, "Not Found"),
        ("compare/main", 404, "Not Found"),
        (f"git/tags/{COMMIT}", 404, "Not Found"),
    ],
)
def test_what_git_does_not_have_is_refused(desk: Desk, path: str, status: int, message: str) -> None:
    """Each in its own way."""
    answer = desk.ask("GET", f"{REPOSITORY}/{path}")
    assert isinstance(answer.content, dict)
    assert (answer.status, answer.content["message"]) == (status, message)


def test_an_empty_repository_has_no_references_to_look_for(open_desk: Callable[..., Desk]) -> None:
    """Before the first push git's paths answer 409, and there is nothing to release."""
    desk = open_desk(configuration({"branches": {}, "tags": {}}))
    for path in ("git/ref/tags/v1.0.0", "git/matching-refs/tags/", "commits/main"):
        answer = desk.ask("GET", f"{REPOSITORY}/{path}")
        assert isinstance(answer.content, dict)
        assert (answer.status, answer.content["message"]) == (409, "Git Repository is empty.")
    refused = desk.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v1.0.0", "draft": True})
    assert isinstance(refused.content, dict)
    assert (refused.status, refused.content["message"]) == (422, "Repository is empty.")


@pytest.mark.parametrize(
    ("basehead", "status", "ahead"), [("main...v1.0.0", "identical", 0), ("main...v2.0.0", "ahead", 1)]
)
def test_a_comparison_says_which_way_it_goes(desk: Desk, basehead: str, status: str, ahead: int) -> None:
    """``ahead_by`` counts what only the head has."""
    found = desk.content("GET", f"{REPOSITORY}/compare/{basehead}")
    assert (found["status"], found["ahead_by"], found["total_commits"]) == (status, ahead, ahead)
