"""The embedded GitHub's sockets: bytes to requests, answers to bytes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from tagship.rehearsal.fake_github import control, pages
from tagship.rehearsal.fake_github.exchange import Body, Dropped, answered
from tagship.rehearsal.fake_github.http import Answer, Links, Request

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.app import App

API = re.compile(r"/(repos|repositories|uploads|user|rate_limit)(/|$)")
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


class Server(ThreadingHTTPServer):
    """One thread a connection, over one hub."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App) -> None:
        super().__init__(address, Handler)
        self.app = app

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "GitHub.com"
    sys_version = ""
    server: Server

    def setup(self) -> None:
        """Send answers at once: small writes would otherwise wait for each other."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Nothing: requests are on record in the store."""

    def _serve(self) -> None:
        length = self.headers.get("content-length", "")
        body = Body(self.rfile, int(length) if length.isdigit() else 0)
        request, app = self._request(), self.server.app
        try:
            if request.path.startswith(control.PREFIX):
                self._send(control.answer(app, replace(request, body=body.whole())))
            elif API.match(request.path) or (request.enterprise and not pages.STORAGE.match(request.path)):
                self._send(*answered(app, request, body))
            else:
                self._send(pages.answer(app, request))
        except (Dropped, ConnectionError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # named by the base class

    def _request(self) -> Request:
        """Return the request, with the path as it is without an API's prefix, and links that begin as the client's
        own.
        """
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
            self._send_file(answer)
            return
        content, kind = _encoded(answer)
        headers = {"content-type": kind, **answer.headers}
        if answer.status == 200:
            headers["etag"] = f'W/"{hashlib.sha256(content).hexdigest()}"'
        if headers.get("etag", "") == self.headers.get("if-none-match"):
            answer, content = replace(answer, status=304), b""
        # Where a chunked body ends is not known here, so a next request cannot be told from it.
        if truncate is not None or "transfer-encoding" in self.headers:
            headers["connection"] = "close"
        self._send_headers(answer.status, headers, len(content))
        self.wfile.write(b"" if self.command == "HEAD" else content[:truncate])

    def _send_file(self, answer: Answer) -> None:
        path = self.server.app.store.blob(answer.file or "")
        self._send_headers(answer.status, {"content-type": "application/octet-stream"}, path.stat().st_size)
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


def _encoded(answer: Answer) -> tuple[bytes, str]:
    """Return the bytes of an answer and what they are."""
    if answer.page is not None:
        return answer.page.encode(), "text/html; charset=utf-8"
    if answer.plain is not None:
        return answer.plain, "text/plain; charset=utf-8"
    content = b"" if answer.content is None else json.dumps(answer.content).encode()
    return content, "application/json; charset=utf-8"
