"""One request has one response: nothing is repeated, and the token is sent to no other host."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from support.github import github_under_test
from tagship.core.release.answers import UNLIKE_GITHUB, Meaning, meaning
from tagship.edges.github import requester
from tagship.edges.github.connection import Connection
from tagship.edges.github.requester import SILENCE, UnlikeGitHub, patience
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[4] / "src"
TOKEN = "ghs_secret"


@contextmanager
def scripted(reply: bytes) -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    """Yield a server that answers every request with these bytes, and the list of its requests."""
    asked: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if self.raw_requestline and self.parse_request():
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked.append(
                    (f"{self.command} {self.path}", headers, self.rfile.read(int(headers.get("content-length", 0))))
                )
                self.wfile.write(reply)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def http(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """Return the bytes of a response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


REPLIES = {
    "granted": (http("201 Created", b'{"id": 1}'), 201, Meaning.DONE),
    "no body": (http("204 No Content"), 204, Meaning.DONE),
    "a server error": (http("502 Bad Gateway", b"<html>"), 502, Meaning.LOST),
    "a rate limit": (http("403 Forbidden", b'{"message": "x"}', "Retry-After: 60"), 403, Meaning.LIMITED),
    "202 Accepted": (http("202 Accepted", b'{"id": 1}'), 202, Meaning.DONE),
    "a temporary redirect": (
        http("307 Temporary Redirect", b'{"message": "Moved"}', "Location: http://127.0.0.1:1/"),
        307,
        Meaning.REFUSED,
    ),
    "a permanent redirect to another host": (
        http("301 Moved", b"{}", "Location: https://elsewhere.example/"),
        0,
        Meaning.LOST,
    ),
    "cut short": (http("201 Created", b'{"id": 1', length=100), 0, Meaning.LOST),
    "cut short with a matching length": (http("201 Created", b'{"id": 1'), 201, Meaning.LOST),
    "no bytes": (b"", 0, Meaning.LOST),
    "another protocol than HTTP": (b"220 smtp.example ESMTP\r\n", 0, Meaning.LOST),
}


@pytest.mark.parametrize(("reply", "status", "means"), REPLIES.values(), ids=REPLIES.keys())
def test_a_write_is_sent_once(reply: bytes, status: int, means: Meaning) -> None:
    """No response causes a retry, a wait or an exception."""
    with scripted(reply) as (url, asked):
        answer = Connection(api_url=url, token=TOKEN).request("POST", "/repos/octo/hello/releases", body={"a": 1})
        assert [line for line, _, _ in asked] == ["POST /repos/octo/hello/releases"]
    assert answer.status == status
    assert meaning(answer, writes=True) is means


def test_a_lost_response_has_a_short_reason() -> None:
    """The reason has the host and the innermost error, without the wrappers of requests and urllib3."""
    answer = Connection(api_url="http://127.0.0.1:9", token=TOKEN).request("GET", "/repos/octo/hello/releases")
    expected = r"127\.0\.0\.1:9: Failed to establish a new connection: \[\w+ \d+\] .*refused.*"
    assert (answer.status, bool(re.fullmatch(expected, answer.message))) == (0, True), answer.message


@pytest.mark.parametrize("reply", [b"", http("502 Bad Gateway"), http("429 Too Many Requests", b"", "Retry-After: 1")])
def test_a_read_is_sent_once(reply: bytes) -> None:
    """RetryingConnection decides about retries."""
    with scripted(reply) as (url, asked):
        Connection(api_url=url, token=TOKEN).request("GET", "/repos/octo/hello/releases")
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        pytest.param(http("201 Created", b'{"id": 1}'), Meaning.DONE, id="created"),
        pytest.param(http("502 Bad Gateway", b'{"message": "Server Error"}'), Meaning.LOST, id="a server error"),
        pytest.param(
            http("307 Temporary Redirect", b"", "Location: http://127.0.0.1:1/"), Meaning.REFUSED, id="redirected"
        ),
        pytest.param(http("201 Created", b'{"id": 1'), Meaning.LOST, id="cut short"),
        pytest.param(b"", Meaning.LOST, id="no bytes"),
    ],
)
def test_an_upload_is_sent_once_with_its_length(tmp_path: Path, reply: bytes, means: Meaning) -> None:
    """The request has the file's bytes, its length, name and label."""
    file = tmp_path / "a.whl"
    file.write_bytes(b"\x00wheel")
    with scripted(reply) as (url, asked):
        answer = Connection(api_url=f"{url}/api/v3", token=TOKEN).send_file(
            f"{url}/api/uploads/1/assets",
            file,
            content_type="application/zip",
            parameters={"name": "a b", "label": "ü"},
        )
        ((line, headers, body),) = asked
    assert line == "POST /api/uploads/1/assets?label=%C3%BC&name=a+b"
    assert (headers["content-length"], headers["content-type"], body) == ("6", "application/zip", b"\x00wheel")
    assert "transfer-encoding" not in headers
    assert headers["authorization"] == f"token {TOKEN}"
    assert meaning(answer, writes=True) is means


