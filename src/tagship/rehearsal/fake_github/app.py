"""The embedded GitHub without its sockets: settings, the order of writes, and the state before the first request."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tagship.rehearsal.fake_github.http import Answer, Limits, Request
from tagship.rehearsal.fake_github.models import Asset, Level, Put, Release, Repository, Token
from tagship.rehearsal.fake_github.permissions import Counts, Rates, check_rates
from tagship.rehearsal.fake_github.publishing import push_tag_changes
from tagship.rehearsal.fake_github.routes import outcome, upload_outcome
from tagship.rehearsal.fake_github.store import Body, Store, StoredFile

DEFAULT_PERMISSIONS: Mapping[str, Mapping[str, Level]] = {"*": {"contents": "write", "discussions": "write"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Behaviour of the server. By default it has GitHub's limits.

    ``latency`` is the delay of every request in seconds. ``disturb`` answers every request, given the app, the request,
    its body and the caller; tests inject faults there.
    """

    limits: Limits = field(default_factory=Limits)
    rates: Rates = field(default_factory=Rates)
    disturb: Callable[[App, Request, Body, str], tuple[Answer, int | None]] | None = None
    latency: float = 0.0


class App(Store):
    """The application behind the server. Writes are serialized."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        super().__init__(folder)
        self.settings = settings or Settings()
        self.closed = threading.Event()
        self.counts: Counts = {}

    def token(self) -> str:
        """Return the first token. If there is none, add one that may write to every repository."""
        with self._lock:
            if not self.state.tokens:
                self.apply([Put(record=Token(token=f"ghs_{secrets.token_hex(18)}", permissions=DEFAULT_PERMISSIONS))])
            return next(iter(self.state.tokens))

    def push_tag(self, name: str, tag: str, commit: str | None) -> None:
        """Create or move a tag as ``git push`` does; delete it if ``commit`` is None."""
        with self._lock:
            self.apply(push_tag_changes(self.state, self.state.repositories[name.lower()], tag, commit))

    def check_rates(self, method: str, caller: str, now: float) -> tuple[dict[str, str], Answer | None]:
        """Count the request, and return its ``x-ratelimit`` headers and its refusal."""
        with self._lock:
            return check_rates(self.settings.rates, self.counts, method=method, caller=caller, now=now)

    def handle(self, request: Request) -> Answer:
        """Return the answer to the request, after applying its changes."""
        if request.method in {"GET", "HEAD"}:
            return outcome(replace(request, method="GET"), self.state, self.settings.limits)
        with self._lock:
            return self._applied(outcome(request, self.state, self.settings.limits))

    def begin_upload(self, request: Request) -> tuple[Answer, Asset | None]:
        """Return the new ``starter`` asset, or the refusal and None."""
        answer = self.handle(request)
        assets = [change.record for change in answer.changes if isinstance(change.record, Asset)]
        return answer, assets[0] if assets else None

    def finish_upload(self, request: Request, asset: Asset, file: StoredFile) -> Answer:
        """Return the answer to an upload whose bytes are stored."""
        with self._lock:
            return self._applied(upload_outcome(request, self.state, self.settings.limits, asset, file))

    def _applied(self, answer: Answer) -> Answer:
        self.apply(answer.changes)
        return answer


def add_token(app: App, token: Token) -> None:
    """Add the token, or replace the one with the same secret."""
    app.apply([Put(record=token)])


def add_repository(app: App, repository: Repository) -> Repository:
    """Add the repository, or replace the one of that name and keep its id; return it with its id."""
    known = app.state.repositories.get(repository.key)
    stored = replace(repository, id=known.id if known else app.state.serial + 1)
    app.apply([Put(record=stored)])
    return stored


def add_release(app: App, release: Release, *, latest: bool = False) -> Release:
    """Add the release and return it with its id. ``latest`` marks it as the repository's latest release."""
    published_at = release.published_at or (None if release.draft else time.time())
    stored = replace(release, id=app.state.serial + 1, published_at=published_at)
    app.apply([Put(record=stored)])
    if latest:
        repository = app.state.repositories[release.repository.lower()]
        app.apply([Put(record=replace(repository, latest=stored.id))])
    return stored
