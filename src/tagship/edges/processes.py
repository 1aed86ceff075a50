"""Child processes: started without credentials, read line by line, ended with everything they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


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
    """Starts programs with ``environ`` as the whole environment, unless a call brings its own."""

    environ: Mapping[str, str]

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
        """The end of ``command``, run without a shell, with no standard input and UTF-8 output.

        ``on_line`` is called with each line as it comes. ``errors_apart`` drops standard error from the output.
        After ``timeout`` seconds the whole process group is killed. Raises FileNotFoundError where there is no such
        program.
        """
        started = time.monotonic()
        process = subprocess.Popen(
            [os.fspath(part) for part in command],
            cwd=cwd,
            env=dict(self.environ if environ is None else environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if errors_apart else subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        expired = threading.Event()
        timer = threading.Timer(timeout, _expire, (process, expired)) if timeout else None
        if timer:
            timer.daemon = True
            timer.start()
        collected: list[str] = []
        try:
            for line in process.stdout or ():
                collected.append(line)
                if on_line:
                    on_line(line.rstrip("\n"))
            code = process.wait()
        except BaseException:
            _kill_group(process)
            process.wait()
            raise
        finally:
            if timer:
                timer.cancel()
            if process.stdout:
                process.stdout.close()
        return Completed(
            code=code, output="".join(collected), seconds=time.monotonic() - started, timed_out=expired.is_set()
        )


def _expire(process: subprocess.Popen[str], expired: threading.Event) -> None:
    expired.set()
    _kill_group(process)


def _kill_group(process: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)  # noqa: S607
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
