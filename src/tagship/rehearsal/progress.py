"""Progress of a rehearsal: live on a terminal, line by line elsewhere, or none."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from rich.console import RenderableType

    from tagship.rehearsal.result import Outcome, StageResult
    from tagship.rehearsal.stage import Stage

MARKS: Mapping[Outcome, str] = {"passed": "✅", "failed": "❌", "skipped": "⚪"}
"""The mark of each outcome, as in the step summaries."""

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class Progress:
    """A display that shows nothing, and the base of the others. The pipeline runs inside its context."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def begin(self, stage: Stage) -> None:
        """Show that a stage starts."""

    def line(self, stage: Stage, line: str) -> None:
        """Show a new line of a stage's log."""

    def end(self, result: StageResult) -> None:
        """Show that a stage ended or was skipped."""


class PlainProgress(Progress):
    """A line at the start of each stage, one at its end and one every ``interval`` seconds of it, on any stream."""

    def __init__(self, stream: TextIO, interval: float = 30.0) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._interval = interval
        self._running: dict[str, _Running] = {}
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._report, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def begin(self, stage: Stage) -> None:
        """Write the stage and its title."""
        self._running[stage.label] = _Running(stage)
        self._write(f"   {stage.label}: {stage.title} ...")

    def line(self, stage: Stage, line: str) -> None:
        """Keep the line for the next report."""
        running = self._running.get(stage.label)
        if running and line.strip():
            running.last = line.strip()

    def end(self, result: StageResult) -> None:
        """Write the outcome and the duration."""
        self._running.pop(result.label, None)
        self._write(f"{MARKS[result.outcome]} {result.label}{_details(result)}")

    def _report(self) -> None:
        while not self._ended.wait(self._interval):
            for running in list(self._running.values()):
                self._write(f"   {running.stage.label}: {running.seconds:.0f} s, {_printable(running.last)[:100]}")

    def _write(self, text: str) -> None:
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


class LiveProgress(Progress):
    """Ended stages as permanent lines; running ones with a spinner, their time and the last line of their log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        self._live = Live(get_renderable=self._view, console=console, refresh_per_second=10, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def begin(self, stage: Stage) -> None:
        """Add the stage to the running ones."""
        with self._lock:
            self._running[stage.label] = _Running(stage)

    def line(self, stage: Stage, line: str) -> None:
        """Replace the log line of the stage."""
        with self._lock:
            if stage.label in self._running and line.strip():
                self._running[stage.label].last = line.strip()

    def end(self, result: StageResult) -> None:
        """Print the stage as a permanent line."""
        with self._lock:
            self._running.pop(result.label, None)
        colour = {"passed": "green", "failed": "bold red", "skipped": "dim"}[result.outcome]
        line = Text(f"{MARKS[result.outcome]} ")
        line.append(result.label, style=colour)
        line.append(_details(result), style="dim")
        self._console.print(line)

    def _view(self) -> RenderableType:
        with self._lock:
            running = list(self._running.values())
        widest = max((len(item.stage.label) for item in running), default=0)
        return Group(*(item.line(widest, self._console.width) for item in running))


class _Running:
    """A running stage: its start, and the last line of its log."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.last = stage.title
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """The time since the start of the stage."""
        return time.monotonic() - self._began

    def line(self, widest: int, width: int) -> Text:
        now = time.monotonic()
        line = Text.assemble(
            (_FRAMES[int(now * 10) % len(_FRAMES)], "cyan"),
            "  ",
            (self.stage.label.ljust(widest), "bold"),
            f" {self.seconds:5.1f} s  ",
            (_printable(self.last), "dim"),
        )
        line.truncate(width - 1, overflow="ellipsis")
        line.no_wrap = True
        return line


def progress_for(stream: TextIO, environ: Mapping[str, str], *, quiet: bool) -> Progress:
    """Choose the display for the stream. ``NO_COLOR`` (https://no-color.org) drops the colours only."""
    if quiet:
        return Progress()
    if stream.isatty() and environ.get("TERM") != "dumb":
        return LiveProgress(Console(file=stream, no_color="NO_COLOR" in environ, highlight=False, soft_wrap=True))
    return PlainProgress(stream)


def _printable(text: str) -> str:
    """Replace control characters, so that a log line cannot control the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def _details(result: StageResult) -> str:
    if result.outcome == "skipped":
        return f"  {result.message or 'not reached'}"
    return f"  {result.seconds:.1f} s"
