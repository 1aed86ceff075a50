"""Requests within GitHub's limits, repeated only where that cannot do harm."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.core.release.answers import Meaning, meaning
from tagship.core.release.retries import Pace, Patience, room, seconds_told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tagship.core.release.answers import Answer
    from tagship.edges.github.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``now`` in seconds since the epoch, and a ``sleep`` of so many seconds."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


PACES = (Pace(most=80, seconds=60.0), Pace(most=500, seconds=3600.0))
"""What GitHub allows of requests that create content.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""


@dataclass(slots=True, kw_only=True)
class Requests:
    """Sends requests for any number of threads.

    What a limit refuses is sent again when the limit ends, and all threads wait for it together. Answers to a question
    that get lost are asked for again; answers to a write that get lost are handed on, because a look has to come first.
    ``log`` gets a line for each wait.
    """

    connection: Connection
    log: Callable[[str], None]
    clock: Clock = field(default_factory=Clock)
    patience: Patience = field(default_factory=Patience)
    paces: tuple[Pace, ...] = PACES
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _writes: deque[float] = field(default_factory=deque, repr=False)
    _held_until: float = 0.0
    _paced_until: float = 0.0

    def get(self, path: str, **parameters: str) -> Answer:
        """Return the answer to a GET; one that is lost or failed only when asking again did not help."""
        return self._asked(lambda: self.connection.request("GET", path, parameters=parameters))

    def ask(self, path: str, body: Mapping[str, object]) -> Answer:
        """Return the answer to a POST that changes nothing, repeated like a GET."""
        return self._asked(lambda: self.connection.request("POST", path, body=body))

    def write(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Return the answer to a write that was sent once."""
        return self._within_limits(lambda: self.connection.request(method, path, body=body), writes=True)

    def upload(self, url: str, file: Path, *, content_type: str, parameters: Mapping[str, str]) -> Answer:
        """Return the answer to a file that was sent once."""
        return self._within_limits(
            lambda: self.connection.upload(url, file, content_type=content_type, parameters=parameters), writes=True
        )

    def pause(self, seconds: float, reason: str) -> None:
        """Wait, and say why."""
        self.log(f"{reason}: looking again in {seconds:.0f} s")
        self.clock.sleep(seconds)

    def _asked(self, send: Callable[[], Answer]) -> Answer:
        attempt = 0
        while True:
            answer = self._within_limits(send, writes=False)
            attempt += 1
            pause = self.patience.after_loss(attempt)
            if meaning(answer, writes=False) is not Meaning.LOST or pause is None:
                return answer
            told = seconds_told(answer, now=self.clock.now()) or 0.0
            pause = max(pause, min(told, self.patience.unsaid))
            self.pause(pause, f"GitHub gave no answer ({answer.status or answer.message})")

    def _within_limits(self, send: Callable[[], Answer], *, writes: bool) -> Answer:
        attempt = 0
        while True:
            self._take_turn(writes=writes)
            answer = send()
            attempt += 1
            if meaning(answer, writes=writes) is not Meaning.LIMITED:
                return answer
            now = self.clock.now()
            pause = self.patience.after_limit(answer, attempt, now=now)
            if pause is None:
                return answer
            self._hold(now + pause)

    def _take_turn(self, *, writes: bool) -> None:
        """Wait until no limit holds us; a write is counted, and waits for room in every pace."""
        while True:
            with self._lock:
                now = self.clock.now()
                seconds = max(self._held_until - now, 0.0)
                paced = max((room(pace, self._writes, now=now) for pace in self.paces), default=0.0) if writes else 0.0
                if paced > seconds:
                    seconds = paced
                    self._tell_of_pace(now + paced)
                if seconds <= 0:
                    if writes:
                        self._writes.append(now)
                    return
            self.clock.sleep(seconds)

    def _tell_of_pace(self, until: float) -> None:
        """Say once for all threads that the pace holds them: where the hour is full, it may be for most of one."""
        if until > self._paced_until + 1.0:
            self._paced_until = until
            self.log(f"GitHub's pace for writing: going on in {until - self.clock.now():.0f} s")

    def _hold(self, until: float) -> None:
        with self._lock:
            longer = until > self._held_until
            self._held_until = max(self._held_until, until)
        if longer:
            self.log(f"GitHub's rate limit: going on in {until - self.clock.now():.0f} s")
