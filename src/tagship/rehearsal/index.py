"""The embedded package index: a thread of this process that serves a folder, and the upload to it.

pypiserver accepts uploads and serves the Simple API and the files. Added here are a record of all requests, and
``/with-fallback/simple/``, which redirects to another index for a package that was not uploaded.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tagship.core.index_page import without_account
from tagship.edges.installer_settings import with_uv_settings
from tagship.rehearsal.result import file_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from tagship.edges.processes import Processes
    from tagship.rehearsal.result import File

PREFIX = "/with-fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A running index that keeps its files in ``folder``. ``url`` is the upload address.

    ``requests`` has an object for each request in the order of the responses: method, path, status, and the start in
    seconds since 1970.
    """

    url: str
    folder: Path
    requests: list[dict[str, Any]]

    @property
    def simple_url(self) -> str:
        """The Simple API with the uploaded packages only."""
        return f"{self.url}/simple/"

    @property
    def fallback_url(self) -> str:
        """The Simple API that redirects to the fallback index for any other package."""
        return f"{self.url}{PREFIX}/simple/"

    def files(self) -> tuple[File, ...]:
        """Return the uploaded files, sorted by name."""
        return tuple(file_at(path) for path in sorted(self.folder.iterdir()))

    def publish(self, files: Sequence[Path], processes: Processes, *, on_line: Callable[[str], None]) -> int:
        """Run ``twine upload``, as the publishing action on GitHub does, and return its exit status."""
        command = [
            *(sys.executable, "-I", "-X", "utf8", "-m", "twine", "--no-color", "upload"),
            *("--verbose", "--non-interactive", "--disable-progress-bar", "--config-file", os.devnull),
            *("--repository-url", f"{self.url}/", *(str(file) for file in files)),
        ]
        account = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": "rehearsal", "NO_COLOR": "1"}
        return processes.run(command, cwd=self.folder, environ={**processes.environ, **account}, on_line=on_line).code


@contextmanager
def serve_index(folder: Path, *, fallback: str, port: int = 0) -> Iterator[Index]:
    """Serve ``folder`` as an index until the context ends. ``fallback`` is the Simple API of all other packages."""
    folder.mkdir(parents=True, exist_ok=True)
    application = _Recorder(application=_pypiserver(folder), fallback=fallback.rstrip("/"))
    server = make_server("127.0.0.1", port, application, server_class=_Server, handler_class=_Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield Index(url=f"http://127.0.0.1:{server.server_port}", folder=folder, requests=application.requests)
    finally:
        server.shutdown()
        server.server_close()


def fallback_index(environ: Mapping[str, str]) -> str:
    """Return the Simple API that pip and uv use on this machine, without the credentials in its address."""
    settings = with_uv_settings(environ)
    url = settings.get("UV_DEFAULT_INDEX") or settings.get("UV_INDEX_URL") or "https://pypi.org/simple/"
    return without_account(url)


def _pypiserver(folder: Path) -> WSGIApplication:
    finders = sys.meta_path.copy()
    with warnings.catch_warnings():
        # Its copy of bottle imports cgi and installs an import hook, both in forms that Python 3.11 deprecates.
        warnings.simplefilter("ignore")
        import pypiserver  # type: ignore[import-untyped]

        application: WSGIApplication = pypiserver.app(
            roots=[folder],
            authenticate=[],
            password_file=".",  # noqa: S106  # pypiserver's value for no passwords at all
            disable_fallback=True,
            hash_algo="sha256",
        )
    sys.meta_path[:] = finders
    return application


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorder:
    """A WSGI application (PEP 3333) that records every request and redirects to the fallback index."""

    application: WSGIApplication
    fallback: str
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method, path, started = environ["REQUEST_METHOD"], environ["PATH_INFO"], time.time()
        project = _fallback_project(path)

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if project and status.startswith("404"):
                location = f"{self.fallback}/{project}/"
                status, headers = "303 See Other", [("Location", location), ("Content-Length", "0")]
            code = int(status.split(" ")[0])
            self.requests.append({"method": method, "path": path, "status": code, "started": started})
            return start_response(status, headers, error)

        if path.startswith(f"{PREFIX}/"):
            environ["SCRIPT_NAME"] += PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX)
        return self.application(environ, start)


class _Server(ThreadingMixIn, WSGIServer):
    """A server with one thread per connection."""

    daemon_threads = True


class _Handler(WSGIRequestHandler):
    """A handler that logs nothing to standard error."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
        pass


def _fallback_project(path: str) -> str:
    """Return the project of a page below ``/with-fallback/simple/``, or an empty string."""
    parts = path.strip("/").split("/")
    return parts[2] if path.startswith(f"{PREFIX}/simple/") and len(parts) == 3 else ""
