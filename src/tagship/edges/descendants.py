"""The descendants of a child process that have left its process group, such as daemons; they end with it.

On Linux this process adopts them. On Windows a job object contains them. Elsewhere only the process group ends.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import time
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_PR_SET_CHILD_SUBREAPER = 36
_SECONDS = 10.0
_TERMINATED = 1


@cache
def adopt_orphans() -> None:
    """Become the parent of descendants whose parent ends, so that they can be found.

    Source: https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
    """
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children(process: int | str = "self") -> frozenset[int]:
    """Return the ids of the children of a process; none on a system that does not list them."""
    found: set[int] = set()
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(map(int, file.read_text("ascii").split()))
    return frozenset(found)


def end_orphans(spared: Container[int]) -> None:
    """Kill the adopted children except ``spared``, and all their descendants. Raises TimeoutError after ten seconds.

    Each child of ours that `Processes` has not started is in our session, and each descendant of a run in another.
    """
    end = time.monotonic() + _SECONDS
    while orphans := [pid for pid in children() if pid not in spared and _is_foreign(pid)]:
        if time.monotonic() > end:
            reason = "A program that has ended left processes that start others faster than they can be killed"
            raise TimeoutError(errno.ETIMEDOUT, reason)
        found = list(orphans)
        for pid in found:
            found += children(pid)
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for pid in orphans:
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)


def _is_foreign(pid: int) -> bool:
    try:
        return os.getsid(pid) != os.getsid(0)
    except OSError:
        return False


def contained(process: subprocess.Popen[bytes]) -> object:
    """Return a job object of Windows with ``process`` and its future descendants; None on other systems."""
    if sys.platform != "win32":
        return None
    import ctypes

    kernel = ctypes.WinDLL("kernel32")
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(int(process._handle)))
    return job


def end_contained(job: object) -> None:
    """End all processes in a job object."""
    if sys.platform == "win32" and job is not None:
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.TerminateJobObject(job, _TERMINATED)
        kernel.CloseHandle(job)
