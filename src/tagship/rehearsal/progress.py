"""Progress of a rehearsal: live on a terminal, line by line elsewhere, or none."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self, TextIO

import rich.progress
from rich.console import Console
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

if TYPE_CHECKING:
    from tagship.rehearsal.result import Outcome, Stage, StageResult

MARKS: Mapping[Outcome, str] = {"passed": "✅", "failed": "❌", "skipped": "⚪"}
"""The mark of each outcome, as in the step summaries."""


class Progress:
    """A display that shows nothing, and the base of the others. The pipeline runs inside its context."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def begin(self, stage: Stage) -> None:
        """Show that a stage starts."""

    def line(self, stage: Stage, line: str) -> None:
        """Show a new line of a running stage's log."""

    def end(self, result: StageResult) -> None:
        """Show that a stage ended or was skipped."""


class PlainProgress(Progress):
    """A line at the start of each stage, one at its end and one every ``interval`` seconds of it, on any stream."""

    def __init__(self, stream: TextIO, interval: float = 30.0) -> None:
        self._stream = stream
        self._interval = interval
        self._running: dict[str, tuple[float, str]] = {}
        """The time of the start and the last line of each running stage."""
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._report, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def begin(self, stage: Stage) -> None:
        """Write the stage and its title."""
        self._running[stage.label] = time.monotonic(), stage.title
        self._write(f"   {stage.label}: {stage.title} ...")

    def line(self, stage: Stage, line: str) -> None:
        """Keep the line for the next report."""
        self._running[stage.label] = self._running[stage.label][0], line

    def end(self, result: StageResult) -> None:
        """Write the outcome and the duration."""
        self._running.pop(result.label, None)
        self._write(f"{MARKS[result.outcome]} {result.label}{_details(result)}")

    def _report(self) -> None:
        while not self._ended.wait(self._interval):
            for label, (began, last) in list(self._running.items()):
                self._write(f"   {label}: {time.monotonic() - began:.0f} s, {_printable(last)[:100]}")

    def _write(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()


class LiveProgress(Progress):
    """Ended stages as permanent lines; running ones with a spinner, their time and the last line of their log."""

    def __init__(self, console: Console) -> None:
        last = Column(no_wrap=True, overflow="ellipsis", ratio=1)
        self._live = rich.progress.Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[label]}", style="bold", markup=False),
            TimeElapsedColumn(),
            TextColumn("{task.description}", style="dim", markup=False, table_column=last),
            console=console,
            transient=True,
            expand=True,
        )
        self._running: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def begin(self, stage: Stage) -> None:
        """Add the stage to the running ones."""
        self._running[stage.label] = self._live.add_task(stage.title, label=stage.label)

    def line(self, stage: Stage, line: str) -> None:
        """Replace the log line of the stage."""
        self._live.update(self._running[stage.label], description=_printable(line))

    def end(self, result: StageResult) -> None:
        """Print the stage as a permanent line."""
        if result.label in self._running:
            self._live.remove_task(self._running.pop(result.label))
        colour = {"passed": "green", "failed": "bold red", "skipped": "dim"}[result.outcome]
        line = Text(f"{MARKS[result.outcome]} ")
        line.append(result.label, style=colour)
        line.append(_details(result), style="dim")
        self._live.console.print(line)


def progress_for(stream: TextIO, environ: Mapping[str, str], *, quiet: bool) -> Progress:
    """Choose the display for the stream. ``NO_COLOR`` (https://no-color.org) drops the colours only."""
    if quiet:
        return Progress()
    if stream.isatty() and environ.get("TERM") != "dumb":
        return LiveProgress(Console(file=stream, no_color="NO_COLOR" in environ, highlight=False, soft_wrap=True))
    return PlainProgress(stream)


def _printable(text: str) -> str:
    """Replace control characters, so that a log line cannot control the terminal."""
    return "".join(character if character.isprintable() else " " for character in text.strip())


def _details(result: StageResult) -> str:
    if result.outcome == "skipped":
        # The reason is in the list after the last stage.
        return "  skipped" if result.message else "  not reached"
    return f"  {result.seconds:.1f} s"
