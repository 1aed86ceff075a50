"""The edits that fix findings, and their application to files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tagship.doctor.finding import Edit, Finding

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.workflows.reading import Job, Step, Workflow

_USES = re.compile(r"(?P<indent>\s*(?:- +)?)uses:")


def replaced(lines: tuple[str, ...], line: int, old: str, new: str) -> Edit | None:
    """Return the edit that replaces ``old`` in the line ``line``, or None if the line does not contain it once."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Edit(line=line, text=text.replace(old, new)) if text.count(old) == 1 else None


def with_option(workflow: Workflow, step: Step, name: str, value: str) -> Edit | None:
    """Return the edit that sets ``name`` under ``with`` of ``step``, or None if the step has an unusual form."""
    lines, option = workflow.lines, f"{name}: {value}"
    if present := step.given.get(name):
        return replaced(lines, present.line, present.value, value)
    if step.given:
        line = min(given.line for given in step.given.values())
        text = lines[line - 1]
        if flow := re.match(r".*\bwith: *\{", text):
            return Edit(line=line, text=f"{flow[0]}{option}, {text[flow.end() :].lstrip()}")
        indent = text[: len(text) - len(text.lstrip())]
        return (
            Edit(line=line, text=f"{indent}{option}\n{text}") if text.lstrip().startswith(tuple(step.given)) else None
        )
    text = lines[step.uses.line - 1]
    start = _USES.match(text)
    if start is None:
        return None
    indent = " " * len(start["indent"])
    return Edit(line=step.uses.line, text=f"{text}\n{indent}with:\n{indent}  {option}")


def with_permissions(workflow: Workflow, job: Job, scopes: str) -> Edit | None:
    """Return the edit that adds ``permissions`` to ``job``, or None if the job has some."""
    text, following = (*workflow.lines, "", "")[job.line - 1 : job.line + 1]
    indent = following[: len(following) - len(following.lstrip())]
    if job.own or not text.rstrip().endswith(":") or not indent:
        return None
    return Edit(line=job.line, text=f"{text}\n{indent}permissions: {{{scopes}}}")


def apply(root: Path, findings: Iterable[Finding]) -> list[Finding]:
    """Edit the files below ``root`` and return the findings that this fixes, at most one for each line."""
    fixed: dict[tuple[str, int], Finding] = {}
    for finding in findings:
        if finding.fix and finding.file:
            fixed.setdefault((finding.file, finding.fix.line), finding)
    for (file, line), finding in sorted(fixed.items(), reverse=True):
        path = root / file
        lines = path.read_bytes().decode("utf-8", "surrogateescape").splitlines(keepends=True)
        ending = "\r\n" if lines[line - 1].endswith("\r\n") else "\n"
        text = finding.fix.text if finding.fix else ""
        lines[line - 1] = text.replace("\n", ending) + ending
        path.write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
    return list(fixed.values())
