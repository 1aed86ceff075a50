"""Checks in a command, and the reports on their results."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from tagship.core.gate.checks import CheckReport, described, failed, not_run, outcome, problem, split_checks, table

PASSED = CheckReport(name="mypy", command="mypy", outcome="passed", exit_code=0, seconds=12.3)
FAILED = CheckReport(name="pytest", command="pytest", outcome="failed", exit_code=1, seconds=185)
LATE = CheckReport(name="slow", command="slow", outcome="timed out", exit_code=None, seconds=0.52)


def is_open(script: str) -> bool:
    """Return True for a loop without ``done`` and for an odd number of quotes, as bash would."""
    return (script.startswith("for ") and "done" not in script) or script.count('"') % 2 == 1


def scripts(command: str) -> list[str]:
    """Return the scripts of the checks in ``command``."""
    return [check.script for check in split_checks(command, is_open)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("pytest", ["pytest"], id="one line"),
        pytest.param("ruff check .\nmypy\n", ["ruff check .", "mypy"], id="one check for each line"),
        pytest.param("\n  # lint\n  ruff check .\n\n", ["ruff check ."], id="blank lines and comments"),
        pytest.param("pytest \\\n  --quiet\nmypy", ["pytest \\\n  --quiet", "mypy"], id="a continued line"),
        pytest.param(
            "for a in 1 2; do\n\n  echo $a\n# all of them\ndone\nmypy",
            ["for a in 1 2; do\n\n  echo $a\n# all of them\ndone", "mypy"],
            id="a loop stays whole, with its comments",
        ),
        pytest.param('echo "a\nb"\nmypy', ['echo "a\nb"', "mypy"], id="a quoted line break"),
        pytest.param('echo "a\nb', ['echo "a\nb'], id="a quote that never closes is left to bash"),
        pytest.param("cd docs\nmake html\nmake linkcheck", ["cd docs\nmake html", "cd docs\nmake linkcheck"], id="cd"),
        pytest.param("export A=1\npytest", ["export A=1\npytest"], id="export"),
        pytest.param("A+=1\npytest", ["A+=1\npytest"], id="an appending assignment"),
        pytest.param("A=1 B=2\npytest", ["A=1 B=2\npytest"], id="assignments alone"),
        pytest.param(
            "export A=$(git log | head -1)\npytest", ["export A=$(git log | head -1)\npytest"], id="export of an output"
        ),
        pytest.param("A=1 pytest\nmypy", ["A=1 pytest", "mypy"], id="an assignment before a command is a check"),
        pytest.param("cd docs && make\nmypy", ["cd docs && make", "mypy"], id="cd with a command is a check"),
        pytest.param("cd docs; make\nmypy", ["cd docs; make", "mypy"], id="cd and a command is a check"),
        pytest.param("mypy\ncd docs\nmake", ["mypy", "cd docs\nmake"], id="cd applies to later checks only"),
        pytest.param("cd docs", ["cd docs"], id="cd alone is a check"),
        pytest.param("mypy\n. ./lint.sh", ["mypy", ". ./lint.sh"], id="a file sourced last is a check"),
        pytest.param(
            "cd a\nmypy\nx=$(lint)",
            ["cd a\nmypy", "cd a\nx=$(lint)"],
            id="a command substitution at the end is a check",
        ),
        pytest.param(". ./a.sh\n. ./b.sh", [". ./a.sh\n. ./b.sh"], id="files sourced last are one check"),
        pytest.param("mypy\ncd ..", ["mypy"], id="cd after the last check is dropped"),
        pytest.param("cd 'docs", ["cd 'docs"], id="a syntax error is left to bash"),
        pytest.param("", [], id="nothing"),
        pytest.param("# nothing\n", [], id="comments only"),
    ],
)
def test_each_line_is_a_check(command: str, expected: list[str]) -> None:
    """Every line is a check, unless bash or a backslash continues it."""
    assert scripts(command) == expected


@pytest.mark.parametrize(
    "line",
    [
        ". x", "alias a=b", "cd x", "declare a", "export A", "popd", "pushd x", "set -x", "shopt -s x", "source x",
        "ulimit -n 9", "umask 022", "unset A",
    ],
)  # fmt: skip
def test_builtins_that_change_the_shell_set_up_later_checks(line: str) -> None:
    """Each of these builtins is repeated before every later check."""
    assert scripts(f"{line}\npytest\nmypy") == [f"{line}\npytest", f"{line}\nmypy"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("pytest", "pytest", id="short"),
        pytest.param("for a in 1; do\n  x\ndone", "for a in 1; do…", id="several lines"),
        pytest.param("x" * 72, "x" * 72, id="as long as allowed"),
        pytest.param("x" * 80, "x" * 71 + "…", id="long"),
        pytest.param("cd docs\nmake", "make", id="without the lines that set up the shell"),
    ],
)
def test_the_name_of_a_check_is_its_first_line(command: str, expected: str) -> None:
    """The name fits into a table and a heading."""
    assert [check.name for check in split_checks(command, is_open)] == [expected]


def test_a_check_that_did_not_run_has_not_failed() -> None:
    """Only checks that ran without passing are failures."""
    empty = replace(PASSED, outcome="ran nothing")

    assert failed([PASSED, FAILED, LATE, empty, not_run("x", "x")]) == (FAILED, LATE, empty)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        pytest.param(PASSED, "passed in 12 s", id="passed"),
        pytest.param(FAILED, "failed with exit code 1 after 3 min 5 s", id="failed"),
        pytest.param(LATE, "timed out after 0.5 s", id="timed out"),
        pytest.param(
            replace(PASSED, outcome="ran nothing"),
            "skipped every session, so nothing was checked",
            id="ran nothing",
        ),
        pytest.param(
            replace(PASSED, outcome="wrong Python", python="3.11"),
            "ran on Python 3.11 instead of the Python of the gate",
            id="on another Python",
        ),
        pytest.param(not_run("x", "x"), "did not run", id="not run"),
    ],
)
def test_a_report_reads_as_a_sentence(report: CheckReport, expected: str) -> None:
    """The result is the predicate of a sentence about the check."""
    assert described(report) == expected


NOX_SKIPPED = "nox > Session tests-3.9 skipped: Python interpreter 3.9 not found.\n"
TOX_SKIPPED = "ROOT: skip environment 3.11, matches filter 'x'\n"
NOX_RAN = "nox > Session lint was successful in 2 seconds.\n"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/bin/sh: 1: pytest: not found", id="dash"),
        pytest.param("bash: line 3: pytest: command not found", id="bash"),
        pytest.param("/bin/bash: pytest: command not found", id="bash of make"),
        pytest.param("make: pytest: No such file or directory", id="make"),
        pytest.param("make[1]: pytest: No such file or directory", id="make in a folder"),
        pytest.param("env: \u2018pytest\u2019: No such file or directory", id="env"),
    ],
)
def test_a_missing_program_inside_a_runner_is_named(line: str) -> None:
    """The exit code of make says nothing about it."""
    found = problem(replace(FAILED, exit_code=2, output=f"pytest\n{line}\nmake: *** [Makefile:2: check] Error 127"))

    assert found.topic == "command-not-found"
    assert " pytest is not on PATH.\n" in found.found


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("E   ModuleNotFoundError: No module named 'toolz'", id="Python"),
        pytest.param("Nox failed to import the 'toolz' package.", id="nox"),
    ],
)
def test_a_missing_module_is_named(line: str) -> None:
    """The project has not declared a package that its tests import."""
    found = problem(replace(FAILED, exit_code=2, output=f"tests/test_a.py:1\n{line}\n1 error"))

    assert " The module toolz is not installed.\n" in found.found
    assert found.remedy.startswith("Add its package to the development dependencies")


def test_the_message_ends_with_the_last_lines_of_the_output() -> None:
    """The reader of a message does not have to search the log."""
    assert problem(replace(FAILED, output="a\nb")).found.endswith(" after 3 min 5 s.\na\nb")


@pytest.mark.parametrize(
    ("code", "output", "timed_out", "expected"),
    [
        pytest.param(0, "", False, "passed", id="status 0"),
        pytest.param(1, "", False, "failed", id="another status"),
        pytest.param(-9, "", True, "timed out", id="a timeout"),
        pytest.param(0, "", True, "timed out", id="success after the timeout"),
        pytest.param(0, NOX_SKIPPED * 2, False, "ran nothing", id="nox skipped every session"),
        pytest.param(0, f"\x1b[33m{NOX_SKIPPED}\x1b[0m", False, "ran nothing", id="nox with colours"),
        pytest.param(0, NOX_SKIPPED + NOX_RAN, False, "passed", id="nox ran one session"),
        pytest.param(1, NOX_SKIPPED, False, "failed", id="nox failed"),
        pytest.param(1, TOX_SKIPPED, False, "ran nothing", id="tox skipped every environment"),
        pytest.param(1, "  py39: SKIP (0.1 seconds)\n", False, "ran nothing", id="tox found no interpreter"),
        pytest.param(1, f"{TOX_SKIPPED}  lint: FAIL code 1 (1 seconds)\n", False, "failed", id="tox failed"),
        pytest.param(0, f"{TOX_SKIPPED}  lint: OK (1 seconds)\n", False, "passed", id="tox ran one environment"),
        pytest.param(0, "3 skipped", False, "passed", id="skipped tests"),
    ],
)
def test_a_check_passes_only_if_it_checked_something(code: int, output: str, timed_out: bool, expected: str) -> None:
    """Exit code 0 is a pass, unless nox or tox skipped everything."""
    assert outcome(code, output, timed_out=timed_out) == expected


@pytest.mark.parametrize(
    ("exit_code", "command", "topic"),
    [
        pytest.param(1, "pytest", "check-failed", id="a failure"),
        pytest.param(127, "pytest", "command-not-found", id="a missing program"),
        pytest.param(5, "pytest -q", "check-failed", id="no tests"),
    ],
)
def test_the_remedy_fits_the_exit_code(exit_code: int, command: str, topic: str) -> None:
    """Known exit codes have their own topics."""
    report = CheckReport(name=command, command=command, outcome="failed", exit_code=exit_code, seconds=1)

    assert problem(report).topic == topic


def test_exit_code_5_of_pytest_is_explained() -> None:
    """Exit code 5 means that pytest collected no tests; it has no meaning for other programs."""
    five = CheckReport(name="pytest", command="pytest", outcome="failed", exit_code=5, seconds=1)

    assert "no tests were collected" in problem(five).found
    assert (
        "no tests were collected"
        not in problem(CheckReport(name="x", command="x", outcome="failed", exit_code=5, seconds=1)).found
    )


def test_the_same_command_runs_locally() -> None:
    """The command in the remedy contains the whole check, correctly quoted."""
    command = "for a in '1' \"2\"; do\n  echo $a\ndone"
    report = CheckReport(name="for…", command=command, outcome="failed", exit_code=1, seconds=1)

    typed = problem(report, ["--env=A=b c"]).remedy.partition("locally: ")[2]

    assert shlex.split(typed) == ["tagship", "quality-gate", "--command", command, "--env=A=b c"]


def test_the_table_shows_every_check() -> None:
    """Names are escaped, so that Markdown shows them unchanged."""
    rows = table([replace(PASSED, python="3.12"), FAILED, LATE, not_run("a | b", "a | b")]).splitlines()

    assert rows[0] == "| Check | Result | Exit code | Time | Python |"
    assert rows[2:] == [
        "| ✅&nbsp;mypy | passed | 0 | 12 s | 3.12 |",
        "| ❌&nbsp;pytest | failed | 1 | 3 min 5 s |  |",
        "| ⏱️&nbsp;slow | timed out |  | 0.5 s |  |",
        "| ⏭️&nbsp;a &#124; b | not run |  |  |  |",
    ]
