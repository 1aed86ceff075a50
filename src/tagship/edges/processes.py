"""Child processes: started without credentials, read line by line, killed with their whole process group."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tagship.edges.descendants import adopt_orphans, children, contained, end_contained, end_orphans

_GRACE = 1.0
"""Seconds to keep reading after the process has ended, if another process holds its pipe open."""
_POLL = 0.1
"""Seconds between two polls of a process that prints nothing."""
_LONGEST_LINE = 1 << 16
"""Length at which a line is divided. Without a limit, a program could print one that fills the memory."""
_MOST_LINES = 500_000
"""Number of lines that are kept."""
_WAITING = 16
"""Number of pieces of output that wait for a slow reader; then the program has to wait."""
_STARTED: set[int] = set()
"""The running processes of every instance, which another instance must not end. ``_LOCK`` guards it."""
_LOCK = threading.Lock()


class Stopped(Exception):
    """`Processes.stop` was called before or while the process ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that has ended. ``output`` is standard output and, unless dropped, standard error."""

    code: int
    output: str
    seconds: float
    timed_out: bool = False

    @property
    def ok(self) -> bool:
        return self.code == 0 and not self.timed_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """Runs programs; ``environ`` is their whole environment, unless a call passes its own.

    Only the last lines of a long output are kept, at least ``kept`` characters or half a million lines, and only the
    first ``shown`` lines are passed to a listener.
    """

    environ: Mapping[str, str]
    kept: int = 32_000_000
    shown: float = 1_000_000
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set, init=False, repr=False, compare=False)
    _stopped: threading.Event = field(default_factory=threading.Event, init=False, repr=False, compare=False)

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
        """Run ``command`` without a shell, with empty standard input and UTF-8 output, and wait for its end.

        ``on_line`` is called with each line as it is printed. ``errors_apart`` drops standard error. After ``timeout``
        seconds the whole process group is killed; the rest of the group is also killed when the process ends, and with
        it the daemons that have left the group, except on macOS. Raises FileNotFoundError if no such program exists,
        and Stopped after `stop`.
        """
        started = time.monotonic()
        deadline = started + timeout if timeout else None
        expired = threading.Event()
        collected: deque[str] = deque(maxlen=_MOST_LINES)
        length = number = 0
        adopt_orphans()
        others = children()
        process = self._start(command, cwd, self.environ if environ is None else environ, errors_apart=errors_apart)
        job = contained(process)
        try:
            for line in _lines(process, deadline, expired):
                length += len(line) - (len(collected[0]) if len(collected) == _MOST_LINES else 0)
                collected.append(line)
                while length - len(collected[0]) >= self.kept:
                    length -= len(collected.popleft())
                number += 1
                if on_line and number <= self.shown:
                    on_line(line.removesuffix("\n"))
            if on_line and number > self.shown:
                on_line(f"{number - self.shown} more lines are not shown.")
            _wait(process, deadline, expired)
        finally:
            code = self._end(process, others)
            end_contained(job)
        if self._stopped.is_set():
            raise Stopped
        seconds = time.monotonic() - started
        return Completed(code=code, output="".join(collected), seconds=seconds, timed_out=expired.is_set())

    def stop(self) -> None:
        """Kill every running process with its group, and start no more."""
        with _LOCK:
            self._stopped.set()
            for process in self._running:
                _kill_group(process)

    def _start(
        self, command: Sequence[str | Path], cwd: Path, environ: Mapping[str, str], *, errors_apart: bool
    ) -> subprocess.Popen[bytes]:
        program, *arguments = [os.fspath(part) for part in command]
        with _LOCK:
            if self._stopped.is_set():
                raise Stopped
            process = subprocess.Popen(
                [_located(program, environ), *arguments],
                cwd=cwd,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if errors_apart else subprocess.STDOUT,
                start_new_session=True,
                # The permissions of built files must not depend on the machine. Windows has none.
                umask=-1 if os.name == "nt" else 0o022,
            )
            self._running.add(process)
            _STARTED.add(process.pid)
            return process

    def _end(self, process: subprocess.Popen[bytes], others: frozenset[int]) -> int:
        with _LOCK:
            self._running.discard(process)
            _kill_group(process)
            code = process.wait()
            _STARTED.discard(process.pid)
            end_orphans(others | _STARTED)
        return code


def program_on_path(name: str, path: str) -> str | None:
    """Find the program ``name`` in the absolute folders of ``path``; None if it is in none of them.

    Windows would search the current folder first, which is the caller's checkout.
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


def _lines(process: subprocess.Popen[bytes], deadline: float | None, expired: threading.Event) -> Iterator[str]:
    """Yield the lines of the process until its pipe closes, or until shortly after it has ended.

    At the ``deadline`` the group is killed and ``expired`` is set. A thread reads the pipe, so that a daemon that never
    closes it blocks that thread only.
    """
    pieces: queue.Queue[str | None] = queue.Queue(_WAITING)
    assert isinstance(process.stdout, io.BufferedReader)  # noqa: S101
    threading.Thread(target=_pump, args=(process.stdout, pieces), daemon=True).start()
    ended: float | None = None
    # After the end, a pipe and the queue have at most so many characters; the others are those of a daemon.
    left, line = _LONGEST_LINE * (_WAITING + 2), ""
    while left > 0:
        now = time.monotonic()
        if ended is None and process.poll() is not None:
            ended = now
        if ended is not None and now > ended + _GRACE and pieces.empty():
            break
        if ended is None and deadline is not None and now >= deadline:
            expired.set()
            _kill_group(process)
        with contextlib.suppress(queue.Empty):
            piece = pieces.get(timeout=_POLL if deadline is None else min(_POLL, max(0.001, deadline - now)))
            if piece is None:
                break
            left -= len(piece) if ended is not None else 0
            *whole, line = (line + piece).split("\n")
            yield from (f"{text}\n" for text in whole)
            if len(line) >= _LONGEST_LINE:
                yield line
                line = ""
    if line:
        yield line


def _wait(process: subprocess.Popen[bytes], deadline: float | None, expired: threading.Event) -> None:
    """Wait for a process that has closed its pipe, at most until the ``deadline``."""
    try:
        process.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        expired.set()


def _pump(stream: io.BufferedReader, pieces: queue.Queue[str | None]) -> None:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)
    with stream:
        while data := stream.read1(_LONGEST_LINE):
            pieces.put(decoder.decode(data))
    pieces.put(decoder.decode(b"", final=True))
    pieces.put(None)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        if process.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)  # noqa: S607
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
