"""References and tags of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import COMMIT, OTHER_COMMIT, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client


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
def test_a_reference_is_found_by_its_full_name(client: Client, path: str, sha: str | None) -> None:
    """A prefix of a name does not match."""
    answer = client.ask("GET", f"{REPOSITORY}/{path}")
    found = answer.content["object"]["sha"] if isinstance(answer.content, dict) and answer.status == 200 else None
    assert found == sha


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("tags/v", ["refs/tags/v1.0.0", "refs/tags/v2.0.0"]),
        ("tags/v2", ["refs/tags/v2.0.0"]),
        ("heads/", ["refs/heads/main"]),
        ("tags/nothing", []),
    ],
)
def test_matching_references_share_a_prefix(client: Client, prefix: str, names: list[str]) -> None:
    """The list is empty, not a 404, if no name has the prefix."""
    found = client.content("GET", f"{REPOSITORY}/git/matching-refs/{prefix}")
    assert [reference["ref"] for reference in found] == names


def test_tags_are_listed_with_their_commits(client: Client) -> None:
    """The list is in descending order of the names."""
    found = {tag["name"]: tag["commit"]["sha"] for tag in client.content("GET", f"{REPOSITORY}/tags")}
    assert list(found.items()) == [("v2.0.0", OTHER_COMMIT), ("v1.0.0", COMMIT)]


def test_a_lightweight_tag_has_no_tag_object(client: Client) -> None:
    """The SHA of a commit is not found among annotated tags."""
    assert client.ask("GET", f"{REPOSITORY}/git/tags/{COMMIT}").status == 404


def test_an_empty_repository_answers_409_for_references(connect: Callable[..., Client]) -> None:
    """A repository without a push has no references, and no release can be created."""
    client = connect({"branches": {}, "tags": {}})
    for path in ("git/ref/tags/v1.0.0", "git/matching-refs/tags/"):
        answer = client.ask("GET", f"{REPOSITORY}/{path}")
        assert isinstance(answer.content, dict)
        assert (answer.status, answer.content["message"]) == (409, "Git Repository is empty.")
    refused = client.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v1.0.0", "draft": True})
    assert isinstance(refused.content, dict)
    assert (refused.status, refused.content["message"]) == (422, "Repository is empty.")
