"""The layout of step summaries: a heading with the verdict, facts, findings, folded details, a timeline of jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Literal

from tagship.core.formatting import duration, escaped, prose, without_controls
from tagship.errors import Problem

Verdict = Literal["passed", "failed", "warned", "skipped", "late"]
MARKS: dict[Verdict, str] = {"passed": "✅", "failed": "❌", "warned": "⚠️", "skipped": "⏭️", "late": "⏱️"}
"""The mark of each verdict in headings, tables and lists."""
FileRow = tuple[str, str, str]
"""A file's name, its formatted size and its hexadecimal SHA-256, empty if unknown."""
_DIGITS = 12
"""Hexadecimal digits of a digest in a table; full digests are wider than the page."""


def page(verdict: Verdict, title: str, *parts: str, subject: str = "") -> str:
    """Join the non-empty ``parts`` below a heading with verdict, title and subject.

    ``subject`` is Markdown, so it may be a link.
    """
    heading = f"### {MARKS[verdict]} {escaped(title)}" + (f": {subject}" if subject else "")
    return joined(heading, *parts)


def joined(*parts: str) -> str:
    """Join blocks of Markdown by blank lines, without the empty ones."""
    return "\n\n".join(stripped for part in parts if (stripped := part.strip("\n")))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown cells. A column is right-aligned if its name begins with ``>``."""
    rule = ["---:" if name.startswith(">") else "---" for name in columns]
    lines = [[name.removeprefix(">") for name in columns], rule, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def marked(verdict: Verdict, text: str) -> str:
    """Return the escaped ``text`` after the mark of a verdict, which stays on its line in a narrow column."""
    return f"{MARKS[verdict]}&nbsp;{prose(text)}"


def listed(texts: Iterable[str], *, verdict: Verdict | None = None) -> str:
    """Return the escaped ``texts`` as a list, each after the mark of ``verdict`` if there is one."""
    return "\n".join(f"- {marked(verdict, text) if verdict else prose(text)}" for text in texts)


def folded(title: str, body: str) -> str:
    """Return ``body`` collapsed below ``title``. The body must close every construct that it opens."""
    return f"<details><summary>{escaped(title)}</summary>\n\n{body.strip(chr(10))}\n\n</details>"


def fenced(text: str, language: str = "text") -> str:
    """Return ``text`` as a code block whose fence it cannot close, without control characters."""
    text = without_controls(text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def files_table(files: Sequence[FileRow]) -> str:
    """Return a table with one row per file; empty without files."""
    rows = ((escaped(name), size, f"`{digest[:_DIGITS]}…`" if digest else "") for name, size, digest in files)
    return table(("File", ">Size", "SHA-256"), rows) if files else ""


def digests_folded(files: Sequence[FileRow]) -> str:
    """Return the full digests in ``sha256sum --check`` format, collapsed; empty if none is known."""
    lines = "\n".join(f"{digest}  {name}" for name, _, digest in files if digest)
    return folded("Full SHA-256 checksums", fenced(lines)) if lines else ""


def failure_page(title: str, problems: Sequence[Problem], *, help_page: str, subject: str = "", facts: str = "") -> str:
    """Return a page of the problems, each with its remedy and its section of ``help_page``, and ``facts`` below.

    The first line of a problem is bold; the output of a program in the other lines follows as a code block.
    """
    rows = []
    for problem in problems:
        first, _, rest = problem.found.partition("\n")
        rows.append(f"- **{prose(first)}**<br>{prose(problem.remedy)} ([more]({help_page}#{problem.topic}))")
        rows += ["", indent(fenced(rest), "  "), ""] if rest else []
    return page("failed", title, "\n".join(rows), facts, subject=subject)


_UNSAFE = re.compile(r"[^\w .,()+/-]+")
"""Characters with a meaning in Mermaid, such as colons, hashes, quotes and percent signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A started job: ``started`` and ``ended`` in seconds since the epoch, ``ended`` None while it runs."""

    name: str
    started: float
    ended: float | None
    succeeded: bool


def jobs_of(data: object) -> tuple[Job, ...]:
    """Return the started jobs in GitHub's list of a run's jobs, sorted by their start.

    Source: https://docs.github.com/en/rest/actions/workflow-jobs
    """
    listed = data.get("jobs") if isinstance(data, dict) else None
    jobs = (_job(item) for item in (listed if isinstance(listed, list) else ()) if isinstance(item, dict))
    return tuple(sorted((job for job in jobs if job), key=lambda job: job.started))


def _job(item: dict[str, object]) -> Job | None:
    # The bootstrap writes its summary without this module.
    from tagship.core.release.state import seconds

    started, ended = seconds(item.get("started_at")), seconds(item.get("completed_at")) or None
    if not started or item.get("conclusion") == "skipped":
        return None
    return Job(
        name=str(item.get("name", "")), started=started, ended=ended, succeeded=item.get("conclusion") == "success"
    )


def mermaid_gantt(jobs: Iterable[Job], *, now: float) -> str:
    """Return one bar per job, labelled with its duration and name; a running job ends at ``now`` (seconds, as in Job).

    Each label begins with a number, so a job named ``click`` or ``section`` is not read as a keyword. Times are in
    milliseconds, because in ``dateFormat X`` Mermaid reads only the end as seconds.
    """
    lines = ["gantt", "    dateFormat x", "    axisFormat %H:%M:%S"]
    for job in jobs:
        ended = now if job.ended is None else job.ended
        state = "active" if job.ended is None else "done" if job.succeeded else "crit"
        # Mermaid does not draw a bar of length zero.
        first, last = int(job.started * 1000), int(max(ended, job.started + 1) * 1000)
        name = _UNSAFE.sub(" ", job.name).strip() or "job"
        lines.append(f"    {duration(max(0.0, ended - job.started))} - {name} :{state}, {first}, {last}")
    return "\n".join(lines)
