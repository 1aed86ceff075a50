"""Permissions: what each kind of token is told it may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hub import CLASSIC, FINE_GRAINED, READER, REPOSITORY, STRANGER, WRITER, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        pytest.param(None, 401, "Requires authentication", id="nobody"),
        pytest.param("made-up", 401, "Bad credentials", id="an unknown token"),
        pytest.param(READER, 403, "Resource not accessible by integration", id="GITHUB_TOKEN with contents: read"),
        pytest.param(STRANGER, 403, "Resource not accessible by integration", id="GITHUB_TOKEN of another repository"),
        pytest.param(FINE_GRAINED, 403, "Resource not accessible by personal access token", id="a fine-grained token"),
        pytest.param(CLASSIC, 404, "Not Found", id="a classic token without the scope"),
    ],
)
def test_who_may_not_write_is_told_in_the_words_for_its_token(
    desk: Desk, token: str | None, status: int, message: str
) -> None:
    """A POST without the permission is refused as GitHub refuses that kind of token, and changes nothing."""
    answer = desk.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v1.0.0"}, token=token)
    assert answer.status == status
    assert isinstance(answer.content, dict)
    assert answer.content["message"] == message
    assert answer.content["status"] == str(status)
    assert desk.hub.snapshot()["releases"] == []


@pytest.mark.parametrize(
    ("token", "status"),
    [
        pytest.param(None, 404, id="nobody"),
        pytest.param(STRANGER, 404, id="a token of another repository"),
        pytest.param(READER, 200, id="a token that may read it"),
    ],
)
def test_a_private_repository_is_not_there_for_strangers(
    open_desk: Callable[..., Desk], token: str | None, status: int
) -> None:
    """What one may not read does not exist."""
    desk = open_desk(configuration({"private": True}))
    assert desk.ask("GET", REPOSITORY, token=token).status == status


@pytest.mark.parametrize(
    ("token", "seen"),
    [
        pytest.param(WRITER, ["v2.0.0", "v1.0.0"], id="who may write sees the draft"),
        pytest.param(READER, ["v1.0.0"], id="who may read does not"),
        pytest.param(None, ["v1.0.0"], id="nobody does not"),
    ],
)
def test_drafts_are_listed_only_for_who_may_write(desk: Desk, token: str | None, seen: list[str]) -> None:
    """The list of releases depends on the token."""
    desk.create("v1.0.0", draft=False)
    draft = desk.create("v2.0.0")
    listed: Any = desk.content("GET", f"{REPOSITORY}/releases", token=token)
    assert [release["tag_name"] for release in listed] == seen
    shown = desk.ask("GET", f"{REPOSITORY}/releases/{draft['id']}", token=token).status
    assert shown == (200 if token == WRITER else 404)


def test_a_permission_of_its_own_is_asked_for_settings(desk: Desk) -> None:
    """Whether releases are immutable is told only to who may read the administration."""
    assert desk.ask("GET", f"{REPOSITORY}/immutable-releases", token=READER).status == 403
    assert desk.ask("GET", f"{REPOSITORY}/immutable-releases").status == 404


def test_both_spellings_of_the_header_are_heard(desk: Desk) -> None:
    """``token x`` counts as much as ``Bearer x``; another scheme does not."""
    for scheme, status in {"token": 200, "BEARER": 200, "Basic": 401}.items():
        headers = {"authorization": f"{scheme} {WRITER}"}
        assert desk.ask("GET", REPOSITORY, headers=headers).status == status
