"""How checks are reported."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from tagship.core.gate.reports import (
    CheckReport,
    described,
    duration,
    failed,
    last_lines,
    not_run,
    outcome,
    problem,
    table,
)

PASSED = CheckReport(name="mypy", command="mypy", outcome="passed", exit_code=0, seconds=12.3)
FAILED = CheckReport(name="pytest", command="pytest", outcome="failed", exit_code=1, seconds=185)
LATE = CheckReport(name="slow", command="slow", outcome="timed out", exit_code=None, seconds=0.52)


def test_only_what_ran_and_did_not_pass_has_failed() -> None:
    """A check that did not run is no failure of its own."""
    empty = replace(PASSED, outcome="ran nothing")

    assert failed([PASSED, FAILED, LATE, empty, not_run("x", "x")]) == (FAILED, LATE, empty)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        pytest.param(PASSED, "passed in 12 s", id="passed"),
        pytest.param(FAILED, "failed with exit code 1 after 3 min 5 s", id="failed"),
        pytest.param(LATE, "was ended by its time limit after 0.5 s", id="timed out"),
        pytest.param(
            replace(PASSED, outcome="ran nothing"),
            "left out every session, and so has checked nothing",
            id="ran nothing",
        ),
        pytest.param(not_run("x", "x"), "did not run", id="not run"),
    ],
)
def test_a_report_reads_as_a_sentence(report: CheckReport, expected: str) -> None:
    """A time limit is told as such."""
    assert described(report) == expected


NOX_SKIPPED = "nox > Session tests-3.9 skipped: Python interpreter 3.9 not found.\n"
NOX_RAN = "nox > Session lint was successful in 2 seconds.\n"


@pytest.mark.parametrize(
    ("code", "output", "timed_out", "expected"),
    [
        pytest.param(0, "", False, "passed", id="status 0"),
        pytest.param(1, "", False, "failed", id="another status"),
        pytest.param(-9, "", True, "timed out", id="its time was up"),
        pytest.param(0, "", True, "timed out", id="it ended well, too late"),
        pytest.param(0, NOX_SKIPPED * 2, False, "ran nothing", id="nox left out every session"),
        pytest.param(0, f"\x1b[33m{NOX_SKIPPED}\x1b[0m", False, "ran nothing", id="the same in colours"),
        pytest.param(0, NOX_SKIPPED + NOX_RAN, False, "passed", id="nox ran one session"),
        pytest.param(1, NOX_SKIPPED, False, "failed", id="nox failed"),
        pytest.param(0, "3 skipped", False, "passed", id="tests that were skipped"),
    ],
)
def test_the_end_of_a_check_is_understood(code: int, output: str, timed_out: bool, expected: str) -> None:
    """A green status counts only where something was checked."""
    assert outcome(code, output, timed_out=timed_out) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3600.0, "60 min 0 s")],
)
def test_durations_are_for_people(seconds: float, expected: str) -> None:
    """Short ones have a decimal, long ones minutes."""
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("exit_code", "command", "topic"),
    [
        pytest.param(1, "pytest", "check-failed", id="a failure"),
        pytest.param(127, "pytest", "check-not-found", id="a program that is missing"),
        pytest.param(5, "pytest -q", "check-failed", id="no tests"),
    ],
)
def test_the_remedy_fits_the_exit_code(exit_code: int, command: str, topic: str) -> None:
    """The usual causes have remedies of their own."""
    report = CheckReport(name=command, command=command, outcome="failed", exit_code=exit_code, seconds=1)

    assert problem(report).topic == topic


def test_no_tests_are_told_as_such() -> None:
    """Exit code 5 of pytest is explained, and of no other program."""
    five = CheckReport(name="pytest", command="pytest", outcome="failed", exit_code=5, seconds=1)

    assert "collected no test" in problem(five).found
    assert (
        "collected no test"
        not in problem(CheckReport(name="x", command="x", outcome="failed", exit_code=5, seconds=1)).found
    )


def test_the_same_command_runs_locally() -> None:
    """What the remedy says to type holds the whole check, whatever is in it."""
    command = "for a in '1' \"2\"; do\n  echo $a\ndone"
    report = CheckReport(name="for…", command=command, outcome="failed", exit_code=1, seconds=1)

    typed = problem(report, ["--env=A=b c"]).remedy.partition("machine: ")[2]

    assert shlex.split(typed) == ["tagship", "quality-gate", "--command", command, "--env=A=b c"]


def test_the_table_shows_every_check() -> None:
    """Names that mean something in Markdown are shown as they are."""
    rows = table([PASSED, FAILED, LATE, not_run("a | b", "a | b")]).splitlines()

    assert rows[0] == "| Check | Result | Exit code | Time |"
    assert rows[2:] == [
        "| ✅ mypy | passed | 0 | 12 s |",
        "| ❌ pytest | failed | 1 | 3 min 5 s |",
        "| ⏱️ slow | timed out |  | 0.5 s |",
        "| ⏭️ a &#124; b | not run |  |  |",
    ]


def test_last_lines_are_plain_and_few() -> None:
    """An annotation gets the end of what was printed, without colours."""
    output = "\n".join(f"\x1b[31mline {number}\x1b[0m" for number in range(100)) + "\n\n"

    assert last_lines(output, lines=2) == "line 98\nline 99"
    assert last_lines("x" * 50, characters=10) == "…" + "x" * 10
    assert last_lines("\x1b]8;;https://example.invalid\x07link\x1b]8;;\x07") == "link"
