"""The root of all expected failures, and the structure of their messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SOURCE = "OWNER/tagship"
"""The GitHub repository of tagship, which workflows and messages refer to."""

DOCS = f"https://github.com/{SOURCE}/blob/v1/docs"
HELP_PAGE = f"{DOCS}/troubleshooting.md"
"""The page with a section for every topic, for local use; a runner knows the repository of its actions."""


_USAGE = frozenset({"wrong-inputs", "wrong-options"})
"""The topics of invalid values on the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem, as reported to the reader of a failed job.

    ``found`` states what failed, with the value and the cause. ``remedy`` is the command to run or the setting to
    change. ``topic`` is the anchor of its section in ``docs/troubleshooting.md``. ``file`` and ``line`` (1-based) are
    the place in the caller's repository, if any.
    """

    found: str
    remedy: str
    topic: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.found}\n{self.remedy}"

    @property
    def place(self) -> str:
        """``FILE:LINE``, or ``FILE`` alone; empty without a file."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file or ""


Level = Literal["error", "warning", "note"]
"""``error``: the release would be refused or broken. ``warning``: it works with a defect. ``note``: for information."""

Graded = tuple[Level, Problem]
"""A problem with its level."""


class Failure(Exception):
    """An expected failure with all its problems. Only ``main`` turns it into an exit.

    Without a problem, a process that this one started has reported them. ``outputs`` is the ``@outputs`` value of an
    action that sets outputs even if it fails. ``subject`` and ``summary`` are Markdown for the step summary: the
    subject of its heading, and the facts below the problems.
    """

    def __init__(self, *problems: Problem, outputs: object = None, subject: str = "", summary: str = "") -> None:
        super().__init__("\n\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.outputs = outputs
        self.subject = subject
        self.summary = summary

    @classmethod
    def of(cls, *, found: str, remedy: str, topic: str, file: str | None = None, line: int | None = None) -> Failure:
        """Return the failure with one problem, which has these fields."""
        return cls(Problem(found=found, remedy=remedy, topic=topic, file=file, line=line))

    @property
    def status(self) -> int:
        """The exit status of a command: 2 if every problem is an invalid value, else 1."""
        return 2 if all(problem.topic in _USAGE for problem in self.problems) else 1
