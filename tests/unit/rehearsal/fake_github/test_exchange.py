"""Faults as a client meets them: what it is told, and what has happened all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hub import COMMIT, REPOSITORY, configuration
from tagship.rehearsal.fake_github.exchange import Dropped

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk

RELEASES = f"{REPOSITORY}/releases"


def releases(desk: Desk) -> int:
    """How many releases there are on disk."""
    found: Any = desk.hub.snapshot()["releases"]
    return len(found)


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_a_bad_status_comes_in_place_of_the_effect_or_after_it(
    open_desk: Callable[..., Desk], when: str, count: int
) -> None:
    """A 502 does not say whether the release is there: here both happen."""
    desk = open_desk(configuration(faults=[{"method": "POST", "nth": [1], "status": 502, "when": when}]))
    assert desk.ask("POST", RELEASES, {"tag_name": "v1.0.0"}).status == 502
    assert releases(desk) == count


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_a_connection_drops_before_the_effect_or_after_it(
    open_desk: Callable[..., Desk], when: str, count: int
) -> None:
    """The client hears nothing; the record has the request with status 0."""
    desk = open_desk(configuration(faults=[{"method": "POST", "nth": [1], "drop": True, "when": when}]))
    with pytest.raises(Dropped):
        desk.ask("POST", RELEASES, {"tag_name": "v1.0.0"})
    assert releases(desk) == count
    assert [entry["status"] for entry in desk.hub.store.requests()] == [0]


def test_a_fault_brings_its_own_words(open_desk: Callable[..., Desk]) -> None:
    """Body and headers of the answer can be given."""
    fault = {"status": 503, "body": {"message": "Away"}, "headers": {"retry-after": "2"}}
    answer = open_desk(configuration(faults=[fault])).ask("GET", REPOSITORY)
    assert (answer.status, answer.content, answer.headers["retry-after"]) == (503, {"message": "Away"}, "2")


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "remaining"),
    [
        pytest.param({"limit": "primary"}, 403, None, "0", id="the hour is used up"),
        pytest.param({"limit": "primary", "status": 429}, 429, None, "0", id="the hour is used up, told as 429"),
        pytest.param({"limit": "secondary", "retry_after": 2}, 403, "2", "999", id="too fast, with the wait"),
        pytest.param({"limit": "secondary", "status": 429}, 429, None, "999", id="too fast, without"),
    ],
)
def test_a_rate_limit_on_request(
    open_desk: Callable[..., Desk], fault: dict[str, object], status: int, retry_after: str | None, remaining: str
) -> None:
    """Both limits can be met without making a thousand requests; nothing happens then."""
    desk = open_desk(configuration(faults=[{"nth": [1], **fault}]))
    answer = desk.ask("POST", RELEASES, {"tag_name": "v1.0.0"})
    assert answer.status == status
    assert answer.headers.get("retry-after") == retry_after
    assert answer.headers["x-ratelimit-remaining"] == remaining
    assert releases(desk) == 0


def test_a_starter_is_left_by_an_upload_that_fails(open_desk: Callable[..., Desk]) -> None:
    """An upload that may not begin is refused as ever."""
    desk = open_desk(configuration(faults=[{"path": "/uploads/*", "starter": True}]))
    release = int(desk.create("v1.0.0")["id"])
    assert desk.upload(release, "").status == 422
    assert desk.upload(release, "a.whl").status == 502
    assert [asset.state for asset in desk.hub.store.state.assets.values()] == ["starter"]


def test_a_client_that_leaves_in_the_middle_of_an_upload_leaves_a_starter(desk: Desk) -> None:
    """Half an upload is no asset, but it holds its name."""
    release = int(desk.create("v1.0.0")["id"])
    with pytest.raises(Dropped):
        desk.upload(release, "a.whl", b"half", headers={"content-length": "8"})
    assert [asset.state for asset in desk.hub.store.state.assets.values()] == ["starter"]
    assert list(desk.hub.store.blobs.iterdir()) == []


def test_half_a_request_does_nothing(desk: Desk) -> None:
    """A body that ends early is no request, even where the half of it would be JSON."""
    with pytest.raises(Dropped):
        desk.ask("POST", RELEASES, b'{"tag_name": "v1.0.0"}', headers={"content-length": "99"})
    assert releases(desk) == 0


def test_a_chunked_body_is_asked_for_its_length(desk: Desk) -> None:
    """JSON in chunks is answered with 411."""
    headers = {"transfer-encoding": "chunked"}
    assert desk.ask("POST", RELEASES, {"tag_name": "v1.0.0"}, headers=headers).status == 411


def test_requests_are_on_record_without_their_tokens(desk: Desk) -> None:
    """Method, path, query, status, time, kind of token and a few headers can be read back."""
    desk.ask("GET", RELEASES, page="2")
    desk.ask("GET", "/user", token=None)
    desk.ask("GET", "/user", token="made-up")
    first, second, third = desk.hub.store.requests()
    assert (first["method"], first["path"], first["query"]) == ("GET", RELEASES, {"page": "2"})
    assert (first["status"], first["token"]) == (200, "installation")
    assert isinstance(first["seconds"], float)
    assert first["headers"] == {"content-length": "0", "user-agent": "test"}
    assert [(entry["status"], entry["token"]) for entry in (second, third)] == [(401, "none"), (401, "unknown")]
    assert desk.hub.store.requests(after=2) == [third]


def test_a_write_shows_after_the_lag_and_not_before(open_desk: Callable[..., Desk]) -> None:
    """Who reads at once what was just written does not see it; who writes again works on what is there."""
    desk = open_desk(configuration(lag=60))
    draft = desk.create("v1.0.0")
    assert desk.ask("GET", f"{RELEASES}/{draft['id']}").status == 404
    assert desk.content("GET", RELEASES) == []
    assert desk.upload(draft["id"], "a.whl").status == 201
    assert desk.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})["assets"][0]["name"] == "a.whl"
    desk.hub.configure({"lag": 0})
    assert desk.content("GET", f"{RELEASES}/{draft['id']}")["target_commitish"] == "main"
    assert desk.content("GET", f"{REPOSITORY}/git/ref/tags/v1.0.0")["object"]["sha"] == COMMIT


def test_a_short_lag_passes(open_desk: Callable[..., Desk]) -> None:
    """After the lag the write is there for everybody."""
    desk = open_desk(configuration(lag=0.05, faults=[{"nth": [3], "delay": 0.1, "path": RELEASES}]))
    desk.create("v1.0.0")
    assert desk.content("GET", RELEASES) == []
    desk.ask("GET", RELEASES)
    assert len(desk.content("GET", RELEASES)) == 1
