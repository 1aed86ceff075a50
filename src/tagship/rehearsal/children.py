"""The child processes of a rehearsal: read line by line, and all ended at once when the rehearsal is."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Stopped(Exception):
    """The rehearsal was ended while the child ran."""


@dataclass(slots=True)
class Children:
    """Starts children in process groups of their own, so that an interrupted rehearsal leaves none behind."""

    _running: set[subprocess.Popen[str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        on_line: Callable[[str], object],
    ) -> int:
        """Return the exit status of ``command``; ``on_line`` gets each line that it writes, without its end.

        Raises Stopped where the rehearsal was ended meanwhile.
        """
        process = self._start(command, cwd, environ)
        try:
            with process:
                for line in process.stdout or ():
                    on_line(line.rstrip("\r\n"))
        finally:
            _end_group(process)
            with self._lock:
                self._running.discard(process)
        if self._stopped:
            raise Stopped
        return process.returncode

    def stop(self) -> None:
        """End every child with all that it started, and start no more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end_group(process)

    def _start(self, command: Sequence[str | Path], cwd: Path, environ: Mapping[str, str]) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise Stopped
            process = subprocess.Popen(
                [os.fspath(part) for part in command],
                cwd=cwd,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            self._running.add(process)
            return process


def _end_group(process: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        if process.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)  # noqa: S607
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
