"""The control path: who is heard, and what can be read and changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.hub import COMMIT, REPOSITORY
from tagship.rehearsal.fake_github.control import answer
from tagship.rehearsal.fake_github.http import Links, Request

if TYPE_CHECKING:
    from support.hub import Desk
    from tagship.rehearsal.fake_github.http import Answer

LINKS = Links(api="http://hub", uploads="http://hub/uploads", web="http://hub")


def ask(desk: Desk, method: str, path: str, body: object = None, **headers: str) -> Answer:
    """Return the answer to who speaks JSON from this machine, unless the headers say otherwise."""
    standard = {"host": "127.0.0.1:1234", "content_type": "application/json", **headers}
    path, _, query = path.partition("?")
    request = Request(
        method=method,
        path=f"/_rehearsal/{path}",
        links=LINKS,
        now=0,
        query=dict([query.split("=")]) if query else {},
        headers={name.replace("_", "-"): value for name, value in standard.items()},
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
    )
    return answer(desk.hub, request)


def test_requests_and_state_can_be_read(desk: Desk) -> None:
    """All requests or those after one; drafts are in the state."""
    desk.create("v1.0.0")
    desk.ask("GET", REPOSITORY)
    requests: Any = ask(desk, "GET", "requests").content
    assert [entry["method"] for entry in requests] == ["POST", "GET"]
    later: Any = ask(desk, "GET", "requests?after=1").content
    assert later == requests[1:]
    state: Any = ask(desk, "GET", "state").content
    assert [release["tag_name"] for release in state["releases"]] == ["v1.0.0"]


def test_a_configuration_and_a_tag_can_be_sent(desk: Desk) -> None:
    """They hold from the next request."""
    assert ask(desk, "POST", "config", {"faults": [{"status": 500}]}).status == 200
    assert desk.ask("GET", REPOSITORY).status == 500
    ask(desk, "POST", "config", {"faults": []})
    assert ask(desk, "POST", "tag", {"repository": "octo/hello", "tag": "v8", "commit": COMMIT}).status == 200
    assert desk.ask("GET", f"{REPOSITORY}/git/ref/tags/v8").status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        pytest.param(
            "GET", "state", None, {"host": "evil.example"}, 403, id="a page that took this address for its own"
        ),
        pytest.param("POST", "config", {}, {"content_type": "text/plain"}, 404, id="a form of a browser's page"),
        pytest.param("POST", "config", {"nothing": 1}, {}, 422, id="a configuration that cannot be read"),
        pytest.param("POST", "config", b"{", {}, 422, id="no JSON"),
        pytest.param("POST", "tag", {"tag": "v8"}, {}, 422, id="a tag of no repository"),
        pytest.param("GET", "requests?after=x", None, {}, 422, id="a number that is none"),
        pytest.param("DELETE", "state", None, {}, 404, id="something else"),
    ],
)
def test_what_is_not_heard(
    desk: Desk, method: str, path: str, body: object, headers: dict[str, str], status: int
) -> None:
    """Strangers, browsers and mistakes are refused, and nothing changes."""
    before = desk.hub.snapshot()
    assert ask(desk, method, path, body, **headers).status == status
    assert desk.hub.snapshot() == before
