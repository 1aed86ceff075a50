"""What other programs of this user can see of this process."""

from __future__ import annotations

import contextlib

_PR_SET_DUMPABLE = 4


def conceal() -> None:
    """Keep this process's memory, and the environment it was started with, from other processes of this user.

    Taking a variable out of the environment leaves it in ``/proc/PID/environ``, where every child could read it. Only
    Linux knows this, and root sees everything: https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
    """
    with contextlib.suppress(ImportError, OSError, TypeError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
