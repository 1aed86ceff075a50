"""Numbers as people read them."""

from __future__ import annotations


def seconds(value: float) -> str:
    """A duration: ``0.2 s``, ``14.1 s``, ``2 min 5 s``."""
    if round(value, 1) < 60:
        return f"{value:.1f} s"
    return f"{round(value) // 60} min {round(value) % 60} s"


def size(value: float) -> str:
    """A number of bytes in the largest unit that leaves it at one or more: ``812 B``, ``4.5 KiB``."""
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def count(number: int, noun: str) -> str:
    """The number with its noun, in the plural where there is not exactly one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
