"""Data of the embedded GitHub: the state and the log of requests in memory, the bytes of assets as files."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.models import Change, State

if TYPE_CHECKING:
    from io import BufferedIOBase

    from tagship.rehearsal.fake_github.http import Request

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A complete upload: its size, and the SHA-256 that its file is named by."""

    size: int
    sha256: str


class Store:
    """The current state, the requests so far and the uploaded files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = State()
        self._lock = threading.RLock()
        self._log: list[dict[str, object]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def apply(self, changes: Iterable[Change]) -> State:
        """Apply the changes together and return the new state."""
        with self._lock:
            self.state = self.state.changed(changes)
            return self.state

    def log(self, request: Request, token: str, headers: Mapping[str, str]) -> dict[str, object]:
        """Return a new log entry; its ``status`` stays None until the request is answered."""
        entry: dict[str, object] = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "status": None,
            "started": request.now,
            "seconds": None,
            "token": token,
            "headers": dict(headers),
        }
        with self._lock:
            self._log.append(entry)
        return entry

    def requests(self) -> list[dict[str, object]]:
        """Return the log of requests, in order of arrival. A dropped connection has the status 0."""
        with self._lock:
            return [dict(entry) for entry in self._log]

    def receive(self, source: BufferedIOBase, length: int) -> StoredFile:
        """Store ``length`` bytes of the source. Raises Dropped if it ends early."""
        partial = self.folder / f"partial-{secrets.token_hex(8)}"
        digest = hashlib.sha256()
        left = length
        with partial.open("wb") as file:
            while left and (chunk := source.read(min(left, CHUNK))):
                digest.update(chunk)
                file.write(chunk)
                left -= len(chunk)
        if left:
            partial.unlink()
            raise Dropped
        partial.replace(self.file(digest.hexdigest()))
        return StoredFile(size=length, sha256=digest.hexdigest())

    def file(self, sha256: str) -> Path:
        """Return the file with that SHA-256."""
        return self.folder / sha256


class Dropped(Exception):
    """The connection closes without an answer."""


class Body:
    """The body of a request. Reading it raises Dropped if the client closes the connection early."""

    def __init__(self, source: BufferedIOBase, length: int) -> None:
        self._source = source
        self._left = length

    def read(self) -> bytes:
        """Return the whole body."""
        content = self._source.read(self._left)
        if len(content) < self._left:
            raise Dropped
        self._left = 0
        return content

    def store(self, store: Store) -> StoredFile:
        """Store the whole body as a file."""
        file = store.receive(self._source, self._left)
        self._left = 0
        return file

    def drain(self) -> None:
        """Discard the rest: a client that still sends does not read its answer."""
        while self._left and (chunk := self._source.read(min(self._left, CHUNK))):
            self._left -= len(chunk)
