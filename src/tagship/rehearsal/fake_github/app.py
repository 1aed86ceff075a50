"""The embedded GitHub without its sockets: state, settings and the order of writes."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Limits
from tagship.rehearsal.fake_github.models import Asset, Put, State, Token
from tagship.rehearsal.fake_github.publishing import push_tag_changes
from tagship.rehearsal.fake_github.rate_limits import Rates, check_rates
from tagship.rehearsal.fake_github.routes import outcome, upload_outcome
from tagship.rehearsal.fake_github.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from tagship.rehearsal.fake_github.http import Answer, Outcome, Request
    from tagship.rehearsal.fake_github.models import Change, Level
    from tagship.rehearsal.fake_github.rate_limits import Counts
    from tagship.rehearsal.fake_github.store import Body, StoredFile

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


class App:
    """The application behind the server. Writes are serialized."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.store = Store(folder)
        self.closed = threading.Event()
        self._lock = threading.RLock()
        self.counts: Counts = {}
        self.configure(settings or Settings())

    def configure(self, settings: Settings) -> None:
        """Replace the settings."""
        with self._lock:
            self.settings = settings

    @property
    def state(self) -> State:
        return self.store.state

    def token(self) -> str:
        """Return the first token. If there is none, add one that may write to every repository."""
        with self._lock:
            if not self.state.tokens:
                token = Token(token=f"ghs_{secrets.token_hex(18)}", permissions=DEFAULT_PERMISSIONS)
                self.provide([Put(record=token)])
            return next(iter(self.state.tokens))

    def provide(self, changes: Iterable[Change]) -> None:
        """Apply changes from outside the API."""
        with self._lock:
            self.store.apply(changes)

    def push_tag(self, name: str, tag: str, commit: str | None) -> None:
        """Create or move a tag as ``git push`` does; delete it if ``commit`` is None."""
        with self._lock:
            self.provide(push_tag_changes(self.state, self.state.repositories[name.lower()], tag, commit))

    def check_rates(self, method: str, caller: str, now: float) -> tuple[dict[str, str], Answer | None]:
        """Count the request, and return its ``x-ratelimit`` headers and its refusal."""
        with self._lock:
            return check_rates(self.settings.rates, self.counts, method=method, caller=caller, now=now)

    def handle(self, request: Request) -> Answer:
        """Return the answer to the request, after applying its changes."""
        if request.method in {"GET", "HEAD"}:
            return outcome(replace(request, method="GET"), self.state, self.settings.limits).answer
        with self._lock:
            return self._apply(outcome(request, self.state, self.settings.limits))

    def begin_upload(self, request: Request) -> tuple[Answer, Asset | None]:
        """Return the new ``starter`` asset, or the refusal and None."""
        with self._lock:
            begun = outcome(request, self.state, self.settings.limits)
            answer = self._apply(begun)
        assets = [change.record for change in begun.changes if isinstance(change.record, Asset)]
        return answer, assets[0] if assets else None

    def finish_upload(self, request: Request, asset: Asset, file: StoredFile) -> Answer:
        """Return the answer to an upload whose bytes are stored."""
        with self._lock:
            return self._apply(upload_outcome(request, self.state, self.settings.limits, asset, file))

    def _apply(self, found: Outcome) -> Answer:
        if found.changes:
            self.store.apply(found.changes)
        return found.answer
