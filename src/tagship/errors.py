"""The one root of expected failures, and the shape in which each of them is told."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "OWNER/tagship"
"""The GitHub repository of tagship, which workflows and messages refer to."""

HELP_PAGE = f"https://github.com/{SOURCE}/blob/v1/docs/troubleshooting.md"
"""The page with a section for every topic, for who is not on a runner, which knows where its actions come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, told to the person reading a red job.

    ``found`` is a sentence that says what was found, with the value. ``remedy`` is the line to type or the setting to
    change. ``topic`` is the anchor of its section in ``docs/troubleshooting.md``. ``file`` and ``line`` (1-based) name
    the place in the caller's repository, where there is one.
    """

    found: str
    remedy: str
    topic: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.found}\n{self.remedy}"


class Failure(Exception):
    """An expected failure: everything that was found wrong, at once. Only ``main`` turns it into an exit.

    ``outputs`` is the ``@outputs`` value of an action that has something to hand on all the same. ``subject`` and
    ``summary`` are Markdown for the step's summary: what the action was about, for the heading, and facts to follow the
    problems.
    """

    def __init__(self, *problems: Problem, outputs: object = None, subject: str = "", summary: str = "") -> None:
        super().__init__("\n\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.outputs = outputs
        self.subject = subject
        self.summary = summary
