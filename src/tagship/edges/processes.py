"""Child processes: started without credentials, read line by line, ended with everything they started."""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import IO

_GRACE = 1.0
"""Seconds for which output is still read after the process has ended, where something else holds its pipe open."""
_GLANCE = 0.1
"""Seconds between two looks at a process that is silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that ended. ``output`` is standard output and, where it was not kept apart, standard error."""

    code: int
    output: str
    seconds: float
    timed_out: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.code == 0 and not self.timed_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """Starts programs with ``environ`` as the whole environment, unless a call brings its own.

    Of a longer output the last lines are kept, of ``kept`` characters at least.
    """

    environ: Mapping[str, str]
    kept: int = 64_000_000

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        environ: Mapping[str, str] | None = None,
        timeout: float | None = None,
        on_line: Callable[[str], None] | None = None,
        errors_apart: bool = False,
    ) -> Completed:
        """Return the end of ``command``, run without a shell, with no standard input and UTF-8 output.

        ``on_line`` is called with each line as it comes. ``errors_apart`` drops standard error from the output.
        After ``timeout`` seconds the whole process group is killed; what is left of the group at the end is killed
        too. A daemon that left the group and keeps the pipe open is not waited for. Raises FileNotFoundError where
        there is no such program.
        """
        started = time.monotonic()
        environ = dict(self.environ if environ is None else environ)
        program, *arguments = [os.fspath(part) for part in command]
        process = subprocess.Popen(
            [_located(program, environ), *arguments],
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if errors_apart else subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        deadline = started + timeout if timeout else None
        expired = threading.Event()
        collected: deque[str] = deque()
        length = 0
        try:
            for line in _lines(process, deadline, expired):
                collected.append(line)
                length += len(line)
                while length - len(collected[0]) >= self.kept:
                    length -= len(collected.popleft())
                if on_line:
                    on_line(line.rstrip("\n"))
            _wait(process, deadline, expired)
        finally:
            _kill_group(process)
            code = process.wait()
        return Completed(
            code=code, output="".join(collected), seconds=time.monotonic() - started, timed_out=expired.is_set()
        )


def program_on_path(name: str, path: str) -> str | None:
    """Return the program called ``name`` in one of the absolute folders of ``path``, or None.

    Windows would look into the current folder first, which is the caller's checkout.
    """
    file = f"{name}.exe" if os.name == "nt" else name
    candidates = (Path(folder, file) for folder in path.split(os.pathsep) if Path(folder).is_absolute())
    return next((str(item) for item in candidates if item.is_file() and os.access(item, os.X_OK)), None)


def _located(program: str, environ: Mapping[str, str]) -> str:
    if Path(program).name != program:
        return program
    found = program_on_path(program, environ.get("PATH", os.defpath))
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)
    return found


def _lines(process: subprocess.Popen[str], deadline: float | None, expired: threading.Event) -> Iterator[str]:
    """Yield the process's lines until its pipe closes, or until shortly after its end.

    At the ``deadline`` the group is killed and ``expired`` set. The pipe is read by a thread: a read that a daemon
    keeps waiting for ever then holds up that thread alone.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    assert process.stdout is not None  # noqa: S101
    threading.Thread(target=_pump, args=(process.stdout, lines), daemon=True).start()
    ended: float | None = None
    while True:
        now = time.monotonic()
        if ended is None and process.poll() is not None:
            ended = now
        if ended is not None and now > ended + _GRACE:
            # What has been read and not been taken yet is the end of the output: the lines that say what failed.
            yield from _queued(lines)
            return
        if ended is None and deadline is not None and now >= deadline:
            expired.set()
            _kill_group(process)
        with contextlib.suppress(queue.Empty):
            line = lines.get(timeout=_GLANCE if deadline is None else min(_GLANCE, max(0.001, deadline - now)))
            if line is None:
                return
            yield line


def _queued(lines: queue.SimpleQueue[str | None]) -> Iterator[str]:
    """Yield the lines that stand in the queue now, however slowly they are taken; not those that a daemon adds to
    it.
    """
    for _ in range(lines.qsize()):
        line = lines.get()
        if line is None:
            return
        yield line


def _wait(process: subprocess.Popen[str], deadline: float | None, expired: threading.Event) -> None:
    """Wait for a process that has closed its pipe, until the ``deadline``."""
    try:
        process.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        expired.set()


def _pump(stream: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(None)


def _kill_group(process: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        if process.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)  # noqa: S607
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
