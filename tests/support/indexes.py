"""A local package index with scripted responses."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(slots=True)
class ScriptedIndex:
    """Index that responds to each request for a project page with the next entry of ``script``, then with the last.

    An entry is a status or a list of files, which are served at ``/files/NAME``. ``requests`` records the path and the
    Authorization header of every request.
    """

    script: list[int | list[Path]]
    html: bool = False
    wrong_digest: bool = False
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def page(self) -> tuple[int, str, bytes]:
        """Return status, content type and body of the next response."""
        entry = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(entry, int):
            return entry, "text/plain", b"no"
        digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in entry}
        if self.wrong_digest:
            digests = dict.fromkeys(digests, "0" * 64)
        if self.html:
            links = [f'<a href="/files/{name}#sha256={digest}">{name}</a>' for name, digest in digests.items()]
            return 200, "text/html", "\n".join(links).encode()
        files = [
            {"filename": name, "url": f"/files/{name}", "hashes": {"sha256": digest}, "yanked": False}
            for name, digest in digests.items()
        ]
        body = json.dumps({"meta": {"api-version": "1.1"}, "name": "hello", "files": files})
        return 200, "application/vnd.pypi.simple.v1+json", body.encode()


@contextmanager
def serving(index: ScriptedIndex) -> Iterator[ScriptedIndex]:
    """Serve the index during the ``with`` block, and set its ``url``."""
    known = {path.name: path for entry in index.script if not isinstance(entry, int) for path in entry}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.requests.append((self.path, self.headers.get("Authorization")))
            name = self.path.rpartition("/")[2]
            if name in known:
                status, content_type, body = 200, "application/octet-stream", known[name].read_bytes()
            elif self.path.startswith("/files/"):
                status, content_type, body = 404, "text/plain", b""
            else:
                status, content_type, body = index.page()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    index.url = f"http://127.0.0.1:{server.server_port}/simple/"
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
