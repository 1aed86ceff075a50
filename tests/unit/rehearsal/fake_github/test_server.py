"""The wire: prefixes, headers, broken answers, many connections at once."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from support.hub import REPOSITORY, Wire, configuration, sha256
from tagship.rehearsal.fake_github.app import App
from tagship.rehearsal.fake_github.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RELEASES = f"{REPOSITORY}/releases"


class Site:
    """A server in a thread of this process."""

    def __init__(self, folder: Path) -> None:
        self.hub = App(folder)
        self.server = Server(("127.0.0.1", 0), self.hub)
        self.server.daemon_threads = False
        self.wire = Wire(url=self.server.url)
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def configure(self, config: Mapping[str, object]) -> Wire:
        """Return the client, once the configuration holds."""
        self.hub.configure(config)
        return self.wire

    def close(self) -> None:
        """End it."""
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
        self.hub.store.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Yield a server of the test's own."""
    running = Site(tmp_path)
    yield running
    running.close()


@pytest.mark.parametrize(
    ("prefix", "uploads"),
    [pytest.param("", "/uploads", id="as api.github.com"), pytest.param("/api/v3", "/api/uploads", id="as GHES")],
)
def test_the_api_stands_under_both_prefixes(site: Site, prefix: str, uploads: str) -> None:
    """Links in answers keep to the prefix that was asked, and uploads have their own."""
    wire = site.configure(configuration())
    release = wire.ask("POST", f"{prefix}{RELEASES}", {"tag_name": "v1.0.0", "draft": True}).json
    assert release["url"] == f"{wire.url}{prefix}{RELEASES}/{release['id']}"
    address = f"{wire.url}{uploads}{RELEASES}/{release['id']}/assets"
    assert release["upload_url"] == f"{address}{{?name,label}}"
    assert release["html_url"].startswith(f"{wire.url}/octo/hello/releases/tag/untagged-")
    path = urlsplit(address).path
    reply = wire.ask("POST", f"{path}?name=a.whl&label=A%20b", b"bytes", content_type="application/zip")
    assert (reply.status, reply.json["digest"], reply.json["label"]) == (201, sha256(b"bytes"), "A b")
    download = wire.ask("GET", urlsplit(reply.json["url"]).path, accept="application/octet-stream")
    assert download.status == 302
    assert wire.ask("GET", urlsplit(download.headers["location"]).path).content == b"bytes"


def test_names_in_a_path_may_be_quoted(site: Site) -> None:
    """A tag with a slash or plus is found however the client writes it."""
    wire = site.configure(configuration({"tags": {"pkg/v1.0+x": "a" * 40}}))
    wire.create("pkg/v1.0+x", draft=False)
    for spelling in ("pkg/v1.0+x", "pkg%2Fv1.0%2Bx"):
        assert wire.ask("GET", f"{RELEASES}/tags/{spelling}").status == 200


