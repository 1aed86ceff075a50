"""Checks that apply to every request: user agent, API version, route and repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import READER, REPOSITORY

if TYPE_CHECKING:
    from support.fake_github import Client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"user-agent": ""}, 403, id="no user agent"),
        pytest.param({"x-github-api-version": "2022-11-28"}, 200, id="a known version of the API"),
        pytest.param({"x-github-api-version": "1999-01-01"}, 400, id="an unknown version of the API"),
    ],
)
def test_headers_are_checked(client: Client, headers: dict[str, str], status: int) -> None:
    """A request requires a user agent, and a known version of the API if it names one."""
    assert client.ask("GET", REPOSITORY, headers=headers).status == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/repos/octo/nothing"),
        ("GET", "/repos/octo/hello/nothing"),
        ("PUT", "/repos/octo/hello/releases"),
        ("GET", "/repos/octo/hello/releases/99"),
        ("GET", "/repos/octo/hello/releases/assets/99"),
        ("GET", "/repos/octo/hello/releases/tags/v9"),
        ("GET", "/repositories/99/releases"),
        ("GET", "/nothing"),
        ("GET", "/"),
    ],
)
def test_unknown_paths_and_records_are_not_found(client: Client, method: str, path: str) -> None:
    """The answer is GitHub's 404 for any kind of path."""
    answer = client.ask(method, path)
    assert isinstance(answer.content, dict)
    assert (answer.status, answer.content["message"], answer.content["status"]) == (404, "Not Found", "404")


def test_a_repository_is_found_by_name_in_any_case_and_by_id(client: Client) -> None:
    """All three addresses lead to the same repository."""
    shown = client.content("GET", "/repos/OCTO/Hello")
    assert shown["full_name"] == "octo/hello"
    assert client.content("GET", f"/repositories/{shown['id']}") == shown
    client.create("v1.0.0")
    assert len(client.content("GET", f"/repositories/{shown['id']}/releases")) == 1


def test_the_repository_shows_the_permissions_of_the_caller(client: Client) -> None:
    """Clients check ``permissions.push`` before they write."""
    assert client.content("GET", REPOSITORY)["permissions"]["push"]
    assert not client.content("GET", REPOSITORY, token=READER)["permissions"]["push"]
    assert "permissions" not in client.content("GET", REPOSITORY, token=None)
