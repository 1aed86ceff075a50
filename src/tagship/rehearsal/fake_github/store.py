"""State that outlives the process: records and requests in SQLite, the bytes of assets as files."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Parcel
from tagship.rehearsal.fake_github.models import (
    Asset,
    Drop,
    Release,
    Repository,
    State,
    Token,
    from_fields,
    kind_of,
    to_fields,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Protocol

    from tagship.rehearsal.fake_github.http import Request
    from tagship.rehearsal.fake_github.models import Change, Record

    class Readable(Protocol):
        """Where bytes come from: at most ``size`` of them at a time, none at the end."""

        def read(self, size: int, /) -> bytes: ...  # noqa: D102  # told by the class


TABLES = """
CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, id INTEGER, fields TEXT, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, method TEXT, path TEXT, query TEXT, status INTEGER, started REAL, seconds REAL,
    token TEXT, headers TEXT
);
"""
PRESENT = "SELECT kind, fields FROM records WHERE fields IS NOT NULL ORDER BY rowid"
REQUEST_COLUMNS = ("id", "method", "path", "query", "status", "started", "seconds", "token", "headers")
CHUNK = 1 << 20
PARTIAL = "partial-"


class Store:
    """The state on disk and, as one immutable value, in memory.

    What ``apply`` returned from is there after a kill. A record that is dropped leaves its id behind, so that no id is
    ever given twice.
    """

    def __init__(self, folder: Path) -> None:
        self.blobs = folder / "blobs"
        self.blobs.mkdir(parents=True, exist_ok=True)
        for partial in self.blobs.glob(f"{PARTIAL}*"):
            partial.unlink()
        self._lock = threading.RLock()
        self._database = sqlite3.connect(folder / "github.sqlite", check_same_thread=False, isolation_level=None)
        # The write-ahead log is flushed to the operating system at each commit: enough against a kill, and fast.
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(TABLES)
        self.state = self._load()

    def _load(self) -> State:
        tokens: dict[str, Token] = {}
        repositories: dict[str, Repository] = {}
        releases: dict[int, Release] = {}
        assets: dict[int, Asset] = {}
        for kind, fields in self._database.execute(
            "SELECT kind, fields FROM records WHERE fields IS NOT NULL ORDER BY rowid"
        ):
            match from_fields(kind, json.loads(fields)):
                case Token() as token:
                    tokens[token.token] = token
                case Repository() as repository:
                    repositories[repository.key] = repository
                case Release() as release:
                    releases[release.id] = release
                case Asset() as asset:
                    assets[asset.id] = asset
        (highest,) = self._database.execute("SELECT max(id) FROM records").fetchone()
        serial = max(highest or 0, State().serial)
        return State(tokens=tokens, repositories=repositories, releases=releases, assets=assets, serial=serial)

    def apply(self, changes: Iterable[Change]) -> State:
        """Make the changes, all or none, and return the state they lead to."""
        changes = tuple(changes)
        with self._lock:
            if changes:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", map(_row, changes))
                self._database.execute("COMMIT")
                self.state = self.state.changed(changes)
            return self.state

    def setting(self, name: str) -> object:
        """Return the JSON value kept under the name, or None."""
        with self._lock:
            row = self._database.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def keep(self, values: Mapping[str, object]) -> None:
        """Keep JSON values under their names."""
        rows = [(name, json.dumps(value)) for name, value in values.items()]
        with self._lock:
            self._database.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)

    def record(self, request: Request, token: str, headers: Mapping[str, str]) -> int:
        """Note that a request has come in, with what kind of token, and return its number."""
        query = json.dumps(dict(request.query))
        with self._lock:
            cursor = self._database.execute(
                "INSERT INTO requests (method, path, query, started, token, headers) VALUES (?, ?, ?, ?, ?, ?)",
                (request.method, request.path, query, request.now, token, json.dumps(dict(headers))),
            )
        return int(cursor.lastrowid or 0)

    def answered(self, number: int, status: int, seconds: float) -> None:
        """Note how a request was answered; the status is 0 where the connection was dropped."""
        with self._lock:
            self._database.execute(
                "UPDATE requests SET status = ?, seconds = ? WHERE id = ?", (status, seconds, number)
            )

    def requests(self, after: int = 0) -> list[dict[str, object]]:
        """Return the requests that came in after the one with that number, in order."""
        columns = ", ".join(REQUEST_COLUMNS)
        query = f"SELECT {columns} FROM requests WHERE id > ? ORDER BY id"  # noqa: S608  # the columns are constants
        with self._lock:
            rows = self._database.execute(query, (after,)).fetchall()
        return [_entry(row) for row in rows]

    def receive(self, source: Readable, length: int) -> Parcel | None:
        """Store ``length`` bytes of the source; None, and nothing stored, where it ends before."""
        partial = self.blobs / f"{PARTIAL}{secrets.token_hex(8)}"
        digest = hashlib.sha256()
        left = length
        with partial.open("wb") as file:
            while left and (chunk := source.read(min(left, CHUNK))):
                digest.update(chunk)
                file.write(chunk)
                left -= len(chunk)
        if left:
            partial.unlink()
            return None
        partial.replace(self.blobs / digest.hexdigest())
        return Parcel(size=length, sha256=digest.hexdigest())

    def blob(self, sha256: str) -> Path:
        """Return the file that holds the bytes with that digest."""
        return self.blobs / sha256

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._database.close()


def _row(change: Change) -> tuple[str, str, int, str | None]:
    record = change.record
    fields = None if isinstance(change, Drop) else json.dumps(to_fields(record))
    return kind_of(record), record.key, _identity(record), fields


def _identity(record: Record) -> int:
    return 0 if isinstance(record, Token) else record.id


def _entry(row: tuple[object, ...]) -> dict[str, object]:
    entry = dict(zip(REQUEST_COLUMNS, row, strict=True))
    return {**entry, "query": json.loads(str(entry["query"])), "headers": json.loads(str(entry["headers"]))}
