"""The way of every request: the agent, the version, the token, the route."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hub import CLASSIC, READER, REPOSITORY

if TYPE_CHECKING:
    from support.hub import Desk


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"user-agent": ""}, 403, id="no user agent"),
        pytest.param({"x-github-api-version": "2022-11-28"}, 200, id="a version of the API"),
        pytest.param({"x-github-api-version": "1999-01-01"}, 400, id="a version that never was"),
    ],
)
def test_headers_that_github_looks_at(desk: Desk, headers: dict[str, str], status: int) -> None:
    """A request names its program, and asks for a version there is."""
    assert desk.ask("GET", REPOSITORY, headers=headers).status == status


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
    ],
)
def test_what_is_not_there_is_not_found(desk: Desk, method: str, path: str) -> None:
    """A 404 in GitHub's shape, whatever was looked for."""
    answer = desk.ask(method, path)
    assert isinstance(answer.content, dict)
    assert (answer.status, answer.content["message"], answer.content["status"]) == (404, "Not Found", "404")


def test_a_repository_is_found_in_any_case_and_by_its_number(desk: Desk) -> None:
    """Names fold case; the number leads to the same."""
    shown = desk.content("GET", "/repos/OCTO/Hello")
    assert shown["full_name"] == "octo/hello"
    assert desk.content("GET", f"/repositories/{shown['id']}") == shown
    desk.create("v1.0.0")
    assert len(desk.content("GET", f"/repositories/{shown['id']}/releases")) == 1


@pytest.mark.parametrize(("token", "status"), [(CLASSIC, 200), (READER, 403), (None, 401), ("made-up", 401)])
def test_only_people_have_a_user(desk: Desk, token: str | None, status: int) -> None:
    """``GITHUB_TOKEN`` speaks for nobody that ``/user`` could show."""
    assert desk.ask("GET", "/user", token=token).status == status


def test_the_repository_tells_what_the_caller_may_do(desk: Desk) -> None:
    """``permissions.push`` is how a client can look before it writes."""
    assert desk.content("GET", REPOSITORY)["permissions"]["push"]
    assert not desk.content("GET", REPOSITORY, token=READER)["permissions"]["push"]
    assert "permissions" not in desk.content("GET", REPOSITORY, token=None)
