"""The runner of a step: its log, annotations, outputs and summary; or a terminal, and the streams of this process.

Outputs are formatted by ``actions_toolkit.file_command``. ``actions_toolkit.core`` is not used: its import needs
requests and urllib3, it writes ``file=,line=`` for an annotation without a place, and it has neither a job summary nor
stop-commands.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from actions_toolkit.file_command import prepare_key_value_message

from tagship.core.formatting import without_controls
from tagship.core.preflight.check import Check, problems_of, table, warnings_of
from tagship.core.runner import SUMMARY_LIMIT, annotation_text
from tagship.core.summary import Verdict, page
from tagship.errors import HELP_PAGE, Failure, Level, Problem
from tagship.workflow_commands import append, command, stop_commands

_CUT = "*Cut here: the limit of a step summary is 1 MiB.*"
_END = "\n\n"


@dataclass(slots=True, kw_only=True)
class Runner:
    """The output channels of an action: on a terminal everything is written to ``stream``."""

    stream: TextIO

    def log(self, text: str) -> None:
        """Write one or more lines of tagship's own text."""
        self._write(text)

    def untrusted(self, text: str) -> None:
        """Write the output of a foreign program or file, in which no workflow command is executed."""
        self._write(text)

    @contextmanager
    def shielded(self) -> Iterator[Callable[[str], None]]:
        """Return a writer of untrusted lines for the ``with`` block; nothing else may be written inside it."""
        yield self.untrusted

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold the output of the ``with`` block under ``title``, which is a heading on a terminal."""
        self._write(f"== {title}")
        yield

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        """Add an annotation to the run, optionally with a place in the repository (``line`` from 1)."""
        place = f" ({file}:{line})" if file and line else f" ({file})" if file else ""
        self.untrusted(f"{level}: {title}{place}: {text}")

    def fail(self, problems: Sequence[Problem]) -> None:
        """Write each problem, its remedy and the link to its section."""
        for problem in problems:
            remedy = problem.remedy.replace("\n", "\n     ")
            place = f"{problem.place}: " if problem.place else ""
            self.untrusted(f"error: {place}{problem.found}\n   → {remedy}\n   More: {HELP_PAGE}#{problem.topic}")

    def mask(self, secret: str) -> None:
        """Replace this text by ``***`` in the log from now on. No message of tagship contains it on a terminal."""

    def summarise(self, markdown: str) -> None:
        """Append to the step's summary; on a terminal as text, without folds, rules of tables, fences and entities."""
        import html
        import re

        text = re.sub(r"<details><summary>(.*?)</summary>", r"\1:", markdown.rstrip("\n"))
        text = re.sub(r"^(</details>|`{3,}\w*|\|( -+:? \|)+)\n?", "", text, flags=re.MULTILINE).replace("&nbsp;", " ")
        self.untrusted(html.unescape(re.sub(r"\n{3,}", "\n\n", text.rstrip("\n"))))

    def conclude(self, title: str, checks: Sequence[Check], *, subject: str, verdict: Verdict = "passed") -> None:
        """Report ``checks``, with ``verdict`` unless one is a warning. Raises Failure if one stops the release."""
        self.untrusted("\n".join(f"{check.subject}: {check.says}" for check in checks))
        warnings = warnings_of(checks)
        for warning in warnings:
            self.annotate("warning", title, str(warning), file=warning.file, line=warning.line)
        if problems := problems_of(checks):
            raise Failure(*problems, subject=subject, summary=table(checks))
        self.summarise(page("warned" if warnings else verdict, title, table(checks), subject=subject))

    def finish(self, outputs: Mapping[str, str]) -> None:
        """Set the outputs. On a terminal ``main`` prints them."""

    def _write(self, text: str) -> None:
        """Write ``text`` without the control characters of terminals, which file names and headings can contain too."""
        self.stream.write(without_controls(text) + "\n")
        self.stream.flush()


@dataclass(slots=True, kw_only=True)
class ActionsRunner(Runner):
    """GitHub's runner, with workflow commands on ``stream`` and its command files."""

    output: Path
    summary: Path | None

    def log(self, text: str) -> None:
        # Our messages quote headings and file names, and the runner executes ##[command] anywhere in a line.
        if "::" in text or "##[" in text:
            self.untrusted(text)
        else:
            self._write(text)

    def untrusted(self, text: str) -> None:
        with self.shielded() as write:
            write(text)

    @contextmanager
    def shielded(self) -> Iterator[Callable[[str], None]]:
        stop, resume = stop_commands()
        self._write(stop)
        try:
            yield self._write
        finally:
            self._write(resume)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        self._write(command("group", title))
        try:
            yield
        finally:
            self._write(command("endgroup"))

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        places = {"title": title, "file": file, "line": None if line is None else str(line)}
        name = "notice" if level == "note" else level
        fitted = annotation_text(text)
        if fitted != text:
            self.untrusted(text)
        self._write(command(name, fitted, {key: value for key, value in places.items() if value}))

    def mask(self, secret: str) -> None:
        """Mask the text and each of its lines, because the runner masks line by line."""
        for part in {secret, *secret.splitlines()}:
            if part.strip():
                self._write(command("add-mask", part))

    def summarise(self, markdown: str) -> None:
        """Append to the summary file; a text over the limit is cut between blocks."""
        if self.summary is None:
            return
        used = self.summary.stat().st_size if self.summary.exists() else 0
        text = _fitted(markdown.rstrip("\n"), SUMMARY_LIMIT - used - len(_END))
        if text:
            try:
                append(self.summary, text + _END)
            except OSError as error:
                self.annotate("warning", "Step summary", f"The step summary could not be written: {error}.")

    def finish(self, outputs: Mapping[str, str]) -> None:
        """Append every output to the runner's file, with random delimiters."""
        append(self.output, "".join(prepare_key_value_message(name, value) + "\n" for name, value in outputs.items()))

    def _write(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()


def _fitted(markdown: str, room: int) -> str:
    """Return ``markdown``, cut with a remark to ``room`` bytes; empty if the remark does not fit."""
    if len(markdown.encode(errors="replace")) <= room:
        return markdown
    # Long summaries are rare, and the Markdown parser that finds the end of a block is slow to import.
    from tagship.core.markdown.cut import cut_markdown

    return cut_markdown(markdown, room, more=_CUT) if room >= len(_CUT) else ""


def describe(problems: tuple[Problem, ...]) -> str:
    """Return the problems as plain text; if there are several, each has a number and its place."""
    if len(problems) == 1:
        return str(problems[0])
    places = [f"{problem.place}: " if problem.place else "" for problem in problems]
    return "\n".join(f"{number}. {places[number - 1]}{problem}" for number, problem in enumerate(problems, 1))


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
