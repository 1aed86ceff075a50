"""HTTP server of the embedded GitHub, in a thread of the caller: one request from its arrival to its answer."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tagship.rehearsal.fake_github.app import App, Settings
from tagship.rehearsal.fake_github.assets import download
from tagship.rehearsal.fake_github.http import Answer, Links, Request, refused
from tagship.rehearsal.fake_github.permissions import bearer, remaining
from tagship.rehearsal.fake_github.routes import UPLOAD
from tagship.rehearsal.fake_github.store import Body, Dropped

LOGGED_HEADERS = ("accept", "content-length", "content-type", "if-none-match", "user-agent", "x-github-api-version")
SERVER_ERROR = Answer(status=502, content={"message": "Server Error"})


def exchange(app: App, request: Request, body: Body) -> tuple[Answer, int | None]:
    """Return the answer, and the number of bytes after which its body is truncated, or None.

    The log has the request before its effect, and the status before the answer is sent. Raises Dropped if the
    connection closes without an answer.
    """
    started = time.monotonic()
    token = app.state.tokens.get(bearer(request.headers) or "")
    kind = token.kind if token else "unknown" if "authorization" in request.headers else "none"
    headers = {name: request.headers[name] for name in LOGGED_HEADERS if name in request.headers}
    entry = app.log(request, kind, headers)
    status = 0
    try:
        wait(app, app.settings.latency)
        request, caller = replace(request, now=time.time()), token.token if token else kind
        if app.settings.disturb:
            answer, truncate = app.settings.disturb(app, request, body, caller)
        else:
            answer, truncate = limited(app, request, caller, lambda: effect(app, request, body)), None
        body.drain()
        status = answer.status
    finally:
        entry |= {"status": status, "seconds": time.monotonic() - started}
    return answer, truncate


def wait(app: App, seconds: float) -> None:
    """Wait; raise Dropped if the server closes during this time."""
    if seconds and app.closed.wait(seconds):
        raise Dropped


def limited(app: App, request: Request, caller: str, answered: Callable[[], Answer]) -> Answer:
    """Return the refusal of a rate limit or the answer, both with ``x-ratelimit`` headers."""
    if request.path == "/rate_limit":
        numbers = remaining(app.settings.rates, app.counts, caller=caller, now=request.now)
        older = {} if request.headers.get("x-github-api-version") == "2026-03-10" else {"rate": numbers}
        return Answer(content={"resources": {"core": numbers, "search": numbers}, **older})
    headers, refusal = app.check_rates(request.method, caller, request.now)
    answer = refusal or answered()
    return replace(answer, headers={**headers, **answer.headers})


def effect(app: App, request: Request, body: Body, *, starter: bool = False) -> Answer:
    """Return the answer of the API. An upload reserves its name first; with ``starter`` it then fails."""
    if request.method != "POST" or not UPLOAD.path.fullmatch(request.path):
        if "transfer-encoding" in request.headers:
            return refused(411, "Length Required").answer
        return app.handle(replace(request, body=body.read()))
    answer, asset = app.begin_upload(request)
    if asset is None:
        return answer
    file = body.store(app)
    return SERVER_ERROR if starter else app.finish_upload(request, asset, file)


HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


@contextmanager
def serve(folder: Path, settings: Settings | None = None) -> Iterator[Server]:
    """Serve on a free port of this machine until the context ends; ``folder`` receives the bytes of assets."""
    server = Server(App(folder, settings))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Server(ThreadingHTTPServer):
    """A server with one thread for each connection."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, app: App) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.app = app
        self._connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """Base URL of the API as on api.github.com, and of downloads."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def enterprise_url(self) -> str:
        """Base URL of the API as on GitHub Enterprise Server."""
        return f"{self.url}/api/v3"

    @property
    def token(self) -> str:
        """The first token, which may write to every repository unless a fixture set another one."""
        return self.app.token()

    def requests(self) -> list[dict[str, object]]:
        """Return the log of requests, in order of arrival."""
        return self.app.requests()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection and remember it."""
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forget the connection and close it."""
        if isinstance(request, socket.socket):
            self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close all connections and wait for their threads."""
        self.app.closed.set()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Print the traceback of an error, unless the client closed the connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # wider than the base class


class Handler(BaseHTTPRequestHandler):
    """A connection."""

    protocol_version = "HTTP/1.1"
    server_version = "GitHub.com"
    sys_version = ""
    server: Server

    def setup(self) -> None:
        """Send answers at once instead of collecting small writes."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Print nothing: the store logs requests."""

    def _serve(self) -> None:
        length = self.headers.get("content-length", "")
        body = Body(self.rfile, int(length) if length.isdigit() else 0)
        request, app = self._request(), self.server.app
        try:
            file = download(app.state, request)
            self._send(file) if file else self._send(*exchange(app, request, body))
        except (Dropped, ConnectionError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # named by the base class

    def _request(self) -> Request:
        """Return the request, its path without the prefix of the API, and links that begin with the client's base."""
        parts = urlsplit(self.path)
        host = self.headers.get("host", "")
        base = f"http://{host}" if HOST.fullmatch(host) else self.server.url
        path, links = parts.path, Links(api=base, uploads=f"{base}/uploads", web=base)
        if path.startswith(("/api/v3/", "/api/uploads/")):
            path = path.removeprefix("/api").removeprefix("/v3")
            links = Links(api=f"{base}/api/v3", uploads=f"{base}/api/uploads", web=base)
        return Request(
            method=self.command,
            path=unquote(path),
            links=links,
            now=time.time(),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )

    def _send(self, answer: Answer, truncate: int | None = None) -> None:
        if answer.file is not None:
            self._send_file(answer.file)
            return
        content = b"" if answer.content is None else json.dumps(answer.content).encode()
        headers = {"content-type": "application/json; charset=utf-8", **answer.headers}
        if answer.status == 200:
            headers["etag"] = f'W/"{hashlib.sha256(content).hexdigest()}"'
        if headers.get("etag", "") == self.headers.get("if-none-match"):
            answer, content = replace(answer, status=304), b""
        # The end of a chunked body is unknown, so the connection cannot serve another request.
        if truncate is not None or "transfer-encoding" in self.headers:
            headers["connection"] = "close"
        self._send_headers(answer.status, headers, len(content))
        self.wfile.write(b"" if self.command == "HEAD" else content[:truncate])

    def _send_file(self, sha256: str) -> None:
        path = self.server.app.file(sha256)
        self._send_headers(200, {"content-type": "application/octet-stream"}, path.stat().st_size)
        if self.command != "HEAD":
            with path.open("rb") as file:
                shutil.copyfileobj(file, self.wfile)

    def _send_headers(self, status: int, headers: dict[str, str], length: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(length))
        self.end_headers()
