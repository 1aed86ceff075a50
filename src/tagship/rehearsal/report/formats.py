"""Durations, sizes and counts as text."""

from __future__ import annotations


def seconds(value: float) -> str:
    """Format a duration: ``0.2 s``, ``14.1 s``, ``2 min 5 s``."""
    if round(value, 1) < 60:
        return f"{value:.1f} s"
    return f"{round(value) // 60} min {round(value) % 60} s"


def size(value: float) -> str:
    """Format a number of bytes in its largest unit: ``812 B``, ``4.5 KiB``."""
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def count(number: int, noun: str) -> str:
    """Format a number with its noun, in the plural unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
