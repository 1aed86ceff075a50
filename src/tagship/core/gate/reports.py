"""How checks went, for people and for workflows."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.core import summary
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Outcome = Literal["passed", "failed", "timed out", "ran nothing", "not run"]
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_NOT_FOUND = 127
_NO_TESTS = 5
_VERDICTS: dict[Outcome, summary.Verdict] = {
    "passed": "passed",
    "failed": "failed",
    "timed out": "late",
    "ran nothing": "failed",
    "not run": "skipped",
}
_NOX_SKIPPED = re.compile(r"^nox > Session .+ skipped: ", re.MULTILINE)
_NOX_RAN = re.compile(r"^nox > Session .+ was successful", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """How a check went. ``exit_code`` is None where it did not run or was ended by its time limit."""

    name: str
    command: str
    outcome: Outcome
    exit_code: int | None
    seconds: float


def not_run(name: str, command: str) -> CheckReport:
    """Return the report on a check that an earlier failure kept from running."""
    return CheckReport(name=name, command=command, outcome="not run", exit_code=None, seconds=0.0)


def failed(reports: Iterable[CheckReport]) -> tuple[CheckReport, ...]:
    """Return the checks that ran and did not pass."""
    return tuple(report for report in reports if report.outcome in ("failed", "timed out", "ran nothing"))


def outcome(code: int, output: str, *, timed_out: bool) -> Outcome:
    """What the end of a check means.

    One that ended well and left everything out has not passed: nox does so where each session wants another Python.
    """
    if timed_out:
        return "timed out"
    if code:
        return "failed"
    text = plain(output)
    return "ran nothing" if _NOX_SKIPPED.search(text) and not _NOX_RAN.search(text) else "passed"


def described(report: CheckReport) -> str:
    """How the check went, as the end of a sentence about it."""
    match report.outcome:
        case "passed":
            return f"passed in {duration(report.seconds)}"
        case "failed":
            return f"failed with exit code {report.exit_code} after {duration(report.seconds)}"
        case "timed out":
            return f"was ended by its time limit after {duration(report.seconds)}"
        case "ran nothing":
            return "left out every session, and so has checked nothing"
        case "not run":
            return "did not run"


def problem(report: CheckReport, flags: Sequence[str] = ()) -> Problem:
    """What is wrong with a check that failed, and what to do; ``flags`` are what the gate was given besides it."""
    found = f"The check `{report.name}` {described(report)}."
    if report.outcome == "timed out":
        return Problem(
            found=found,
            remedy="See in the log where it stood, or give it longer with the input timeout, such as timeout: 90m",
            topic="check-timed-out",
        )
    if report.outcome == "ran nothing":
        return Problem(
            found=found,
            remedy="Run the gate on a Python that one of the sessions is for, or name what is to run: "
            "command: nox -s lint",
            topic="nothing-checked",
        )
    if report.exit_code == _NOT_FOUND:
        return Problem(
            found=f"{found} The shell did not find one of its programs.",
            remedy="Name what brings the program in the input install, or set it up in an earlier step.",
            topic="check-not-found",
        )
    if report.exit_code == _NO_TESTS and "pytest" in report.command:
        return Problem(
            found=f"{found} pytest says by it that it collected no test.",
            remedy="Tell pytest where the tests are: testpaths in its configuration.",
            topic="check-failed",
        )
    return Problem(
        found=found,
        remedy=f"Its output stands in the log. The same on your machine: {local_command(report, flags)}",
        topic="check-failed",
    )


def local_command(report: CheckReport, flags: Sequence[str]) -> str:
    """Return the command line that runs the one check again, with ``flags`` that say what the gate was given
    besides.
    """
    return shlex.join(["tagship", "quality-gate", "--command", report.command, *flags])


def table(reports: Sequence[CheckReport]) -> str:
    """Return the reports as a Markdown table."""
    rows = (
        (
            summary.marked(_VERDICTS[report.outcome], report.name),
            report.outcome,
            "" if report.exit_code is None else str(report.exit_code),
            "" if report.outcome == "not run" else duration(report.seconds),
        )
        for report in reports
    )
    return summary.table(("Check", "Result", ">Exit code", ">Time"), rows)


def last_lines(output: str, *, lines: int = 20, characters: int = 2000) -> str:
    """Return the end of ``output``, as plain text without colours and blank edges, for an annotation."""
    kept = "\n".join(plain(output).strip().splitlines()[-lines:])
    return kept if len(kept) <= characters else f"…{kept[-characters:]}"


def plain(text: str) -> str:
    """``text`` without the escape sequences that colour a terminal."""
    return _ANSI.sub("", text)


def duration(seconds: float) -> str:
    """``seconds`` for people: ``0.4 s``, ``12 s``, ``3 min 5 s``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