def test_an_unchanged_answer_is_not_sent_again(site: Site) -> None:
    """A GET with the tag of the last answer is told 304 without a body."""
    wire = site.configure(configuration())
    first = wire.ask("GET", REPOSITORY)
    again = wire.ask("GET", REPOSITORY, if_none_match=first.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert wire.ask("GET", REPOSITORY, if_none_match="W/other").status == 200


def test_head_is_get_without_the_body(site: Site) -> None:
    """Status and headers are the same."""
    wire = site.configure(configuration())
    head, get = wire.ask("HEAD", REPOSITORY), wire.ask("GET", REPOSITORY)
    assert (head.status, head.content, head.headers["etag"]) == (200, b"", get.headers["etag"])


def test_a_truncated_answer_promises_more_than_it_sends(site: Site) -> None:
    """The connection breaks after so many bytes; the effect is there."""
    wire = site.configure(configuration(faults=[{"method": "POST", "truncate": 10}]))
    with pytest.raises(http.client.IncompleteRead) as caught:
        wire.ask("POST", RELEASES, {"tag_name": "v1.0.0"})
    assert len(caught.value.partial) == 10
    assert wire.ask("GET", f"{RELEASES}/tags/v1.0.0").status == 200


def test_a_dropped_connection_ends_without_a_word(site: Site) -> None:
    """The client sees the end of the connection, whether before or in the middle of its sending."""
    wire = site.configure(configuration(faults=[{"method": "POST", "path": "*/assets", "drop": True}]))
    release = int(wire.create()["id"])
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        wire.upload(release, "a.whl", b"x" * 1_000_000)


def test_latency_and_delay_are_kept_waiting(site: Site) -> None:
    """Each request takes at least as long as was asked for, and several wait side by side."""
    wire = site.configure(configuration(latency=0.2, faults=[{"path": RELEASES, "delay": 0.1, "when": "after"}]))
    began = time.monotonic()
    paths = [REPOSITORY] * 5 + [RELEASES]
    threads = [threading.Thread(target=wire.ask, args=("GET", path)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.3 <= time.monotonic() - began < 0.2 * len(paths)
    seconds = {(entry["path"] == RELEASES, float(str(entry["seconds"])) >= 0.2) for entry in site.hub.store.requests()}
    assert seconds == {(True, True), (False, True)}


def test_a_refused_upload_is_still_read_to_its_end(site: Site) -> None:
    """The client gets its answer, and the connection serves the next request."""
    wire = site.configure(configuration())
    connection = http.client.HTTPConnection(urlsplit(wire.url).netloc, timeout=20)
    headers = {"user-agent": "test", "authorization": f"token {wire.token}", "content-type": "x/y"}
    for _ in range(2):
        connection.request("POST", f"/uploads{RELEASES}/1/assets?name=a", b"x" * 3_000_000, headers)
        response = connection.getresponse()
        assert (response.status, response.headers["content-type"]) == (404, "application/json; charset=utf-8")
        response.read()
    connection.close()


def test_requests_on_one_connection_do_not_wait_for_each_other(site: Site) -> None:
    """An answer goes out at once: the 40 ms that two small writes can cost would drown what a test measures."""
    wire = site.configure(configuration())
    connection = http.client.HTTPConnection(urlsplit(wire.url).netloc, timeout=20)
    seconds = []
    for _ in range(15):
        began = time.monotonic()
        connection.request("GET", REPOSITORY, headers={"user-agent": "test"})
        connection.getresponse().read()
        seconds.append(time.monotonic() - began)
    connection.close()
    assert median(seconds) < 0.035


def test_a_chunked_upload_is_refused_and_the_connection_closed(site: Site) -> None:
    """What follows on that connection cannot be told from the chunks."""
    wire = site.configure(configuration())
    release = int(wire.create()["id"])
    connection = http.client.HTTPConnection(urlsplit(wire.url).netloc, timeout=20)
    headers = {"user-agent": "test", "authorization": f"token {wire.token}", "content-type": "x/y"}
    connection.request("POST", f"/uploads{RELEASES}/{release}/assets?name=a", iter([b"xy"]), headers)
    response = connection.getresponse()
    assert (response.status, response.headers["connection"]) == (400, "close")
    assert b"Bad Content-Length" in response.read()
    connection.close()


def test_uploads_at_the_same_time_are_all_whole(site: Site) -> None:
    """Sixteen at once, two of one name: of these exactly one wins."""
    wire = site.configure(configuration())
    release = int(wire.create()["id"])
    statuses: list[int] = []

    def upload(number: int) -> None:
        name = f"{max(number, 1)}.whl"
        statuses.append(wire.upload(release, name, name.encode() * 50_000).status)

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] * 15 + [422]
    assets = wire.ask("GET", f"{RELEASES}/{release}").json["assets"]
    assert {asset["name"]: asset["digest"] for asset in assets} == {
        f"{number}.whl": sha256(f"{number}.whl".encode() * 50_000) for number in range(1, 16)
    }


def test_a_client_that_goes_away_does_no_harm(site: Site) -> None:
    """A connection that is reset in the middle of a request leaves the server serving."""
    wire = site.configure(configuration())
    host, port = urlsplit(wire.url).hostname, urlsplit(wire.url).port
    with socket.create_connection((str(host), int(port or 0))) as connection:
        connection.sendall(f"POST {RELEASES} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf".encode())
    assert wire.ask("GET", REPOSITORY).status == 200
