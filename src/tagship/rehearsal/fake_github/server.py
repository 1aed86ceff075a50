"""HTTP server of the embedded GitHub, in a thread of the caller."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from tagship.rehearsal.fake_github.app import App
from tagship.rehearsal.fake_github.assets import download
from tagship.rehearsal.fake_github.exchange import exchange
from tagship.rehearsal.fake_github.http import Links, Request
from tagship.rehearsal.fake_github.store import Body, Dropped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagship.rehearsal.fake_github.app import Settings
    from tagship.rehearsal.fake_github.http import Answer

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
        return self.app.store.requests()

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
        path = self.server.app.store.file(sha256)
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
