"""The one form of a step's summary: a heading with the verdict, facts, findings, folded details."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from tagship.core.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagship.errors import Problem

Verdict = Literal["passed", "failed", "warned", "skipped", "late"]
MARKS: dict[Verdict, str] = {"passed": "✅", "failed": "❌", "warned": "⚠️", "skipped": "⏭️", "late": "⏱️"}
"""What stands for a verdict, in headings, tables and lists alike."""
FileRow = tuple[str, str, str]
"""A file's name, its size in words and its SHA-256 in hexadecimal, empty where that is not known."""
_DIGITS = 12
"""Hexadecimal digits of a digest that a table shows; whole ones make it wider than the page."""


def page(verdict: Verdict, title: str, *parts: str, subject: str = "") -> str:
    """Markdown under a heading that says how it went, what was done, and to what; empty ``parts`` are left out.

    ``subject`` is Markdown, so that it may be a link.
    """
    heading = f"### {MARKS[verdict]} {escaped(title)}" + (f": {subject}" if subject else "")
    return joined(heading, *parts)


def joined(*parts: str) -> str:
    """Blocks of Markdown below each other; empty ones are left out."""
    return "\n\n".join(stripped for part in parts if (stripped := part.strip("\n")))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already; a column is set to the right where its name begins with
    ``>``.
    """
    rule = ["---:" if name.startswith(">") else "---" for name in columns]
    lines = [[name.removeprefix(">") for name in columns], rule, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def marked(verdict: Verdict, text: str) -> str:
    """Somebody's ``text`` behind the mark of a verdict."""
    return f"{MARKS[verdict]} {escaped(text)}"


def listed(texts: Iterable[str], *, verdict: Verdict | None = None) -> str:
    """Somebody's ``texts`` as a list, each behind the mark of ``verdict`` where one is given."""
    return "\n".join(f"- {marked(verdict, text) if verdict else escaped(text)}" for text in texts)


def folded(title: str, body: str) -> str:
    """``body`` behind ``title`` until somebody opens it. It must close itself whatever it opens."""
    return f"<details><summary>{escaped(title)}</summary>\n\n{body.strip(chr(10))}\n\n</details>"


def fenced(text: str, language: str = "text") -> str:
    """``text`` as a code block whose fence it cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def files_table(files: Sequence[FileRow]) -> str:
    """Return a row for each file; empty where there is none."""
    rows = ((escaped(name), size, f"`{digest[:_DIGITS]}…`" if digest else "") for name, size, digest in files)
    return table(("File", ">Size", "SHA-256"), rows) if files else ""


def digests_folded(files: Sequence[FileRow]) -> str:
    """Return the whole digests, as ``sha256sum --check`` reads them; empty where none is known."""
    lines = "\n".join(f"{digest}  {name}" for name, _, digest in files if digest)
    return folded("SHA-256 in full", fenced(lines)) if lines else ""


def failure_page(title: str, problems: Sequence[Problem], *, help_page: str, subject: str = "", facts: str = "") -> str:
    """What was found wrong, each with its remedy and its section of ``help_page``, and ``facts`` below.

    The first line of a finding stands out; what a program printed follows it plainly.
    """
    rows = []
    for problem in problems:
        first, _, rest = problem.found.partition("\n")
        found = f"**{escaped(first)}**" + (f"<br>{escaped(rest)}" if rest else "")
        rows.append(f"- {found}<br>{escaped(problem.remedy)} ([more]({help_page}#{problem.topic}))")
    return page("failed", title, "\n".join(rows), facts, subject=subject)
