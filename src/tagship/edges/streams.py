"""The standard streams and signals of this process."""

from __future__ import annotations

import codecs
import os
import signal
import sys
from typing import NoReturn, TextIO

_SIGNS = {"❌": "x", "✅": "+", "⚠": "!", "💡": "*", "⚪": "-", "→": "->", "…": "...", "\ufe0f": ""}
"""The signs of messages, and their spelling in an encoding that lacks them."""


def open_streams() -> None:
    """Make both output streams usable: closed ones discard, and every character can be written in any encoding."""
    codecs.register_error("tagship", _spelt)
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        # A closed standard stream; its descriptor must not become that of a file.
        continue
    os.close(descriptor)
    sys.stdout, sys.stderr = _usable(sys.stdout), _usable(sys.stderr)


def end_cleanly_on_signals() -> None:
    """Delete temporary files and stop child processes when the process is terminated or its terminal is closed."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # nohup ignores SIGHUP.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _usable(stream: TextIO | None) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="tagship")
    return stream


def _spelt(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_SIGNS.get(character, "?") for character in missing), error.end
