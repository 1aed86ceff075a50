"""The embedded index as a program: ``index_server FOLDER OTHERS PORT`` prints where it listens and serves.

Publishing, the simple pages and the files are pypiserver's. Around it stands what the rehearsal adds: a line of JSON
for each request in ``FOLDER/requests.jsonl``, and ``/with-others/simple/``, where a package that was not published
here is looked up at OTHERS.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Lock
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pypiserver  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/with-others"


class Noted:
    """The application with every answer noted, and with the way on to the other index."""

    def __init__(self, application: WSGIApplication, *, others: str, requests: Path) -> None:
        self._application = application
        self._others = others.rstrip("/")
        self._requests = requests
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI asks for (PEP 3333)."""
        method, path, started = environ["REQUEST_METHOD"], environ["PATH_INFO"], time.time()
        project = _project(path)

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if project and status.startswith("404"):
                status, headers = "303 See Other", [("Location", f"{self._others}/{project}/"), ("Content-Length", "0")]
            self._note(method=method, path=path, status=int(status.split(" ")[0]), started=started)
            return start_response(status, headers, error)

        if path.startswith(f"{PREFIX}/"):
            environ["SCRIPT_NAME"] += PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX)
        return self._application(environ, start)

    def _note(self, **entry: str | float) -> None:
        with self._lock, self._requests.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


class Server(ThreadingMixIn, WSGIServer):
    """One thread a connection."""

    daemon_threads = True


class Handler(WSGIRequestHandler):
    """A handler that leaves standard error alone."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
        """Nothing: the requests are noted in a file."""


def main() -> None:
    """Serve until killed."""
    folder, others, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    application = pypiserver.app(
        roots=[folder / "packages"],
        authenticate=[],
        password_file=".",  # noqa: S106  # pypiserver's word for no passwords at all
        disable_fallback=True,
        hash_algo="sha256",
    )
    noted = Noted(application, others=others, requests=folder / "requests.jsonl")
    server = make_server("127.0.0.1", port, noted, server_class=Server, handler_class=Handler)
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever()


def _project(path: str) -> str:
    """Return the package that a page of the index with others is about, or nothing."""
    parts = path.strip("/").split("/")
    return parts[2] if path.startswith(f"{PREFIX}/simple/") and len(parts) == 3 else ""


if __name__ == "__main__":
    main()
