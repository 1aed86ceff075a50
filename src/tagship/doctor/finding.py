"""A finding of ``tagship doctor``, its level, and the edit that fixes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from tagship.errors import DOCS, Level, Problem

if TYPE_CHECKING:
    from tagship.core.preflight.check import Check
    from tagship.core.workflows.reading import Job, Step, Workflow

LEVELS: tuple[Level, ...] = get_args(Level)
"""The most severe first."""

_IGNORED = re.compile(r"tagship: ignore\[(?P<rules>[^\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A replacement of the line ``line``, counted from 1, by ``text``, which may have several lines."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem and its remedy.

    ``rule`` is the kind of finding, for programs, and its section in ``page``. ``file`` is relative to the top of the
    checkout, ``line`` is counted from 1. ``remedy`` is the line to type or the setting to change, ``fix`` the edit of
    ``file`` that does so, if any.
    """

    rule: str
    level: Level = "warning"
    found: str
    remedy: str
    file: str | None = None
    line: int | None = None
    fix: Edit | None = None
    page: str = "doctor.md"

    @property
    def help(self) -> str:
        return f"{DOCS}/{self.page}#{self.rule}"

    @property
    def place(self) -> str:
        return self.problem.place

    @property
    def problem(self) -> Problem:
        """The finding as a problem of an action. The message has the rule, unless its section is that of a topic."""
        own = self.page == "doctor.md"
        return Problem(
            found=f"{self.found} [{self.rule}]" if own else self.found,
            remedy=self.remedy,
            topic="doctor-finding" if own else self.rule,
            file=self.file,
            line=self.line,
        )


def from_problem(problem: Problem, level: Level) -> Finding:
    """Return the finding that reports ``problem``."""
    values = asdict(problem)
    return Finding(rule=values.pop("topic"), level=level, page="troubleshooting.md", **values)


def from_preflight(checks: Iterable[Check]) -> list[Finding]:
    """Return the findings that report the problems of ``checks``: one that stops a release is an error."""
    return [
        from_problem(check.problem, "error" if check.outcome == "failed" else "warning")
        for check in checks
        if check.problem
    ]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings sorted by severity, then by place, with one for each rule, remedy and place."""
    places = {(one.rule, one.remedy, one.file, one.line, one.line is None and one.found): one for one in findings}
    return tuple(sorted(places.values(), key=lambda one: (LEVELS.index(one.level), one.file or "", one.line or 0)))


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return the findings of each rule and level together, in the order of the first of them."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.level, finding.rule), []).append(finding)
    return list(groups.values())


def without_ignored(findings: Iterable[Finding], texts: Mapping[str, str], *, project: str) -> list[Finding]:
    """Return the findings that no comment ``tagship: ignore[RULE]`` in ``texts`` (by path) silences.

    A comment applies to its own line and to the next one. A finding without a line is silenced anywhere in its file, a
    finding without a file in the file ``project``.
    """
    ignored = {path: list(_ignored(text)) for path, text in texts.items() if "tagship: ignore[" in text}
    return [
        finding
        for finding in findings
        if not any(
            finding.rule in rules and (finding.line is None or finding.line - line in (0, 1))
            for line, rules in ignored.get(finding.file or project, ())
        )
    ]


def _ignored(text: str) -> Iterable[tuple[int, set[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := _IGNORED.search(line):
            yield number, {rule.strip() for rule in match["rules"].split(",")}


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
