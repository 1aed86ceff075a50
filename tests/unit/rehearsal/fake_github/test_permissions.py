"""Permissions, and the refusal for each kind of token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.fake_github import CLASSIC, FINE_GRAINED, READER, REPOSITORY, STRANGER, WRITER

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        pytest.param(None, 401, "Requires authentication", id="no token"),
        pytest.param("made-up", 401, "Bad credentials", id="an unknown token"),
        pytest.param(READER, 403, "Resource not accessible by integration", id="GITHUB_TOKEN with contents: read"),
        pytest.param(STRANGER, 403, "Resource not accessible by integration", id="GITHUB_TOKEN of another repository"),
        pytest.param(FINE_GRAINED, 403, "Resource not accessible by personal access token", id="a fine-grained token"),
        pytest.param(CLASSIC, 404, "Not Found", id="a classic token without the scope"),
    ],
)
def test_a_write_without_permission_is_refused_by_kind_of_token(
    client: Client, token: str | None, status: int, message: str
) -> None:
    """Status and message are those that GitHub has for the kind of token, and nothing changes."""
    answer = client.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v1.0.0"}, token=token)
    assert answer.status == status
    assert isinstance(answer.content, dict)
    assert answer.content["message"] == message
    assert answer.content["status"] == str(status)
    assert not client.app.state.releases


@pytest.mark.parametrize(
    ("token", "status"),
    [
        pytest.param(None, 404, id="no token"),
        pytest.param(STRANGER, 404, id="a token of another repository"),
        pytest.param(READER, 200, id="a token with contents: read"),
    ],
)
def test_a_private_repository_is_not_found_without_permission(
    connect: Callable[..., Client], token: str | None, status: int
) -> None:
    """The 404 does not reveal that the repository exists."""
    client = connect({"private": True})
    assert client.ask("GET", REPOSITORY, token=token).status == status


def test_the_jobs_of_a_private_repository_require_a_permission_of_their_own(connect: Callable[..., Client]) -> None:
    """``contents: write`` does not include ``actions: read``."""
    path = f"{REPOSITORY}/actions/runs/1/jobs"
    assert connect().content("GET", path) == {"total_count": 0, "jobs": []}
    assert connect({"private": True}).ask("GET", path).status == 403


@pytest.mark.parametrize(
    ("token", "seen"),
    [
        pytest.param(WRITER, ["v2.0.0", "v1.0.0"], id="contents: write sees the draft"),
        pytest.param(READER, ["v1.0.0"], id="contents: read does not"),
        pytest.param(None, ["v1.0.0"], id="no token does not"),
    ],
)
def test_drafts_require_contents_write(client: Client, token: str | None, seen: list[str]) -> None:
    """The list of releases depends on the token."""
    client.create("v1.0.0", draft=False)
    draft = client.create("v2.0.0")
    listed: Any = client.content("GET", f"{REPOSITORY}/releases", token=token)
    assert [release["tag_name"] for release in listed] == seen
    shown = client.ask("GET", f"{REPOSITORY}/releases/{draft['id']}", token=token).status
    assert shown == (200 if token == WRITER else 404)


def test_the_authorization_header_has_two_schemes(client: Client) -> None:
    """``token`` and ``Bearer`` are equivalent; another scheme is refused."""
    for scheme, status in {"token": 200, "BEARER": 200, "Basic": 401}.items():
        headers = {"authorization": f"{scheme} {WRITER}"}
        assert client.ask("GET", REPOSITORY, headers=headers).status == status
