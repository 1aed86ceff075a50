"""HTTP: prefixes, headers, broken answers, concurrent connections and the end of the server."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from support.fake_github import COMMIT, NAME, REPOSITORY, TOKENS, WRITER, HttpClient, fill, settings_of, sha256
from tagship.rehearsal.fake_github.app import add_token
from tagship.rehearsal.fake_github.server import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RELEASES = f"{REPOSITORY}/releases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running server and its client."""

    server: Server

    @property
    def http(self) -> HttpClient:
        return HttpClient(url=self.server.url)

    def configure(self, **settings: Any) -> None:
        """Replace the settings, as in ``settings_of``."""
        self.server.app.settings = settings_of(**settings)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Yield a server with two tags and all kinds of tokens."""
    with serve(tmp_path / "assets") as server:
        for token in TOKENS:
            add_token(server.app, token)
        tags = {"v1.0.0": COMMIT, "pkg/v1.0+x": COMMIT}
        fill(server.app, name=NAME, branches={"main": COMMIT}, tags=tags)
        yield Site(server=server)


@pytest.mark.parametrize(
    ("prefix", "uploads"),
    [pytest.param("", "/uploads", id="as api.github.com"), pytest.param("/api/v3", "/api/uploads", id="as GHES")],
)
def test_the_api_has_two_prefixes(site: Site, prefix: str, uploads: str) -> None:
    """Links in answers have the prefix of the request, and uploads have a prefix of their own."""
    release = site.http.ask("POST", f"{prefix}{RELEASES}", {"tag_name": "v1.0.0", "draft": True}).json
    assert release["url"] == f"{site.server.url}{prefix}{RELEASES}/{release['id']}"
    address = f"{site.server.url}{uploads}{RELEASES}/{release['id']}/assets"
    assert release["upload_url"] == f"{address}{{?name,label}}"
    assert release["html_url"].startswith(f"{site.server.url}/octo/hello/releases/tag/untagged-")
    path = urlsplit(address).path
    reply = site.http.ask("POST", f"{path}?name=a.whl&label=A%20b", b"bytes", content_type="application/zip")
    assert (reply.status, reply.json["digest"], reply.json["label"]) == (201, sha256(b"bytes"), "A b")
    download = site.http.ask("GET", urlsplit(reply.json["url"]).path, accept="application/octet-stream")
    assert download.status == 302
    assert site.http.ask("GET", urlsplit(download.headers["location"]).path).content == b"bytes"


def test_parts_of_a_path_may_be_percent_encoded(site: Site) -> None:
    """A tag with a slash and a plus is found in both spellings."""
    site.http.create("pkg/v1.0+x", draft=False)
    for spelling in ("pkg/v1.0+x", "pkg%2Fv1.0%2Bx"):
        assert site.http.ask("GET", f"{RELEASES}/tags/{spelling}").status == 200


def test_an_unchanged_answer_is_not_modified(site: Site) -> None:
    """A GET with the ETag of the last answer gets a 304 without a body."""
    first = site.http.ask("GET", REPOSITORY)
    again = site.http.ask("GET", REPOSITORY, if_none_match=first.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert site.http.ask("GET", REPOSITORY, if_none_match="W/other").status == 200


def test_head_is_get_without_the_body(site: Site) -> None:
    """Status and headers are those of GET."""
    head, get = site.http.ask("HEAD", REPOSITORY), site.http.ask("GET", REPOSITORY)
    assert (head.status, head.content, head.headers["etag"]) == (200, b"", get.headers["etag"])


def test_a_truncated_answer_is_shorter_than_its_length(site: Site) -> None:
    """The connection closes after the given number of bytes, and the request has its effect."""
    site.configure(faults=[{"method": "POST", "truncate": 10}])
    with pytest.raises(http.client.IncompleteRead) as caught:
        site.http.ask("POST", RELEASES, {"tag_name": "v1.0.0"})
    assert len(caught.value.partial) == 10
    assert site.http.ask("GET", f"{RELEASES}/tags/v1.0.0").status == 200


def test_a_dropped_connection_has_no_answer(site: Site) -> None:
    """The client sees the end of the connection, also while it still sends."""
    site.configure(faults=[{"method": "POST", "path": "*/assets", "drop": True}])
    release = int(site.http.create()["id"])
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        site.http.upload(release, "a.whl", b"x" * 1_000_000)


def test_latency_and_delays_apply_to_concurrent_requests(site: Site) -> None:
    """Each request takes at least the given time, and concurrent requests wait at the same time."""
    site.configure(latency=0.2, faults=[{"path": RELEASES, "delay": 0.1, "when": "after"}])
    began = time.monotonic()
    paths = [REPOSITORY] * 5 + [RELEASES]
    threads = [threading.Thread(target=site.http.ask, args=("GET", path)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.3 <= time.monotonic() - began < 0.2 * len(paths)
    seconds = {(entry["path"] == RELEASES, float(str(entry["seconds"])) >= 0.2) for entry in site.server.requests()}
    assert seconds == {(True, True), (False, True)}


def test_a_refused_upload_is_read_to_its_end(site: Site) -> None:
    """The client gets its answer, and can use the connection again."""
    connection = http.client.HTTPConnection(urlsplit(site.server.url).netloc, timeout=20)
    headers = {"user-agent": "test", "authorization": f"token {WRITER}", "content-type": "x/y"}
    for _ in range(2):
        connection.request("POST", f"/uploads{RELEASES}/1/assets?name=a", b"x" * 3_000_000, headers)
        response = connection.getresponse()
        assert (response.status, response.headers["content-type"]) == (404, "application/json; charset=utf-8")
        response.read()
    connection.close()


def test_answers_are_sent_without_delay(site: Site) -> None:
    """Two small writes do not cost the 40 ms of a delayed acknowledgement."""
    connection = http.client.HTTPConnection(urlsplit(site.server.url).netloc, timeout=20)
    seconds = []
    for _ in range(15):
        began = time.monotonic()
        connection.request("GET", REPOSITORY, headers={"user-agent": "test"})
        connection.getresponse().read()
        seconds.append(time.monotonic() - began)
    connection.close()
    assert median(seconds) < 0.035


def test_a_chunked_upload_is_refused_and_the_connection_closed(site: Site) -> None:
    """The end of the chunks is unknown, so the connection cannot serve another request."""
    release = int(site.http.create()["id"])
    headers = {"user-agent": "test", "authorization": f"token {WRITER}", "content-type": "x/y"}
    headers["transfer-encoding"] = "chunked"
    with closing(http.client.HTTPConnection(urlsplit(site.server.url).netloc, timeout=20)) as connection:
        # The headers alone are refused; a chunk sent after that would meet a closed connection.
        connection.putrequest("POST", f"/uploads{RELEASES}/{release}/assets?name=a")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        assert (response.status, response.headers["connection"]) == (400, "close")
        assert b"Bad Content-Length" in response.read()


def test_concurrent_uploads_are_complete(site: Site) -> None:
    """Of sixteen uploads, two have the same name, and exactly one of these is refused."""
    release = int(site.http.create()["id"])
    statuses: list[int] = []

    def upload(number: int) -> None:
        name = f"{max(number, 1)}.whl"
        statuses.append(site.http.upload(release, name, name.encode() * 50_000).status)

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] * 15 + [422]
    assets = site.http.ask("GET", f"{RELEASES}/{release}").json["assets"]
    assert {asset["name"]: asset["digest"] for asset in assets} == {
        f"{number}.whl": sha256(f"{number}.whl".encode() * 50_000) for number in range(1, 16)
    }


def test_the_server_survives_a_client_that_disconnects(site: Site) -> None:
    """After a connection that closes in the middle of a request, the next request is answered."""
    host, port = urlsplit(site.server.url).hostname, urlsplit(site.server.url).port
    with socket.create_connection((str(host), int(port or 0))) as connection:
        connection.sendall(f"POST {RELEASES} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf".encode())
    assert site.http.ask("GET", REPOSITORY).status == 200


def test_the_server_ends_with_its_context(tmp_path: Path) -> None:
    """Open connections close, delayed requests get no answer, and no thread keeps running."""
    before = threading.active_count()
    with serve(tmp_path, settings_of(faults=[{"path": "/rate_limit", "delay": 60}])) as server:
        idle = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
        idle.request("GET", "/", headers={"user-agent": "test"})
        idle.getresponse().read()
        delayed = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
        delayed.request("GET", "/rate_limit", headers={"user-agent": "test"})
        while len(server.requests()) < 2:
            time.sleep(0.01)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        delayed.getresponse()
    assert idle.sock is not None
    assert idle.sock.recv(1) == b""
    idle.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        HttpClient(url=server.url).ask("GET", "/")
