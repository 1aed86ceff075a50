"""How long to wait before asking again, and when to give up."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.core.release.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long, in seconds.

    A limit that does not say when it ends is waited for ``unsaid`` seconds, then twice as long, and so on: GitHub asks
    for at least a minute. ``longest`` is the longest single wait: the hourly limit ends within an hour. An answer that
    got lost is asked for ``attempts`` times with pauses that begin at ``pause`` and double.
    """

    attempts: int = 6
    pause: float = 1.0
    unsaid: float = 60.0
    longest: float = 3660.0
    limits: int = 20

    def after_limit(self, answer: Answer, attempt: int, *, now: float) -> float | None:
        """Seconds to wait after the ``attempt``-th refusal by a limit (from 1), or None to give up.

        ``now`` is in seconds since the epoch, as ``x-ratelimit-reset`` is.
        """
        seconds = seconds_told(answer, now=now)
        if seconds is None:
            seconds = self.unsaid * 2 ** (attempt - 1)
        return None if attempt > self.limits or seconds > self.longest else seconds

    def after_loss(self, attempt: int) -> float | None:
        """Seconds to wait after the ``attempt``-th answer that was lost (from 1), or None to give up."""
        return None if attempt >= self.attempts else self.pause * 2 ** (attempt - 1)


def seconds_told(answer: Answer, *, now: float) -> float | None:
    """How long the answer asks to wait: ``retry-after`` (seconds or a date), else until the limit's reset.

    None where it does not say. Source:
    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
    """
    told = answer.headers.get("retry-after")
    if told is not None:
        return _retry_after(told, now)
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
class Pace:
    """At most so many writes in so many seconds."""

    most: int
    seconds: float


def room(pace: Pace, writes: Sequence[float], *, now: float) -> float:
    """Seconds until one more write fits into ``pace``, given when the earlier ones began, in order."""
    if len(writes) < pace.most:
        return 0.0
    return max(0.0, writes[-pace.most] + pace.seconds - now)
