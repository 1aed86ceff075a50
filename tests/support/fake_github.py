"""Embedded GitHubs for tests: filled from tables, and called in this process or over HTTP."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from support.faults import Fault, Faults
from tagship.rehearsal.fake_github.app import App, Settings, add_release, add_repository, add_token
from tagship.rehearsal.fake_github.http import Links, Request
from tagship.rehearsal.fake_github.models import Asset, Put, Release, Repository, Token
from tagship.rehearsal.fake_github.server import exchange
from tagship.rehearsal.fake_github.store import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tagship.rehearsal.fake_github.http import Answer

COMMIT, OTHER_COMMIT = "a" * 40, "b" * 40
NAME = "octo/hello"
REPOSITORY = f"/repos/{NAME}"
WRITER, READER, STRANGER, FINE_GRAINED, CLASSIC = "writer", "reader", "stranger", "fine-grained", "classic"
TOKENS = (
    Token(token=WRITER, permissions={NAME: {"contents": "write"}}),
    Token(token=READER, permissions={NAME: {"contents": "read"}}),
    Token(token=STRANGER, permissions={"octo/other": {"contents": "write"}}),
    Token(token=FINE_GRAINED, login="octocat", kind="fine-grained", permissions={NAME: {"contents": "read"}}),
    Token(token=CLASSIC, login="octocat", kind="classic", permissions={NAME: {"contents": "read"}}),
)


def settings_of(faults: Iterable[Mapping[str, Any]] = (), lag: float = 0.0, **more: Any) -> Settings:
    """Return settings with a fault for each table of its fields."""
    return Settings(disturb=Faults([Fault(**fault) for fault in faults], lag), **more)


def fill(app: App, releases: Iterable[Mapping[str, Any]] = (), **repository: Any) -> Repository:
    """Add a repository and its releases, each a table of the record's fields; ``assets`` is a list of such tables.

    An asset's table has its ``content`` as text, and ``digest`` False for one without a digest.
    """
    added = add_repository(app, Repository(**repository))
    for table in releases:
        fields = {"repository": added.name, **table}
        assets, latest = fields.pop("assets", ()), fields.pop("latest", False)
        release = add_release(app, Release(**fields), latest=latest)
        for entry in assets:
            values = {"release": release.id, "created_at": release.created_at, **entry}
            content, digest = values.pop("content", ""), values.pop("digest", True)
            add_asset(app, Asset(**values), content.encode(), digest=digest)
    return added


def add_asset(app: App, asset: Asset, content: bytes, *, digest: bool = True) -> Asset:
    """Add the asset with its bytes and return it with its id.

    An asset in the state ``starter`` gets no bytes. Without ``digest`` it is like an asset from before June 2025.
    """
    stored = replace(asset, id=app.state.serial + 1, size=len(content))
    file = None if asset.state == "starter" else app.receive(BytesIO(content), len(content))
    if file:
        stored = replace(stored, content=file.sha256, digest=f"sha256:{file.sha256}" if digest else None)
    app.apply([Put(record=stored)])
    return stored


def standard_app(
    folder: Path, repository: Mapping[str, Any] | None = None, *, tokens: Iterable[Token] = TOKENS, **settings: Any
) -> App:
    """Return an app with a repository that has main, v1.0.0 and v2.0.0, and with a token of each kind."""
    app = App(folder, settings_of(**settings))
    for token in tokens:
        add_token(app, token)
    tags = {"v1.0.0": COMMIT, "v2.0.0": OTHER_COMMIT}
    fill(app, **{"name": NAME, "branches": {"main": COMMIT}, "tags": tags, **(repository or {})})
    return app


@dataclass(frozen=True, slots=True)
class Client:
    """Client of an app in this process: no sockets, but faults and rate limits apply."""

    app: App

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
        """Return the answer; a body other than bytes is sent as JSON."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        standard = {"user-agent": "test", "content-length": str(len(data))}
        if token is not None:
            standard["authorization"] = f"Bearer {token}"
        sent = {**standard, **(headers or {})}
        length = int(sent["content-length"]) if sent["content-length"].isdigit() else 0
        links = Links(api="http://hub", uploads="http://hub/uploads", web="http://hub")
        request = Request(method=method, path=path, links=links, now=time.time(), query=query, headers=sent)
        return exchange(self.app, request, Body(BytesIO(data), length))[0]

    def content(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Return the JSON of a successful answer."""
        answer = self.ask(method, path, body, **more)
        assert answer.status < 300, answer
        return json.loads(json.dumps(answer.content))

    def create(self, tag: str = "v1.0.0", **fields: object) -> dict[str, Any]:
        """Return a new release, by default a draft."""
        created: dict[str, Any] = self.content(
            "POST", f"{REPOSITORY}/releases", {"tag_name": tag, "draft": True, **fields}
        )
        return created

    def upload(self, release: int, name: str, content: bytes = b"bytes", **more: Any) -> Answer:
        """Return the answer to an upload."""
        headers = {"content-type": "application/zip", **more.pop("headers", {})}
        path = f"/uploads{REPOSITORY}/releases/{release}/assets"
        return self.ask("POST", path, content, headers=headers, name=name, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpClient:
    """HTTP client without retries, redirects and proxies, and with one connection a request."""

    url: str
    token: str | None = WRITER

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Return the reply; a body other than bytes is sent as JSON. Underscores in header names become hyphens."""
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
        """Return a new release, by default a draft."""
        return self.ask("POST", f"{REPOSITORY}/releases", {"tag_name": tag, "draft": True, **fields}).json

    def upload(self, release: int, name: str, content: bytes = b"bytes") -> Reply:
        """Return the reply to an upload."""
        path = f"/uploads{REPOSITORY}/releases/{release}/assets?{urlencode({'name': name})}"
        return self.ask("POST", path, content, content_type="application/zip")


def sha256(content: bytes) -> str:
    """Return the digest in the form of the API."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
