"""Requests within GitHub's rate limits, retried only if a retry cannot do harm."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tagship.core.release.answers import Answer, Meaning, meaning
from tagship.core.release.retries import Parallelism, RateLimit, RetryPolicy, requested_wait, seconds_until_free
from tagship.edges.github.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``now`` in seconds since the epoch, and a ``sleep`` in seconds."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


MOST = 64
"""Largest number of uploads at a time. GitHub allows 100 requests at a time."""
_SERVER_ERROR = 500
WRITE_LIMITS = (RateLimit(requests=80, seconds=60.0), RateLimit(requests=500, seconds=3600.0))
"""GitHub's limits for requests that create content.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""


@dataclass(slots=True, kw_only=True)
class RetryingConnection(Connection):
    """A connection that waits and retries, for any number of threads.

    A request that hit a rate limit is sent again when the limit ends, and all threads wait for it together. Only then
    writes are throttled to ``limits``. A read without a response is repeated; a write without a response is returned,
    because the caller has to read first. ``log`` gets one line per wait.
    """

    log: Callable[[str], None]
    clock: Clock = field(default_factory=Clock)
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    limits: tuple[RateLimit, ...] = WRITE_LIMITS
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _writes: deque[float] = field(default_factory=deque, repr=False)
    _limited_until: float = 0.0
    _refused: bool = False
    parallelism: Parallelism = field(default_factory=lambda: Parallelism(most=MOST))
    _announced_until: float = 0.0

    def get(self, path: str, *, enough: Container[int] = (), **parameters: str) -> Answer:
        """Send a GET, and repeat it if no response arrives; only once if its status is among ``enough``."""
        return self._repeated(lambda: self.request("GET", path, parameters=parameters), enough)

    def query(self, path: str, body: Mapping[str, object]) -> Answer:
        """Send a POST that changes nothing, and repeat it like a GET."""
        return self._repeated(lambda: self.request("POST", path, body=body))

    def write(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Send a write once."""
        return self._within_limits(lambda: self.request(method, path, body=body), writes=True)

    def upload(self, url: str, file: Path, *, content_type: str, parameters: Mapping[str, str]) -> Answer:
        """Send a file once."""
        return self._within_limits(
            lambda: self.send_file(url, file, content_type=content_type, parameters=parameters), writes=True
        )

    def pause(self, seconds: float, reason: str) -> None:
        """Log the reason and wait."""
        self.log(f"{reason}. Retrying in {seconds:.0f} s.")
        self.clock.sleep(seconds)

    def _repeated(self, send: Callable[[], Answer], enough: Container[int] = ()) -> Answer:
        attempt = 0
        while True:
            answer = self._within_limits(send, writes=False)
            attempt += 1
            pause = None if attempt > 1 and answer.status in enough else self.retries.after_loss(attempt)
            if meaning(answer, writes=False) is not Meaning.LOST or pause is None:
                return answer
            requested = requested_wait(answer, now=self.clock.now()) or 0.0
            pause = max(pause, min(requested, self.retries.unspecified))
            self.pause(pause, f"No response from GitHub ({answer.status or answer.message})")

    def _within_limits(self, send: Callable[[], Answer], *, writes: bool) -> Answer:
        attempt = 0
        while True:
            self._wait_for_turn(writes=writes)
            sent = self.clock.now()
            answer = send()
            now = self.clock.now()
            attempt += 1
            limited = meaning(answer, writes=writes) is Meaning.LIMITED
            with self._lock:
                if limited or answer.status >= _SERVER_ERROR:
                    self.parallelism = self.parallelism.refused(sent=sent, now=now)
                elif writes and answer.ok:
                    self.parallelism = self.parallelism.answered(now - sent)
            if not limited:
                return answer
            pause = self.retries.after_limit(answer, attempt, now=now)
            if pause is None:
                return answer
            self._hold(now + pause)

    def _wait_for_turn(self, *, writes: bool) -> None:
        """Wait until no rate limit applies; a write also counts towards every one of ``limits``."""
        while True:
            with self._lock:
                now = self.clock.now()
                seconds = max(self._limited_until - now, 0.0)
                limits = self.limits if self._refused else ()
                free = max((seconds_until_free(limit, self._writes, now=now) for limit in limits), default=0.0)
                if writes and free > seconds:
                    seconds = free
                    self._announce(now + free)
                if seconds <= 0:
                    if writes:
                        self._writes.append(now)
                    return
            self.clock.sleep(seconds)

    def _announce(self, until: float) -> None:
        """Log once for all threads that writes are throttled; with the hourly limit it can take most of an hour."""
        if until > self._announced_until + 1.0:
            self._announced_until = until
            self.log(f"Throttled to stay below GitHub's write limit. Continuing in {until - self.clock.now():.0f} s.")

    def _hold(self, until: float) -> None:
        with self._lock:
            self._refused = True
            longer = until > self._limited_until
            self._limited_until = max(self._limited_until, until)
        if longer:
            self.log(f"GitHub's rate limit was reached. Continuing in {until - self.clock.now():.0f} s.")
