"""A finding of ``tagship doctor``, its level and its fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, get_args

from tagship.errors import DOCS, Level, Problem

if TYPE_CHECKING:
    from tagship.core.preflight.check import Check

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
    level: Level
    found: str
    remedy: str
    file: str | None = None
    line: int | None = None
    fix: Edit | None = None
    page: str = "doctor.md"

    @property
    def help(self) -> str:
        """The address of the section about the rule."""
        return f"{DOCS}/{self.page}#{self.rule}"

    @property
    def place(self) -> str:
        """The file and line, or the file, or an empty text."""
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
