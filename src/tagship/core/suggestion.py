"""The suggestion for a misspelt word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question about the word in ``known`` that is closest to ``word``; empty if none is close."""
    spelt = {item.lower(): item for item in known}
    near = difflib.get_close_matches(word.lower().replace("_", "-"), spelt, n=1, cutoff=0.7)
    return f"Did you mean {spelt[near[0]]}?" if near else ""