@pytest.mark.parametrize(
    ("api", "upload"),
    [
        ("https://api.github.com", "https://uploads.github.com.evil.example/x"),
        ("https://api.github.com", "http://uploads.github.com/x"),
        ("https://api.github.com", "https://evil.example/x"),
        ("https://github.example/api/v3", "https://github.example:8443/api/uploads/x"),
    ],
)
def test_the_token_is_sent_to_no_other_host(tmp_path: Path, api: str, upload: str) -> None:
    """An upload host that is not the API's own or its sibling is refused before a request is sent."""
    file = tmp_path / "a"
    file.write_text("a")
    with pytest.raises(Failure, match="does not belong to it"):
        Connection(api_url=api, token=TOKEN).send_file(
            upload, file, content_type="text/plain", parameters={"name": "a"}
        )


def test_the_token_is_not_in_the_repr() -> None:
    """A traceback with the connection does not contain the token."""
    assert TOKEN not in repr(Connection(api_url="https://api.github.com", token=TOKEN))


def test_a_netrc_file_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``.netrc`` on the runner does not change the Authorization header."""
    passwords = tmp_path / "netrc"
    passwords.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(passwords))
    with scripted(http("200 OK", b"bytes")) as (url, asked):
        connection = Connection(api_url=url, token=TOKEN)
        connection.request("GET", "/repos/octo/hello/releases")
        digest = connection.digest("/repos/octo/hello/releases/assets/1")
        connection.close()
    assert digest == f"sha256:{hashlib.sha256(b'bytes').hexdigest()}"
    assert [headers["authorization"] for _, headers, _ in asked] == [f"token {TOKEN}"] * 2


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A self-hosted runner reaches GitHub through the proxy in its variables, and can have compressed answers."""
    with scripted(http("200 OK", gzip.compress(b'{"id": 1}'), "Content-Encoding: gzip")) as (url, asked):
        monkeypatch.setenv("http_proxy", url)
        answer = Connection(api_url="http://github.invalid", token=TOKEN).request("GET", "/repos/octo/hello")
    assert (answer.data, [line for line, _, _ in asked]) == (
        {"id": 1},
        ["GET http://github.invalid:80/repos/octo/hello"],
    )


def test_threads_get_their_own_responses() -> None:
    """Each thread has its own connection, so a response belongs to its request."""
    with scripted(http("200 OK", b'{"id": 1}')) as (url, asked):
        connection = Connection(api_url=url, token="")
        answers: list[int] = []

        def ask(number: int) -> None:
            answers.extend(connection.request("GET", f"/{number}/{turn}").status for turn in range(5))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connection.close()
    assert answers == [200] * 20
    assert sorted(line for line, _, _ in asked) == sorted(
        f"GET /{number}/{turn}" for number in range(4) for turn in range(5)
    )
    assert all("authorization" not in headers for _, headers, _ in asked)


def test_the_requester_is_imported_without_the_rest_of_pygithub() -> None:
    """The import needs none of the packages that the locks omit, and a later ``import github`` is complete."""
    program = (
        "import sys\n"
        "for name in ('cryptography', 'jwt', 'nacl'): sys.modules[name] = None\n"
        "import tagship.edges.github.releases\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'github']\n"
        "for name in ('cryptography', 'jwt', 'nacl'): del sys.modules[name]\n"
        "import github\n"
        "github.Github(auth=github.Auth.Token('x'))\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        pytest.param(http("200 OK", b" " * ((32 << 20) + 1)), "more than 32 MiB", id="an endless body"),
        pytest.param(http("202 Accepted", b"{}"), "202 to a GET", id="a read that is accepted for later"),
    ],
)
def test_a_response_that_github_never_sends_is_refused(reply: bytes, says: str) -> None:
    """It is not retried, and the answer has the reason."""
    with scripted(reply) as (url, asked):
        answer = Connection(api_url=url, token=TOKEN).request("GET", "/repos/octo/hello/releases")
        assert len(asked) == 1
    assert says in answer.text
    assert (answer.status, meaning(answer, writes=False)) == (UNLIKE_GITHUB, Meaning.REFUSED)


def test_deeply_nested_json_is_not_parsed() -> None:
    """A response that nests deeper than the parser allows is treated like one cut short."""
    with scripted(http("200 OK", b"[" * 100_000)) as (url, _):
        assert Connection(api_url=url, token=TOKEN).request("GET", "/").data is None


def test_an_upload_gets_more_time_the_larger_it_is() -> None:
    """GitHub Enterprise Server needs over 300 s for 1.7 GB; a small request waits two minutes."""
    assert (patience(0), patience(1_700_000_000) > 1200) == (SILENCE, True)


def test_a_connection_is_kept_and_shared_between_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of several threads in turn need one TCP connection."""
    accepted: list[object] = []
    with github_under_test(tmp_path) as hub:
        accept = hub.server.process_request

        def counted(*given: Any) -> None:
            accepted.append(given)
            accept(*given)

        monkeypatch.setattr(hub.server, "process_request", counted)
        connection = Connection(api_url=hub.server.url, token=TOKEN)
        for _ in range(5):
            thread = threading.Thread(target=connection.request, args=("GET", "/repos/octo/hello"))
            thread.start()
            thread.join()
        assert (len(hub.requests()), len(accepted)) == (5, 1)


def test_a_response_that_arrives_byte_by_byte_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is checked with each byte that arrives, not with each buffer that is full."""
    clock = itertools.count(step=30)
    monkeypatch.setattr(requester, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    slow: Any = SimpleNamespace(raw=SimpleNamespace(read1=lambda size, decode_content: b" "))
    with pytest.raises(UnlikeGitHub, match="does not end within 60 s"):
        requester._text(slow)
    assert next(clock) < 200
