"""The embedded GitHub without its sockets: the store, the rules and the settings, one request at a time."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.faults import mishap
from tagship.rehearsal.fake_github.fixtures import SETTINGS, Provider, checked, settings_of
from tagship.rehearsal.fake_github.git import commits_of
from tagship.rehearsal.fake_github.models import Asset, Put, State, Token
from tagship.rehearsal.fake_github.publishing import tag_pushed
from tagship.rehearsal.fake_github.rate_limits import judged
from tagship.rehearsal.fake_github.routes import Rules
from tagship.rehearsal.fake_github.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tagship.rehearsal.fake_github.faults import Mishap
    from tagship.rehearsal.fake_github.http import Answer, Outcome, Parcel, Request
    from tagship.rehearsal.fake_github.models import Change, Level
    from tagship.rehearsal.fake_github.rate_limits import Counts, Verdict

DEFAULT_PERMISSIONS: Mapping[str, Mapping[str, Level]] = {"*": {"contents": "write", "discussions": "write"}}


class App:
    """What the server asks. Writes happen one after the other; reads see what was written ``lag`` seconds ago."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self._lock = threading.RLock()
        self._past: list[tuple[float, State]] = [(0.0, self.store.state)]
        self._counts: Counts = {}
        self._load_settings()

    def _load_settings(self) -> None:
        self.settings = settings_of({name: self.store.setting(name) for name in SETTINGS})
        self.rules = Rules(limits=self.settings.limits, commits_of=commits_of)
        seen = self.store.setting("seen")
        self._seen: tuple[int, ...] = tuple(seen) if isinstance(seen, list) else (0,) * len(self.settings.faults)

    def configure(self, values: object) -> None:
        """Take over a configuration, as the package's docstring has it; raises Failure where it is wrong."""
        table = checked(values)
        with self._lock:
            provider = Provider(state=self.store.state, now=time.time(), receive=self.store.receive)
            self._provide(provider.changes(table))
            kept = {name: table[name] for name in SETTINGS if name in table}
            if "faults" in kept and kept["faults"] != self.store.setting("faults"):
                kept["seen"] = None
            self.store.keep(kept)
            self._load_settings()

    def token(self) -> str:
        """Return the first token there is; one is made where there is none."""
        with self._lock:
            if not self.store.state.tokens:
                fresh = Token(token=f"ghs_{secrets.token_hex(18)}", permissions=DEFAULT_PERMISSIONS)
                self._provide([Put(record=fresh)])
            return next(iter(self.store.state.tokens))

    def push_tag(self, name: str, tag: str, commit: str | None) -> None:
        """Make, move or (no commit) delete a tag, as a push would, where there is such a repository."""
        with self._lock:
            if repository := self.store.state.repositories.get(name.lower()):
                self._provide(tag_pushed(self.store.state, repository, tag, commit))

    def mishap(self, method: str, path: str) -> Mishap:
        """What the fault plan has in store for this request, which counts from now on."""
        with self._lock:
            found, counts = mishap(self.settings.faults, self._seen, method, path)
            if counts != self._seen:
                self._seen = counts
                self.store.keep({"seen": list(counts)})
            return found

    def verdict(self, method: str, who: str, now: float) -> Verdict:
        """What the rate limits say to this request, which counts from now on."""
        with self._lock:
            verdict = judged(self.settings.rates, self._counts, method=method, who=who, now=now)
            self._counts = verdict.counts
            return verdict

    @property
    def counts(self) -> Counts:
        """How much of the rate limits is used."""
        return self._counts

    def perform(self, request: Request) -> Answer:
        """Return the answer to the request, whose effect is on disk by then."""
        if request.method in {"GET", "HEAD"}:
            return self.rules.outcome(replace(request, method="GET"), self.visible(request.now)).answer
        with self._lock:
            return self._settle(self.rules.outcome(request, self.store.state))

    def begin_upload(self, request: Request) -> tuple[Answer, Asset | None]:
        """Return True if the upload may begin: the asset that holds its name, or None and the refusal."""
        with self._lock:
            outcome = self.rules.outcome(request, self.store.state)
            answer = self._settle(outcome)
        held = [change.record for change in outcome.changes if isinstance(change.record, Asset)]
        return answer, held[0] if held else None

    def end_upload(self, request: Request, asset: Asset, parcel: Parcel) -> Answer:
        """Return the answer to an upload whose bytes are stored."""
        with self._lock:
            return self._settle(self.rules.upload_outcome(request, self.store.state, asset, parcel))

    def visible(self, now: float) -> State:
        """Return the state that readers see: the newest that is ``lag`` old."""
        if not self.settings.lag:
            return self.store.state
        with self._lock:
            seen = [state for at, state in self._past if at <= now - self.settings.lag]
            return seen[-1] if seen else self._past[0][1]

    def snapshot(self) -> dict[str, object]:
        """Repositories and releases with their assets, as they are on disk."""
        state = self.store.state
        releases = [
            {**asdict(release), "assets": [asdict(asset) for asset in state.assets_of(release)]}
            for release in state.releases.values()
        ]
        repositories = [
            {**asdict(repository), "tags": {name: tag.commit for name, tag in commits_of(repository).tags().items()}}
            for repository in state.repositories.values()
        ]
        return {"repositories": repositories, "releases": releases}

    def _settle(self, outcome: Outcome) -> Answer:
        self._apply(outcome.changes)
        return outcome.answer

    def _provide(self, changes: Iterable[Change]) -> None:
        """Make changes that come from outside the API: everybody sees them at once."""
        self._past = [(0.0, self.store.apply(changes))]

    def _apply(self, changes: Iterable[Change]) -> None:
        changes = tuple(changes)
        state = self.store.apply(changes)
        now = time.time()
        if changes:
            old = [entry for entry in self._past if entry[0] <= now - self.settings.lag]
            self._past = [*old[-1:], *self._past[len(old) :], (now, state)]
