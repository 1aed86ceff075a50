"""Progress displays."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from support.rehearsals import a_stage
from tagship.rehearsal.progress import LiveProgress, PlainProgress, Progress, progress_for
from tagship.rehearsal.result import Stage, StageOutput

STAGE = Stage(name="gate", title="Run the checks", perform=lambda *_: StageOutput(outputs={}), python="3.12")


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def show(progress: Progress) -> None:
    """Show a stage that passes, one that fails and two that are skipped."""
    with progress:
        progress.begin(STAGE)
        progress.line(STAGE, "\x1b[2Jclear the screen")
        progress.end(a_stage("gate", seconds=4.21, python="3.12"))
        progress.end(a_stage("build-dist", outcome="failed"))
        progress.end(a_stage("gate", outcome="skipped", python="3.99", message="Python 3.99 is not installed."))
        progress.end(a_stage("gh-release", outcome="skipped"))


def test_writes_plain_lines() -> None:
    """Without a terminal each stage is one line at its start and one at its end, without escape sequences."""
    stream = io.StringIO()
    show(PlainProgress(stream))
    assert stream.getvalue().splitlines() == [
        "   gate (3.12): Run the checks ...",
        "✅ gate (3.12)  4.2 s",
        "❌ build-dist  0.4 s",
        "⚪ gate (3.99)  skipped",
        "⚪ gh-release  not reached",
    ]


def test_writes_a_line_while_a_stage_runs() -> None:
    """Without a terminal a long stage shows its time and the last line of its log."""
    stream = io.StringIO()
    with PlainProgress(stream, interval=0.01) as progress:
        progress.begin(STAGE)
        progress.line(STAGE, "collecting \x1b[2J")
        ended = time.monotonic() + 10
        while "collecting" not in stream.getvalue() and time.monotonic() < ended:
            time.sleep(0.01)
    assert "   gate (3.12): 0 s, collecting  [2J\n" in stream.getvalue()


def test_draws_on_a_terminal() -> None:
    """A terminal shows the same text, and the log of a stage cannot control it."""
    stream = Terminal()
    show(LiveProgress(Console(file=stream, force_terminal=True, width=80)))
    drawn = stream.getvalue()
    assert "gate (3.12)" in drawn
    assert "4.2 s" in drawn
    assert "\x1b[2J" not in drawn


@pytest.mark.parametrize(
    ("stream", "environ", "quiet", "expected"),
    [
        pytest.param(Terminal(), {}, False, LiveProgress, id="a terminal"),
        pytest.param(Terminal(), {"NO_COLOR": "1"}, False, LiveProgress, id="a terminal without colours"),
        pytest.param(Terminal(), {"TERM": "dumb"}, False, PlainProgress, id="a dumb terminal"),
        pytest.param(io.StringIO(), {}, False, PlainProgress, id="a file"),
        pytest.param(Terminal(), {}, True, Progress, id="quiet"),
    ],
)
def test_chooses_the_display(stream: io.StringIO, environ: dict[str, str], quiet: bool, expected: type) -> None:
    """Live progress is for terminals only."""
    assert type(progress_for(stream, environ, quiet=quiet)) is expected


def test_respects_no_color() -> None:
    """With NO_COLOR no colours are written."""
    stream = Terminal()
    show(progress_for(stream, {"NO_COLOR": "1"}, quiet=False))
    assert "\x1b[32m" not in stream.getvalue()
    assert "\x1b[1;31m" not in stream.getvalue()
