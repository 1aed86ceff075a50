"""Faults, interrupted requests and lag: the answer, the effect and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import COMMIT, REPOSITORY, settings_of
from tagship.rehearsal.fake_github.store import Dropped

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client

RELEASES = f"{REPOSITORY}/releases"


def releases(client: Client) -> int:
    """Return the number of releases."""
    return len(client.app.state.releases)


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_an_error_status_replaces_the_effect_or_follows_it(
    connect: Callable[..., Client], when: str, count: int
) -> None:
    """A 502 does not reveal whether the release was created."""
    client = connect(faults=[{"method": "POST", "nth": (1,), "status": 502, "when": when}])
    assert client.ask("POST", RELEASES, {"tag_name": "v1.0.0"}).status == 502
    assert releases(client) == count


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_a_connection_closes_before_the_effect_or_after_it(
    connect: Callable[..., Client], when: str, count: int
) -> None:
    """The client gets no answer, and the log has the request with the status 0."""
    client = connect(faults=[{"method": "POST", "nth": (1,), "drop": True, "when": when}])
    with pytest.raises(Dropped):
        client.ask("POST", RELEASES, {"tag_name": "v1.0.0"})
    assert releases(client) == count
    assert [entry["status"] for entry in client.app.requests()] == [0]


def test_a_fault_may_have_a_body_and_headers(connect: Callable[..., Client]) -> None:
    """The answer has the body and the headers of the fault."""
    fault = {"status": 503, "body": {"message": "Away"}, "headers": {"retry-after": "2"}}
    answer = connect(faults=[fault]).ask("GET", REPOSITORY)
    assert (answer.status, answer.content, answer.headers["retry-after"]) == (503, {"message": "Away"}, "2")


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "remaining"),
    [
        pytest.param({"limit": "primary"}, 403, None, "0", id="primary"),
        pytest.param({"limit": "primary", "status": 429}, 429, None, "0", id="primary with 429"),
        pytest.param({"limit": "secondary", "retry_after": 2}, 403, "2", "999", id="secondary with retry-after"),
        pytest.param({"limit": "secondary", "status": 429}, 429, None, "999", id="secondary without retry-after"),
    ],
)
def test_a_fault_can_be_a_rate_limit(
    connect: Callable[..., Client], fault: dict[str, object], status: int, retry_after: str | None, remaining: str
) -> None:
    """The answer is that of a real rate limit, and the request has no effect."""
    client = connect(faults=[{"nth": (1,), **fault}])
    answer = client.ask("POST", RELEASES, {"tag_name": "v1.0.0"})
    assert answer.status == status
    assert answer.headers.get("retry-after") == retry_after
    assert answer.headers["x-ratelimit-remaining"] == remaining
    assert releases(client) == 0


def test_a_failed_upload_leaves_an_unfinished_asset(connect: Callable[..., Client]) -> None:
    """An invalid upload is refused before the fault applies."""
    client = connect(faults=[{"path": "/uploads/*", "starter": True}])
    release = int(client.create("v1.0.0")["id"])
    assert client.upload(release, "").status == 422
    assert client.upload(release, "a.whl").status == 502
    assert [asset.state for asset in client.app.state.assets.values()] == ["starter"]


def test_an_interrupted_upload_leaves_an_unfinished_asset(client: Client) -> None:
    """The asset reserves its name, and no file is stored."""
    release = int(client.create("v1.0.0")["id"])
    with pytest.raises(Dropped):
        client.upload(release, "a.whl", b"half", headers={"content-length": "8"})
    assert [asset.state for asset in client.app.state.assets.values()] == ["starter"]
    assert list(client.app.folder.iterdir()) == []


def test_an_interrupted_request_has_no_effect(client: Client) -> None:
    """A body that is shorter than its Content-Length is not processed, even if it is valid JSON."""
    with pytest.raises(Dropped):
        client.ask("POST", RELEASES, b'{"tag_name": "v1.0.0"}', headers={"content-length": "99"})
    assert releases(client) == 0


def test_a_chunked_body_requires_a_length(client: Client) -> None:
    """Chunked JSON is refused with 411."""
    headers = {"transfer-encoding": "chunked"}
    assert client.ask("POST", RELEASES, {"tag_name": "v1.0.0"}, headers=headers).status == 411


def test_the_log_has_requests_without_their_tokens(client: Client) -> None:
    """An entry has method, path, query, status, time, kind of token and selected headers."""
    client.ask("GET", RELEASES, page="2")
    client.ask("POST", RELEASES, {"tag_name": "v1.0.0"}, token=None)
    client.ask("GET", RELEASES, token="made-up")
    first, second, third = client.app.requests()
    assert (first["method"], first["path"], first["query"]) == ("GET", RELEASES, {"page": "2"})
    assert (first["status"], first["token"]) == (200, "installation")
    assert isinstance(first["seconds"], float)
    assert first["headers"] == {"content-length": "0", "user-agent": "test"}
    assert [(entry["status"], entry["token"]) for entry in (second, third)] == [(401, "none"), (401, "unknown")]


def test_reads_see_a_write_after_the_lag(connect: Callable[..., Client]) -> None:
    """Reads see the older state during the lag, and writes the current one."""
    client = connect(lag=60)
    draft = client.create("v1.0.0")
    assert client.ask("GET", f"{RELEASES}/{draft['id']}").status == 404
    assert client.content("GET", RELEASES) == []
    assert client.upload(draft["id"], "a.whl").status == 201
    assert client.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})["assets"][0]["name"] == "a.whl"
    client.app.settings = settings_of()
    assert client.content("GET", f"{RELEASES}/{draft['id']}")["target_commitish"] == "main"
    assert client.content("GET", f"{REPOSITORY}/git/ref/tags/v1.0.0")["object"]["sha"] == COMMIT


def test_the_lag_ends(connect: Callable[..., Client]) -> None:
    """After the lag, all reads see the write."""
    client = connect(lag=0.05, faults=[{"nth": (3,), "delay": 0.1, "path": RELEASES}])
    client.create("v1.0.0")
    assert client.content("GET", RELEASES) == []
    client.ask("GET", RELEASES)
    assert len(client.content("GET", RELEASES)) == 1
