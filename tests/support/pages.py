"""A web server of pages that a test writes, with any status."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    text: str = ""
    status: int = 200
    content_type: str = "application/vnd.pypi.simple.v1+json"


@dataclass(slots=True)
class Pages:
    """A server at ``url``. ``answers`` are used up by path, and the last one stays; ``asked`` are the requests."""

    url: str
    answers: dict[str, list[Page]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def pages(answers: dict[str, list[Page]]) -> Iterator[Pages]:
    """Return a server with these answers by path; every other path is not found."""
    served = Pages("", answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, dict(self.headers)))
            waiting = served.answers.get(self.path, [Page(status=404)])
            page = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            body = page.text.encode()
            self.send_response(page.status)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
