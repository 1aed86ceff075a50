"""One request from its arrival to its answer: log, latency, rate limits and effect."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Answer, refused
from tagship.rehearsal.fake_github.permissions import bearer
from tagship.rehearsal.fake_github.rate_limits import remaining
from tagship.rehearsal.fake_github.routes import UPLOAD
from tagship.rehearsal.fake_github.store import Dropped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagship.rehearsal.fake_github.app import App
    from tagship.rehearsal.fake_github.http import Request
    from tagship.rehearsal.fake_github.store import Body

LOGGED_HEADERS = ("accept", "content-length", "content-type", "if-none-match", "user-agent", "x-github-api-version")
SERVER_ERROR = Answer(status=502, content={"message": "Server Error"})


def exchange(app: App, request: Request, body: Body) -> tuple[Answer, int | None]:
    """Return the answer, and the number of bytes after which its body is truncated, or None.

    The log has the request before its effect, and the status before the answer is sent. Raises Dropped if the
    connection closes without an answer.
    """
    started = time.monotonic()
    token = app.state.tokens.get(bearer(request.headers) or "")
    kind = token.kind if token else "unknown" if "authorization" in request.headers else "none"
    headers = {name: request.headers[name] for name in LOGGED_HEADERS if name in request.headers}
    entry = app.store.log(request, kind, headers)
    status = 0
    try:
        wait(app, app.settings.latency)
        request, caller = replace(request, now=time.time()), token.token if token else kind
        if app.settings.disturb:
            answer, truncate = app.settings.disturb(app, request, body, caller)
        else:
            answer, truncate = limited(app, request, caller, lambda: effect(app, request, body)), None
        body.drain()
        status = answer.status
    finally:
        entry |= {"status": status, "seconds": time.monotonic() - started}
    return answer, truncate


def wait(app: App, seconds: float) -> None:
    """Wait; raise Dropped if the server closes during this time."""
    if seconds and app.closed.wait(seconds):
        raise Dropped


def limited(app: App, request: Request, caller: str, answered: Callable[[], Answer]) -> Answer:
    """Return the refusal of a rate limit or the answer, both with ``x-ratelimit`` headers."""
    if request.path == "/rate_limit":
        numbers = remaining(app.settings.rates, app.counts, caller=caller, now=request.now)
        older = {} if request.headers.get("x-github-api-version") == "2026-03-10" else {"rate": numbers}
        return Answer(content={"resources": {"core": numbers, "search": numbers}, **older})
    headers, refusal = app.check_rates(request.method, caller, request.now)
    answer = refusal or answered()
    return replace(answer, headers={**headers, **answer.headers})


def effect(app: App, request: Request, body: Body, *, starter: bool = False) -> Answer:
    """Return the answer of the API. An upload reserves its name first; with ``starter`` it then fails."""
    if request.method != "POST" or not UPLOAD.path.fullmatch(request.path):
        if "transfer-encoding" in request.headers:
            return refused(411, "Length Required").answer
        return app.handle(replace(request, body=body.read()))
    answer, asset = app.begin_upload(request)
    if asset is None:
        return answer
    file = body.store(app.store)
    return SERVER_ERROR if starter else app.finish_upload(request, asset, file)
