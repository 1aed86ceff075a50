"""Time, handed in, so that waiting can be watched."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``now`` in seconds since the epoch, and a ``sleep`` of so many seconds."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
