"""The embedded GitHub's sockets: requests in, faults and limits applied, answers out."""

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

from tagship.rehearsal.github import control, pages
from tagship.rehearsal.github.access import bearer
from tagship.rehearsal.github.messages import Answer, Links, Request
from tagship.rehearsal.github.routes import UPLOAD
from tagship.rehearsal.github.throttle import exhausted, primary_refusal, remaining, secondary_refusal

if TYPE_CHECKING:
    from tagship.rehearsal.github.faults import Fault, Mishap
    from tagship.rehearsal.github.hub import Hub

API = re.compile(r"/(repos|repositories|uploads|user|rate_limit)(/|$)")
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
NOTED = ("accept", "content-length", "content-type", "if-none-match", "user-agent", "x-github-api-version")
LARGEST_BODY = 8 << 20
BROKEN = Answer(status=502, content={"message": "Server Error"})


class Server(ThreadingHTTPServer):
    """One thread a connection, over one hub."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], hub: Hub) -> None:
        super().__init__(address, Handler)
        self.hub = hub

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Dropped(Exception):
    """The connection ends here, without an answer."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "GitHub.com"
    sys_version = ""
    server: Server

    def setup(self) -> None:
        """Send answers at once: the standard library's many small writes would otherwise wait for each other."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Nothing: the requests are recorded in the store."""

    def _serve(self) -> None:
        self._unread = _length(self.headers.get("content-length"))
        try:
            request = self._request()
            if request.path.startswith(control.PREFIX):
                answer = control.answer(self.server.hub, self._with_body(request))
                self._send(answer, None)
            elif request.links.api.endswith("/api/v3") or API.match(request.path):
                self._serve_api(request)
            else:
                self._send(pages.answer(self.server.hub, request), None)
        except (Dropped, ConnectionError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # named by the base class

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        host = self.headers.get("host", "")
        base = f"http://{host}" if HOST.fullmatch(host) else self.server.url
        path, links = parts.path, Links(api=base, uploads=f"{base}/uploads", web=base)
        if path.startswith("/api/"):
            links = Links(api=f"{base}/api/v3", uploads=f"{base}/api/uploads", web=base)
            path = path.removeprefix("/api/v3") if path.startswith("/api/v3") else path.removeprefix("/api")
        return Request(
            method=self.command,
            path=unquote(path),
            links=links,
            now=time.time(),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )

    def _with_body(self, request: Request) -> Request:
        return replace(request, body=self._read(min(self._unread, LARGEST_BODY)))

    def _read(self, length: int) -> bytes:
        content = self.rfile.read(length)
        self._unread -= len(content)
        return content

    def _serve_api(self, request: Request) -> None:
        hub, started = self.server.hub, time.monotonic()
        caller = hub.store.state.tokens.get(bearer(request.headers) or "")
        kind = caller.kind if caller else "unknown" if "authorization" in request.headers else "none"
        noted = {name: request.headers[name] for name in NOTED if name in request.headers}
        number = hub.store.record(
            {
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "started": request.now,
                "token": kind,
                "headers": noted,
            }
        )
        mishap = hub.mishap(request.method, request.path)
        status = 0
        try:
            time.sleep(hub.settings.latency + mishap.before)
            answer = self._answer(request, mishap, caller.token if caller else kind)
            time.sleep(mishap.after)
            status = answer.status
        finally:
            hub.store.answered(number, status, time.monotonic() - started)
        self._send(answer, mishap.fault.truncate if mishap.fault else None)

    def _answer(self, request: Request, mishap: Mishap, who: str) -> Answer:
        hub, fault = self.server.hub, mishap.fault
        if request.path == "/rate_limit":
            numbers = remaining(hub.settings.rates, hub.counts, who=who, now=request.now)
            return Answer(content={"resources": {"core": numbers, "search": numbers}, "rate": numbers})
        verdict = hub.verdict(request.method, who, request.now)
        early = verdict.refusal
        headers = dict(verdict.headers)
        if fault and fault.limit and early is None:
            early = self._limited(fault)
            headers |= (
                exhausted(hub.settings.rates, request.now, fault.retry_after or 60) if fault.limit == "primary" else {}
            )
        if fault and fault.when == "before" and early is None:
            early = self._spoilt(fault)
        answer = early or self._effect(request, fault)
        if fault and fault.when == "after" and early is None:
            answer = self._spoilt(fault) or answer
        self._drain()
        return replace(answer, headers={**headers, **answer.headers})

    def _limited(self, fault: Fault) -> Answer:
        status = fault.status or 403
        return primary_refusal(status) if fault.limit == "primary" else secondary_refusal(status, fault.retry_after)

    def _spoilt(self, fault: Fault) -> Answer | None:
        """The fault's own answer, if it has one; a dropped connection has none for anybody."""
        if fault.drop:
            raise Dropped
        if fault.status is None or fault.limit:
            return None
        return Answer(status=fault.status, content=fault.body or BROKEN.content, headers=fault.headers)

    def _effect(self, request: Request, fault: Fault | None) -> Answer:
        hub = self.server.hub
        if not UPLOAD.path.fullmatch(request.path) or request.method != "POST":
            return hub.perform(self._with_body(request))
        refusal, asset = hub.begin_upload(request)
        if asset is None:
            return refusal
        parcel = hub.store.receive(self.rfile, self._unread)
        if parcel is None:
            raise Dropped
        self._unread = 0
        return BROKEN if fault and fault.starter else hub.end_upload(request, asset, parcel)

    def _drain(self) -> None:
        """Read what the client still sends: one that is answered in the middle of an upload sees only a broken pipe."""
        while self._unread and self._read(min(self._unread, 1 << 20)):
            pass

    def _send(self, answer: Answer, truncate: int | None) -> None:
        if answer.file is not None:
            self._send_file(answer)
            return
        content, kind = _encoded(answer)
        headers = {"content-type": kind, **_standard(answer, content), **answer.headers}
        if answer.status == 200 and headers.get("etag") == self.headers.get("if-none-match", ""):
            answer, content = Answer(status=304), b""
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("content-length", str(len(content)))
        if truncate is not None:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content[:truncate])

    def _send_file(self, answer: Answer) -> None:
        path = self.server.hub.store.blob(answer.file or "")
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(path.stat().st_size))
        self.end_headers()
        if self.command != "HEAD":
            with path.open("rb") as file:
                shutil.copyfileobj(file, self.wfile)


def _length(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _encoded(answer: Answer) -> tuple[bytes, str]:
    if answer.text is not None:
        return answer.text.encode(), "text/html; charset=utf-8"
    content = b"" if answer.content is None else json.dumps(answer.content).encode()
    return content, "application/json; charset=utf-8"


def _standard(answer: Answer, content: bytes) -> dict[str, str]:
    tag = {"etag": f'W/"{hashlib.sha256(content).hexdigest()}"'} if answer.status == 200 else {}
    return {"x-github-media-type": "github.v3; format=json", **tag}
