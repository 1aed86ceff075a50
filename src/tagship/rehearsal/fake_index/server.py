"""The embedded index as a server in a thread: uploads, the Simple API, files and trusted publishing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from packaging.utils import canonicalize_name

from tagship.rehearsal.fake_index.models import Answer, Catalogue, PublishedFile, json_answer
from tagship.rehearsal.fake_index.trusted_publishing import AUDIENCE, Identity, identity_token, mint
from tagship.rehearsal.fake_index.uploads import read_form, receive

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
_NOT_FOUND = Answer(status=HTTPStatus.NOT_FOUND, body=b"404 Not Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that the index answered. ``started`` is in seconds since 1970."""

    method: str
    path: str
    status: int
    started: float


@dataclass(slots=True, kw_only=True)
class FakeIndex:
    """An index over ``folder``. ``others`` is the Simple index that every other package is looked up at.

    ``identities`` are the jobs that may ask for an identity token, by their request token.
    """

    folder: Path
    others: str = ""
    catalogue: Catalogue = field(default_factory=Catalogue)
    identities: dict[str, Identity] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def upload_url(self) -> str:
        return f"{self.url}/legacy/"

    @property
    def simple_url(self) -> str:
        """The Simple index of the packages published here and of no other."""
        return f"{self.url}/simple/"

    @property
    def combined_url(self) -> str:
        """The Simple index that redirects to ``others`` for packages not published here."""
        return f"{self.url}/with-others/simple/"

    @property
    def identity_url(self) -> str:
        """The address a job requests its identity token from (ACTIONS_ID_TOKEN_REQUEST_URL)."""
        return f"{self.url}/_/identity?"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one request; ``headers`` have lower-case names."""
        path = unquote(urlsplit(target).path)
        with self.lock:
            if method == "POST" and path == "/legacy/":
                form = read_form(headers.get("content-type", ""), body)
                authorization = headers.get("authorization", "")
                return receive(
                    form, authorization=authorization, catalogue=self.catalogue, folder=self.folder, now=time.time()
                )
            if method == "POST" and path == "/_/oidc/mint-token":
                return mint(body, self.catalogue)
            return self._read(path, headers) if method in ("GET", "HEAD") else _NOT_FOUND

    def _read(self, path: str, headers: dict[str, str]) -> Answer:
        match path.strip("/").split("/"):
            case ["_", "oidc", "audience"]:
                return json_answer({"audience": AUDIENCE})
            case ["_", "identity"]:
                return self._identity(headers)
            case ["simple", project]:
                return self._project(project)
            case ["with-others", "simple", project]:
                return self._project(project, others=self.others)
            case ["files", name] if name in self.catalogue.files:
                return Answer(
                    content_type="application/octet-stream", body=self.catalogue.files[name].path.read_bytes()
                )
            case _:
                return _NOT_FOUND

    def _identity(self, headers: dict[str, str]) -> Answer:
        identity = self.identities.get(headers.get("authorization", "").rpartition(" ")[2])
        if identity is None:
            return Answer(status=HTTPStatus.UNAUTHORIZED, body=b"401 Unauthorized")
        return json_answer({"value": identity_token(identity)})

    def _project(self, project: str, others: str = "") -> Answer:
        name = canonicalize_name(project)
        files = self.catalogue.of_project(name)
        if not files and others:
            return Answer(status=HTTPStatus.SEE_OTHER, location=f"{others.rstrip('/')}/{quote(project)}/")
        if not files:
            return _NOT_FOUND
        page = {"meta": {"api-version": "1.4"}, "name": name, "files": [self._entry(file) for file in files]}
        return Answer(content_type=SIMPLE_JSON, body=json.dumps(page).encode())

    def _entry(self, file: PublishedFile) -> dict[str, object]:
        return {
            "filename": file.name,
            "url": f"{self.url}/files/{quote(file.name)}",
            "hashes": {"sha256": file.sha256},
            "size": file.path.stat().st_size,
            "requires-python": file.requires_python or None,
        }


@contextmanager
def serving(index: FakeIndex, *, port: int = 0) -> Iterator[FakeIndex]:
    """Serve ``index`` on this machine alone until the end of the ``with`` block; ``index.url`` is its address."""
    index.folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(index))
    server.daemon_threads = True
    index.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(index: FakeIndex) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            started = time.time()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = index.answer(self.command, self.path, headers, body)
            index.requests.append(
                Request(method=self.command, path=self.path, status=answer.status.value, started=started)
            )
            self.send_response(answer.status)
            if answer.location:
                self.send_header("Location", answer.location)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_HEAD = do_POST = _serve  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write nothing: ``requests`` has every request."""

    return Handler
