"""The runner that a step talks to: its log, annotations, outputs and summary; on a terminal, the terminal.

Commands are spelled by ``actions_toolkit.command`` and ``actions_toolkit.file_command``, over which
``actions_toolkit.core`` is a shell. The shell itself is not used: importing it costs requests and urllib3, it writes
``file=,line=`` for places an annotation has not, and ends every line with ``os.linesep`` on a stream that translates
line ends again. It has neither a job summary nor stop-commands.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

from actions_toolkit.command import Command
from actions_toolkit.file_command import prepare_key_value_message

from tagship.errors import HELP_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tagship.errors import Problem

Level = Literal["error", "warning", "notice"]
SUMMARY_LIMIT = 1024 * 1024
"""Bytes of Markdown that a step's summary may have; GitHub drops a longer one whole."""
_CUT = "*Cut here: a step summary holds 1 MiB.*"
_END = "\n\n"


class Runner(Protocol):
    """What an action can tell the outside while it runs."""

    def log(self, text: str) -> None:
        """Write our own words, any number of lines."""

    def untrusted(self, text: str) -> None:
        """Write what somebody else's program or file says, so that none of it is taken for a command."""

    def shielded(self) -> AbstractContextManager[Callable[[str], None]]:
        """Return a writer, for the ``with`` block, of somebody else's lines as they come; nothing else may be said in
        it.
        """

    def group(self, title: str) -> AbstractContextManager[None]:
        """Fold what is written inside the ``with`` block under ``title``."""

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        """Show a message beside the run, at a place in the repository where there is one (``line`` from 1)."""

    def mask(self, secret: str) -> None:
        """Have the log show ``***`` for this text from now on."""

    def summarise(self, markdown: str) -> None:
        """Add to the step's summary."""

    def finish(self, outputs: Mapping[str, str]) -> None:
        """Hand the outputs on."""


@dataclass(slots=True, kw_only=True)
class ActionsRunner:
    """GitHub's runner, spoken to by workflow commands on ``stream`` and through its files."""

    stream: TextIO
    output: Path
    summary: Path | None

    def log(self, text: str) -> None:
        """Write our own words; what could be a command is shielded all the same."""
        # Our words quote headings and file names, and the runner takes ##[command] anywhere in a line for one.
        if "::" in text or "##[" in text:
            self.untrusted(text)
        else:
            self._write(text)

    def untrusted(self, text: str) -> None:
        """Write ``text`` between stop-commands and a random word that ends them."""
        with self.shielded() as write:
            write(text)

    @contextmanager
    def shielded(self) -> Iterator[Callable[[str], None]]:
        """Stop commands by a random word, and let them through again by the same word after the ``with`` block."""
        word = uuid.uuid4().hex
        self._write(f"::stop-commands::{word}")
        try:
            yield self._write
        finally:
            self._write(f"::{word}::")

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold what is written inside the ``with`` block under ``title``."""
        self._command("group", {}, title)
        try:
            yield
        finally:
            self._command("endgroup", {}, "")

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        """Show a message beside the run."""
        places = {"title": title, "file": file, "line": None if line is None else str(line)}
        self._command(level, {name: value for name, value in places.items() if value}, text)

    def mask(self, secret: str) -> None:
        """Mask the text, and each of its lines where it has several: the runner masks line by line."""
        for part in {secret, *secret.splitlines()}:
            if part.strip():
                self._command("add-mask", {}, part)

    def summarise(self, markdown: str) -> None:
        """Append to the summary file, cut between blocks where the step's summary would pass its limit."""
        if self.summary is None:
            return
        used = self.summary.stat().st_size if self.summary.exists() else 0
        text = _fitted(markdown.rstrip("\n"), SUMMARY_LIMIT - used - len(_END))
        if text:
            with self.summary.open("ab") as file:
                file.write((text + _END).encode(errors="replace"))

    def finish(self, outputs: Mapping[str, str]) -> None:
        """Append every output to the runner's file, between random delimiters."""
        message = "".join(prepare_key_value_message(name, value) + "\n" for name, value in outputs.items())
        with self.output.open("a", encoding="utf-8", newline="\n") as file:
            file.write(message)

    def _command(self, name: str, properties: dict[str, str], message: str) -> None:
        self._write(str(Command(name, properties, message)))

    def _write(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()


@dataclass(slots=True, kw_only=True)
class TerminalRunner:
    """A person's terminal: everything said goes to ``stream``; outputs are the caller's to print."""

    stream: TextIO

    def log(self, text: str) -> None:
        """Write our own words."""
        self._write(text)

    def untrusted(self, text: str) -> None:
        """Write ``text`` without the control characters that steer a terminal."""
        self._write("".join(character if character.isprintable() or character in "\n\t" else "�" for character in text))

    @contextmanager
    def shielded(self) -> Iterator[Callable[[str], None]]:
        """Return the same writer as for all untrusted text: a terminal has no commands to stop."""
        yield self.untrusted

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Put ``title`` above what follows."""
        self._write(f"== {title}")
        yield

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        """Write the message with its place."""
        place = f" ({file}:{line})" if file and line else f" ({file})" if file else ""
        self.untrusted(f"{level}: {title}{place}: {text}")

    def fail(self, problems: Sequence[Problem]) -> None:
        """Tell each problem: what was found, what to do about it, and where more is said."""
        for problem in problems:
            remedy = problem.remedy.replace("\n", "\n     ")
            self.untrusted(f"error: {problem.found}\n   → {remedy}\n   More: {HELP_PAGE}#{problem.topic}")

    def mask(self, secret: str) -> None:
        """Nothing to do: a terminal masks nothing, and nothing of ours prints a secret."""

    def summarise(self, markdown: str) -> None:
        """Write the summary without what only a page shows: folds, the rules of tables, fences and entities."""
        import html
        import re

        text = re.sub(r"<details><summary>(.*?)</summary>", r"\1:", markdown.rstrip("\n"))
        text = re.sub(r"^(</details>|`{3,}\w*|\|( -+:? \|)+)\n?", "", text, flags=re.MULTILINE)
        self.untrusted(html.unescape(re.sub(r"\n{3,}", "\n\n", text.rstrip("\n"))))

    def finish(self, outputs: Mapping[str, str]) -> None:
        """Nothing to do: ``main`` prints the outputs in the form asked for."""

    def _write(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()


def _fitted(markdown: str, room: int) -> str:
    """``markdown``, or what of it fits into ``room`` bytes with a word about the cut; nothing where that does not."""
    if len(markdown.encode(errors="replace")) <= room:
        return markdown
    # Few summaries are that long, and the parser that knows where a table or a fold ends takes long to import.
    from tagship.core.markdown.cut import cut_markdown

    return cut_markdown(markdown, room, more=_CUT) if room >= len(_CUT) else ""


def describe(problems: tuple[Problem, ...]) -> str:
    """Problems as plain text, numbered where there are several."""
    if len(problems) == 1:
        return str(problems[0])
    return "\n".join(f"{number}. {problem}" for number, problem in enumerate(problems, 1))
