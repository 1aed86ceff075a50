"""The descendants of a child process that have left its process group, such as daemons; they end with it.

On Linux this process adopts them. On Windows a job object contains them. Elsewhere only the process group ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Container

_PR_SET_CHILD_SUBREAPER = 36
_ATTEMPTS = 400
"""Number of looks for descendants, which start others until all are killed."""
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


def children() -> frozenset[int]:
    """Return the ids of the children of this process; none on a system that does not list them."""
    found: set[int] = set()
    for file in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(map(int, file.read_text("ascii").split()))
    return frozenset(found)


def end_orphans(spared: Container[int]) -> None:
    """Kill the adopted children, and those that their deaths leave, except ``spared``.

    Each child of ours that `Processes` has not started is in our session, and each descendant of a run in another.
    """
    for _ in range(_ATTEMPTS):
        orphans = [pid for pid in children() if pid not in spared and _is_foreign(pid)]
        if not orphans:
            return
        for pid in orphans:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.005)


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
