"""The seconds to wait before a retry, the number of retries, and the number of uploads at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagship.core.release.answers import Answer


START = 8
_QUICK = 2.0
"""Seconds for an answer to be quick."""
_GROWTH = 2
"""Further requests that a quick answer allows: 8, 24 and 64 at a time in the first three round trips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Numbers of retries, and pauses in seconds.

    After a rate limit that does not report its end, the first pause is ``unspecified`` and each further one is twice as
    long: GitHub requires at least a minute. ``longest`` is the longest single pause: the hourly limit ends within an
    hour. A request without a response is sent ``attempts`` times, with pauses that start at ``pause`` and double.
    """

    attempts: int = 6
    pause: float = 1.0
    unspecified: float = 60.0
    longest: float = 3660.0
    limits: int = 20

    def after_limit(self, answer: Answer, attempt: int, *, now: float) -> float | None:
        """Return the seconds to wait after the ``attempt``-th refusal by a rate limit (from 1), or None to give up.

        ``now`` is in seconds since the epoch, like ``x-ratelimit-reset``.
        """
        seconds = requested_wait(answer, now=now)
        if seconds is None:
            seconds = self.unspecified * 2 ** (attempt - 1)
        return None if attempt > self.limits or seconds > self.longest else seconds

    def after_loss(self, attempt: int) -> float | None:
        """Return the seconds to wait after the ``attempt``-th lost response (from 1), or None to give up."""
        return None if attempt >= self.attempts else self.pause * 2 ** (attempt - 1)


def requested_wait(answer: Answer, *, now: float) -> float | None:
    """Return the wait that the response requests: ``retry-after`` (seconds or a date), else until the limit's reset.

    None if it requests none. Source:
    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
    """
    value = answer.headers.get("retry-after")
    if value is not None:
        return _retry_after(value, now)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        reset = _number(answer.headers.get("x-ratelimit-reset", ""))
        return None if reset is None else max(0.0, reset - now) + 1.0
    return None


def _retry_after(value: str, now: float) -> float | None:
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except ValueError:
        return None


def _number(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdecimal() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """A maximum number of requests in a number of seconds."""

    requests: int
    seconds: float


def seconds_until_free(limit: RateLimit, sent: Sequence[float], *, now: float) -> float:
    """Return the seconds until ``limit`` allows another request, from the times of those ``sent``, in order."""
    if len(sent) < limit.requests:
        return 0.0
    return max(0.0, sent[-limit.requests] + limit.seconds - now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallelism:
    """At most ``allowed`` requests at a time, and never more than ``most``.

    ``halved`` is the time of the last refusal in seconds: the refusals of requests sent before it count as one.
    """

    most: int
    allowed: int = START
    halved: float = 0.0

    def answered(self, seconds: float) -> Parallelism:
        """Return the parallelism after an answer that took ``seconds``."""
        return replace(self, allowed=min(self.allowed + _GROWTH * (seconds < _QUICK), self.most))

    def refused(self, *, sent: float, now: float) -> Parallelism:
        """Return the parallelism after a refusal or server error of a request that was ``sent`` at that time."""
        return self if sent < self.halved else replace(self, allowed=max(1, self.allowed // 2), halved=now)
