"""GitHub's rate limits: the primary one counts all requests, the secondary one those that create content."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDecision:
    """Refusal of a request or None, the ``x-ratelimit`` headers, and the new counts."""

    counts: Counts = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    refusal: Answer | None = None


def check_rates(rates: Rates, counts: Counts, *, method: str, caller: str, now: float) -> RateDecision:
    """Return the decision on a request. A request that the primary limit refuses does not count."""
    name = f"{caller} primary"
    count = _current(counts.get(name), rates.primary, now)
    spent = count.used >= rates.primary.requests
    count = Count(began=count.began, used=count.used + (not spent))
    after = {**counts, name: count}
    headers = quota(rates, count)
    if spent:
        return RateDecision(counts=after, headers=headers, refusal=primary_refusal(rates.primary_status))
    if method not in CREATING:
        return RateDecision(counts=after, headers=headers)
    waits: list[float] = []
    for window in rates.content:
        name = f"{caller} content {window.seconds}"
        content = _current(counts.get(name), window, now)
        if content.used >= window.requests:
            waits.append(content.began + window.seconds - now)
        after[name] = Count(began=content.began, used=content.used + (content.used < window.requests))
    if not waits:
        return RateDecision(counts=after, headers=headers)
    wait = max(waits) if rates.retry_after else None
    return RateDecision(counts=after, headers=headers, refusal=secondary_refusal(rates.content_status, wait))


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
