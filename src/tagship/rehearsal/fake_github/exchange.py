"""One exchange with the API: the request is noted, delayed, limited, spoilt or carried out, and answered."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from tagship.rehearsal.fake_github.http import Answer, refused
from tagship.rehearsal.fake_github.permissions import bearer
from tagship.rehearsal.fake_github.rate_limits import exhausted, primary_refusal, remaining, secondary_refusal
from tagship.rehearsal.fake_github.routes import UPLOAD

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.app import App
    from tagship.rehearsal.fake_github.faults import Fault
    from tagship.rehearsal.fake_github.http import Parcel, Request
    from tagship.rehearsal.fake_github.store import Store

NOTED = ("accept", "content-length", "content-type", "if-none-match", "user-agent", "x-github-api-version")
BROKEN = Answer(status=502, content={"message": "Server Error"})
CHUNK = 1 << 20


class Dropped(Exception):
    """The connection ends here, without an answer."""


class Source(Protocol):
    """Where the bytes of a body come from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Body:
    """The body of a request, still on its way. Raises Dropped where the client goes away before all of it is there."""

    def __init__(self, source: Source, length: int) -> None:
        self._source = source
        self._left = length

    def whole(self) -> bytes:
        """Return all of it."""
        content = self._source.read(self._left)
        if len(content) < self._left:
            raise Dropped
        self._left = 0
        return content

    def stored(self, store: Store) -> Parcel:
        """Return all of it, in a file of the store."""
        parcel = store.receive(self._source, self._left)
        if parcel is None:
            raise Dropped
        self._left = 0
        return parcel

    def drain(self) -> None:
        """Read the rest and forget it: a client answered in the middle of sending sees only a broken pipe."""
        while self._left and (chunk := self._source.read(min(self._left, CHUNK))):
            self._left -= len(chunk)


def answered(app: App, request: Request, body: Body) -> tuple[Answer, int | None]:
    """Return the answer, and after how many bytes of its body the connection breaks, if it does.

    The request is on record before anything comes of it, and so is its status before the answer is sent. Raises Dropped
    where the client gets no answer at all.
    """
    started = time.monotonic()
    caller = app.store.state.tokens.get(bearer(request.headers) or "")
    kind = caller.kind if caller else "unknown" if "authorization" in request.headers else "none"
    number = app.store.record(request, kind, {name: request.headers[name] for name in NOTED if name in request.headers})
    mishap = app.mishap(request.method, request.path)
    status = 0
    try:
        time.sleep(app.settings.latency + mishap.before)
        request = replace(request, now=time.time())
        answer = _limited(app, request, body, mishap.fault, caller.token if caller else kind)
        body.drain()
        time.sleep(mishap.after)
        status = answer.status
    finally:
        app.store.answered(number, status, time.monotonic() - started)
    return answer, mishap.fault.truncate if mishap.fault else None


def _limited(app: App, request: Request, body: Body, fault: Fault | None, who: str) -> Answer:
    """Return the refusal of a rate limit, real or planned, or else the answer; with the headers that tell what is
    left.
    """
    rates = app.settings.rates
    if request.path == "/rate_limit":
        numbers = remaining(rates, app.counts, who=who, now=request.now)
        older = {} if request.headers.get("x-github-api-version") == "2026-03-10" else {"rate": numbers}
        return Answer(content={"resources": {"core": numbers, "search": numbers}, **older})
    verdict = app.verdict(request.method, who, request.now)
    if verdict.refusal:
        answer, headers = verdict.refusal, verdict.headers
    elif fault and fault.limit == "primary":
        answer, headers = primary_refusal(fault.status or 403), exhausted(rates, request.now, fault.retry_after or 60)
    elif fault and fault.limit == "secondary":
        answer, headers = secondary_refusal(fault.status or 403, fault.retry_after), verdict.headers
    else:
        answer, headers = _spoilt(app, request, body, fault), verdict.headers
    return replace(answer, headers={**headers, **answer.headers})


def _spoilt(app: App, request: Request, body: Body, fault: Fault | None) -> Answer:
    """Return the fault's answer, in place of the effect or after it; or the answer that the effect has."""
    if fault is None:
        return _effect(app, request, body)
    if fault.when == "before" and fault.drop:
        raise Dropped
    if fault.when == "before" and fault.status:
        return _faulty(fault)
    answer = _effect(app, request, body, starter=fault.starter)
    if fault.drop:
        raise Dropped
    return _faulty(fault) if fault.status else answer


def _faulty(fault: Fault) -> Answer:
    return replace(BROKEN, status=fault.status or 502, content=fault.body or BROKEN.content, headers=fault.headers)


def _effect(app: App, request: Request, body: Body, *, starter: bool = False) -> Answer:
    """What the rules answer. An upload first gets its name, then its bytes, which ``starter`` says never arrive."""
    if request.method != "POST" or not UPLOAD.path.fullmatch(request.path):
        if "transfer-encoding" in request.headers:
            return refused(411, "Length Required").answer
        return app.perform(replace(request, body=body.whole()))
    refusal, asset = app.begin_upload(request)
    if asset is None:
        return refusal
    parcel = body.stored(app.store)
    return BROKEN if starter else app.end_upload(request, asset, parcel)
