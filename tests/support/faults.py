"""Faults that tests inject into the embedded GitHub, and the requests that they apply to."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from tagship.rehearsal.fake_github.http import Answer
from tagship.rehearsal.fake_github.permissions import Count, primary_refusal, quota, secondary_refusal
from tagship.rehearsal.fake_github.routes import outcome
from tagship.rehearsal.fake_github.server import SERVER_ERROR, effect, limited, wait
from tagship.rehearsal.fake_github.store import Dropped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.rehearsal.fake_github.app import App
    from tagship.rehearsal.fake_github.http import Request
    from tagship.rehearsal.fake_github.models import State
    from tagship.rehearsal.fake_github.store import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault, and a filter for requests.

    ``method`` and ``path`` are patterns of ``fnmatch``; the path has neither the prefix ``/api/v3`` nor a query, and
    uploads begin with ``/uploads``. ``nth`` are the numbers of the matching requests, counted from 1; empty means all.
    ``when`` is before or after the effect of the request.

    The fault is one of: ``status`` answers with ``body`` and ``headers``; ``delay`` waits for that many seconds;
    ``drop`` closes the connection without an answer; ``truncate`` sends that many bytes of the body; ``limit`` answers
    as a rate limit does, with ``status`` and ``retry_after``; ``starter`` answers an upload with 502 and leaves an
    unfinished asset. If several faults match, the first one applies, and the delays of all add up.
    """

    method: str = "*"
    path: str = "*"
    nth: tuple[int, ...] = ()
    when: Literal["before", "after"] = "before"
    status: int | None = None
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    truncate: int | None = None
    limit: Literal["primary", "secondary"] | None = None
    retry_after: float | None = None
    starter: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Return True if the filter matches the request, regardless of its number."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    @property
    def only_delays(self) -> bool:
        return self.status is None and not (self.drop or self.starter or self.limit) and self.truncate is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOutcome:
    """Faults of one request: the delays before and after its effect, and at most one other fault."""

    before: float = 0.0
    after: float = 0.0
    fault: Fault | None = None


def fault_outcome(
    faults: Sequence[Fault], seen: Sequence[int], method: str, path: str
) -> tuple[FaultOutcome, tuple[int, ...]]:
    """Return the faults of the request, and the new number of requests that each fault has matched (``seen``)."""
    counts = tuple(count + fault.matches(method, path) for fault, count in zip(faults, seen, strict=True))
    due = [
        fault
        for fault, before, count in zip(faults, seen, counts, strict=True)
        if count > before and (not fault.nth or count in fault.nth)
    ]
    decisive = next((fault for fault in due if not fault.only_delays), None)
    acting = [fault for fault in due if fault.only_delays or fault is decisive]
    return (
        FaultOutcome(
            before=sum(fault.delay for fault in acting if fault.when == "before"),
            after=sum(fault.delay for fault in acting if fault.when == "after"),
            fault=decisive,
        ),
        counts,
    )


class Faults:
    """The faults as a setting of the embedded GitHub; requests are counted from its creation.

    Reads see the state of ``lag`` seconds ago.
    """

    def __init__(self, faults: Sequence[Fault], lag: float = 0.0) -> None:
        self._faults = tuple(faults)
        self._lag = lag
        self._history: list[tuple[float, State]] = []
        self._seen: Sequence[int] = (0,) * len(self._faults)
        self._lock = threading.Lock()

    def __call__(self, app: App, request: Request, body: Body, caller: str) -> tuple[Answer, int | None]:
        """Return the answer, and the number of bytes after which its body is truncated, or None."""
        with self._lock:
            outcome, self._seen = fault_outcome(self._faults, self._seen, request.method, request.path)
        wait(app, outcome.before)
        request = replace(request, now=time.time())
        answer = limited(app, request, caller, lambda: self._answer(app, request, body, outcome.fault))
        body.drain()
        wait(app, outcome.after)
        return answer, outcome.fault.truncate if outcome.fault else None

    def _answer(self, app: App, request: Request, body: Body, fault: Fault | None) -> Answer:
        with self._lock:
            self._history = self._history or [(0.0, app.state)]
            old = [state for at, state in self._history if at <= request.now - self._lag][-1:]
        if fault is None and self._lag and request.method == "GET":
            return outcome(request, old[0], app.settings.limits)
        answer = _faulty(app, request, body, fault)
        with self._lock:
            self._history.append((time.time(), app.state))
        return answer


def _faulty(app: App, request: Request, body: Body, fault: Fault | None) -> Answer:
    """Return the answer of the fault, before or after the effect, or the answer of the effect."""
    if fault is None:
        return effect(app, request, body)
    if fault.limit:
        return _limit(app, request, fault)
    if fault.when == "before" and fault.drop:
        raise Dropped
    error = Answer(status=fault.status or 502, content=fault.body or SERVER_ERROR.content, headers=fault.headers)
    if fault.when == "before" and fault.status:
        return error
    answer = effect(app, request, body, starter=fault.starter)
    if fault.drop:
        raise Dropped
    return error if fault.status else answer


def _limit(app: App, request: Request, fault: Fault) -> Answer:
    if fault.limit == "secondary":
        return secondary_refusal(fault.status or 403, fault.retry_after)
    primary = app.settings.rates.primary
    began = request.now + (fault.retry_after or 60) - primary.seconds
    headers = quota(app.settings.rates, Count(began=began, used=primary.requests))
    return replace(primary_refusal(fault.status or 403), headers=headers)
