"""An embedded GitHub to talk to: in this process without sockets, or as a child by plain HTTP."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tagship.rehearsal.fake_github.app import App
from tagship.rehearsal.fake_github.exchange import Body, answered
from tagship.rehearsal.fake_github.http import Links, Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagship.rehearsal.fake_github.http import Answer

COMMIT, OTHER_COMMIT = "a" * 40, "b" * 40
NAME = "octo/hello"
REPOSITORY = f"/repos/{NAME}"
WRITER, READER, STRANGER, FINE_GRAINED, CLASSIC = "writer", "reader", "stranger", "fine-grained", "classic"


def configuration(repository: Mapping[str, object] | None = None, **settings: object) -> dict[str, Any]:
    """Return one repository on main, tagged v1.0.0 and v2.0.0, and a token of each kind, most of which only read."""
    tags = {"v1.0.0": COMMIT, "v2.0.0": OTHER_COMMIT}
    standard = {"name": NAME, "branches": {"main": COMMIT}, "tags": tags}
    tokens = [
        {"token": WRITER, "permissions": {NAME: {"contents": "write", "administration": "read"}}},
        {"token": READER, "permissions": {NAME: {"contents": "read"}}},
        {"token": STRANGER, "permissions": {"octo/other": {"contents": "write"}}},
        {
            "token": FINE_GRAINED,
            "login": "octocat",
            "kind": "fine-grained",
            "permissions": {NAME: {"contents": "read"}},
        },
        {"token": CLASSIC, "login": "octocat", "kind": "classic", "permissions": {NAME: {"contents": "read"}}},
    ]
    return {"repositories": [{**standard, **(repository or {})}], "tokens": tokens, **settings}


class Desk:
    """A hub in this process. ``ask`` goes the whole way of a request, faults and limits included, without sockets."""

    def __init__(self, folder: Path, config: Mapping[str, object] | None = None) -> None:
        self.hub = App(folder)
        self.hub.configure(configuration() if config is None else config)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = WRITER,
        headers: Mapping[str, str] | None = None,
        **query: str,
    ) -> Answer:
        """Return the answer; a body that is no bytes is sent as JSON."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        standard = {"user-agent": "test", "content-length": str(len(data))}
        if token is not None:
            standard["authorization"] = f"Bearer {token}"
        sent = {**standard, **(headers or {})}
        length = int(sent["content-length"]) if sent["content-length"].isdigit() else 0
        links = Links(api="http://hub", uploads="http://hub/uploads", web="http://hub")
        request = Request(
            method=method,
            path=path,
            links=links,
            now=time.time(),
            query=query,
            headers=sent,
        )
        return answered(self.hub, request, Body(BytesIO(data), length))[0]

    def content(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Return the JSON of an answer that must be a good one."""
        answer = self.ask(method, path, body, **more)
        assert answer.status < 300, answer
        return json.loads(json.dumps(answer.content))

    def create(self, tag: str = "v1.0.0", **fields: object) -> dict[str, Any]:
        """Return a new release, a draft unless told otherwise."""
        created: dict[str, Any] = self.content(
            "POST", f"{REPOSITORY}/releases", {"tag_name": tag, "draft": True, **fields}
        )
        return created

    def upload(self, release: int, name: str, content: bytes = b"bytes", **more: Any) -> Answer:
        """Return an upload's answer."""
        headers = {"content-type": "application/zip", **more.pop("headers", {})}
        path = f"/uploads{REPOSITORY}/releases/{release}/assets"
        return self.ask("POST", path, content, headers=headers, name=name, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came over the wire. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The content as JSON."""
        return json.loads(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A client that does nothing by itself: no retry, no redirect, no proxy, one connection a request."""

    url: str
    token: str | None = WRITER

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Return the reply; a body that is no bytes is sent as JSON. Underscores in header names become hyphens."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        standard = {"user-agent": "test"} | ({"authorization": f"token {self.token}"} if self.token else {})
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            sent = {**standard, **{name.replace("_", "-"): value for name, value in headers.items()}}
            connection.request(method, path, body=data, headers=sent)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Reply(status=response.status, headers=received, content=response.read())
        finally:
            connection.close()

    def create(self, tag: str = "v1.0.0", **fields: object) -> Any:
        """Return a new release, a draft unless told otherwise."""
        return self.ask("POST", f"{REPOSITORY}/releases", {"tag_name": tag, "draft": True, **fields}).json

    def upload(self, release: int, name: str, content: bytes = b"bytes") -> Reply:
        """Return an upload's reply."""
        path = f"/uploads{REPOSITORY}/releases/{release}/assets?{urlencode({'name': name})}"
        return self.ask("POST", path, content, content_type="application/zip")


def sha256(content: bytes) -> str:
    """Return the digest as the API shows it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
