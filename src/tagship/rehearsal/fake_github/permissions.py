"""GitHub's refusals of a caller: by the permissions of each kind of token, and by the rate limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Answer, Refusal, not_found, refused

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Level, Repository, State, Token

LEVELS: Mapping[Level, int] = {"none": 0, "read": 1, "write": 2}


def bearer(headers: Mapping[str, str]) -> str | None:
    """Return the credential of a ``Bearer`` or ``token`` header, or None."""
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() in {"bearer", "token"} else None


def caller_of(headers: Mapping[str, str], state: State) -> Token | None:
    """Return the token of the request, or None if it has none. Raise the 401 for an unknown token."""
    if "authorization" not in headers:
        return None
    token = state.tokens.get(bearer(headers) or "")
    if token is None:
        raise refused(401, "Bad credentials")
    return token


def level(caller: Token | None, repository: Repository, permission: str) -> Level:
    """Return the caller's level of the permission; anyone can read a public repository."""
    granted: dict[str, Level] = {}
    if caller is not None:
        for name, permissions in caller.permissions.items():
            if name == "*" or name.lower() == repository.key:
                granted.update(permissions)
    own = granted.get(permission, "none")
    public = permission in {"contents", "actions"} and not repository.private
    return "read" if public and own == "none" else own


def reads_drafts(caller: Token | None, repository: Repository) -> bool:
    """Return True if the caller sees drafts, which requires ``contents: write``."""
    return level(caller, repository, "contents") == "write"


def authorize(caller: Token | None, repository: Repository | None, permission: str, needed: Level) -> Repository:
    """Return the repository if the caller has the permission; raise GitHub's 401, 403 or 404 if not."""
    if repository is None or level(caller, repository, "contents") == "none":
        raise not_found()
    if LEVELS[level(caller, repository, permission)] < LEVELS[needed]:
        raise forbidden(caller, f"{permission}={needed}")
    return repository


def forbidden(caller: Token | None, accepted: str) -> Refusal:
    """Return GitHub's refusal of a caller without the permission; a header lists the ``accepted`` ones."""
    if caller is None:
        return refused(401, "Requires authentication")
    if caller.kind == "classic":
        return not_found()
    party = "integration" if caller.kind == "installation" else "personal access token"
    answer = refused(403, f"Resource not accessible by {party}").answer
    return Refusal(replace(answer, headers={"x-accepted-github-permissions": accepted}))


ABOUT = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
CREATING = {"POST", "PATCH", "PUT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Maximum number of requests in a time window."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Rate limits, and how they are reported: by which status, and with ``retry-after`` or without."""

    primary: Window = Window(requests=1000, seconds=3600)
    primary_status: int = 403
    content: tuple[Window, ...] = (Window(requests=80, seconds=60), Window(requests=500, seconds=3600))
    content_status: int = 403
    retry_after: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Number of requests since the window began (in seconds)."""

    began: float
    used: int = 0


Counts = dict[str, Count]


def check_rates(
    rates: Rates, counts: Counts, *, method: str, caller: str, now: float
) -> tuple[dict[str, str], Answer | None]:
    """Count a request, and return its ``x-ratelimit`` headers and its refusal, None if it is within the limits.

    A request that the primary limit refuses does not count.
    """
    name = f"{caller} primary"
    count = _current(counts.get(name), rates.primary, now)
    spent = count.used >= rates.primary.requests
    counts[name] = count = Count(began=count.began, used=count.used + (not spent))
    if spent:
        return quota(rates, count), primary_refusal(rates.primary_status)
    waits: list[float] = []
    for window in rates.content if method in CREATING else ():
        name = f"{caller} content {window.seconds}"
        content = _current(counts.get(name), window, now)
        if content.used >= window.requests:
            waits.append(content.began + window.seconds - now)
        counts[name] = Count(began=content.began, used=content.used + (content.used < window.requests))
    if not waits:
        return quota(rates, count), None
    return quota(rates, count), secondary_refusal(rates.content_status, max(waits) if rates.retry_after else None)


def remaining(rates: Rates, counts: Counts, *, caller: str, now: float) -> dict[str, int]:
    """Return the content of ``GET /rate_limit``, which does not count."""
    return _numbers(rates, _current(counts.get(f"{caller} primary"), rates.primary, now))


def quota(rates: Rates, count: Count) -> dict[str, str]:
    """Return the ``x-ratelimit`` headers."""
    numbers = {f"x-ratelimit-{name}": str(number) for name, number in _numbers(rates, count).items()}
    return {**numbers, "x-ratelimit-resource": "core"}


def primary_refusal(status: int) -> Answer:
    """Return the refusal of the primary limit."""
    message = "API rate limit exceeded for installation."
    return Answer(status=status, content={"message": message, "documentation_url": ABOUT, "status": str(status)})


def secondary_refusal(status: int, wait: float | None) -> Answer:
    """Return the refusal of the secondary limit, with ``wait`` as ``retry-after`` unless it is None."""
    message = (
        "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
        "Please retry your request again later."
    )
    content = {"message": message, "documentation_url": f"{ABOUT}#about-secondary-rate-limits", "status": str(status)}
    headers = {} if wait is None else {"retry-after": str(max(1, math.ceil(wait)))}
    return Answer(status=status, content=content, headers=headers)


def _current(count: Count | None, window: Window, now: float) -> Count:
    return count if count and now < count.began + window.seconds else Count(began=now)


def _numbers(rates: Rates, count: Count) -> dict[str, int]:
    limit = rates.primary.requests
    reset = math.ceil(count.began + rates.primary.seconds)
    return {"limit": limit, "remaining": max(0, limit - count.used), "used": count.used, "reset": reset}
