"""The number of uploads at a time: it grows while answers are quick, and halves when GitHub refuses or fails."""

from __future__ import annotations

from dataclasses import dataclass, replace

START = 8
_QUICK = 2.0
"""Seconds for an answer to be quick."""


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
        return replace(self, allowed=min(self.allowed + (seconds < _QUICK), self.most))

    def refused(self, *, sent: float, now: float) -> Parallelism:
        """Return the parallelism after a refusal or server error of a request that was ``sent`` at that time."""
        return self if sent < self.halved else replace(self, allowed=max(1, self.allowed // 2), halved=now)
