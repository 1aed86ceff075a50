"""How a rehearsal shows itself as it goes: live on a terminal, line by line elsewhere, or hardly at all."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from rich.console import RenderableType

    from tagship.rehearsal.result import Outcome, StageResult
    from tagship.rehearsal.stage import Stage

MARKS: Mapping[Outcome, str] = {"passed": "✅", "failed": "❌", "skipped": "⚪"}
"""The marks of the outcomes, those of the step summaries among them."""


_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class Progress(Protocol):
    """What the pipeline tells; a context that is left when the pipeline has ended."""

    def __enter__(self) -> object:
        """Start to show."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show no more."""

    def begin(self, stage: Stage) -> None:
        """A stage starts."""

    def line(self, stage: Stage, line: str) -> None:
        """A stage wrote a line of its log."""

    def end(self, result: StageResult) -> None:
        """A stage ended, or was skipped."""


class Quiet:
    """Shows nothing."""

    def __enter__(self) -> Quiet:
        """Return nothing to start."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def begin(self, stage: Stage) -> None:
        """Show nothing."""

    def line(self, stage: Stage, line: str) -> None:
        """Show nothing."""

    def end(self, result: StageResult) -> None:
        """Show nothing."""


class Plain(Quiet):
    """A line when a stage starts and one when it ends, on a stream that may be a file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def begin(self, stage: Stage) -> None:
        """Say what starts."""
        self._write(f"   {stage.label}: {stage.title} ...")

    def end(self, result: StageResult) -> None:
        """Say how it ended, and how long it took."""
        self._write(f"{MARKS[result.outcome]} {result.label}{_after(result)}")

    def _write(self, text: str) -> None:
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


class Lively:
    """Ended stages as lines that stay, running ones with a spinner, their time and the last line of their log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        self._live = Live(get_renderable=self._view, console=console, refresh_per_second=10, transient=True)

    def __enter__(self) -> Lively:
        """Start to draw."""
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the lines of the stages that ended."""
        self._live.stop()

    def begin(self, stage: Stage) -> None:
        """Draw the stage among the running ones."""
        with self._lock:
            self._running[stage.label] = _Running(stage)

    def line(self, stage: Stage, line: str) -> None:
        """Draw the line beside the stage."""
        with self._lock:
            if stage.label in self._running and line.strip():
                self._running[stage.label].last = line.strip()

    def end(self, result: StageResult) -> None:
        """Draw the stage for good."""
        with self._lock:
            self._running.pop(result.label, None)
        colour = {"passed": "green", "failed": "bold red", "skipped": "dim"}[result.outcome]
        line = Text(f"{MARKS[result.outcome]} ")
        line.append(result.label, style=colour)
        line.append(_after(result), style="dim")
        self._console.print(line)

    def _view(self) -> RenderableType:
        with self._lock:
            running = list(self._running.values())
        widest = max((len(item.stage.label) for item in running), default=0)
        return Group(*(item.line(widest, self._console.width) for item in running))


class _Running:
    """A stage that runs: since when, and the last line it wrote."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.last = stage.title
        self._began = time.monotonic()

    def line(self, widest: int, width: int) -> Text:
        """Return one line of the terminal that shows the stage, however long its last line is."""
        now = time.monotonic()
        line = Text.assemble(
            (_FRAMES[int(now * 10) % len(_FRAMES)], "cyan"),
            "  ",
            (self.stage.label.ljust(widest), "bold"),
            f" {now - self._began:5.1f} s  ",
            (_printable(self.last), "dim"),
        )
        line.truncate(width - 1, overflow="ellipsis")
        line.no_wrap = True
        return line


def _printable(text: str) -> str:
    """Return the text without what would steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def _after(result: StageResult) -> str:
    if result.outcome == "skipped":
        return f"  {result.message or 'not reached'}"
    return f"  {result.seconds:.1f} s"


def progress_for(stream: TextIO, environ: Mapping[str, str], *, quiet: bool) -> Progress:
    """Return the progress that suits the stream. ``NO_COLOR`` (https://no-color.org) leaves the spinner and drops
    colours.
    """
    if quiet:
        return Quiet()
    if stream.isatty() and environ.get("TERM") != "dumb":
        return Lively(Console(file=stream, no_color="NO_COLOR" in environ, highlight=False, soft_wrap=True))
    return Plain(stream)
