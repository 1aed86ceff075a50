"""Checks that run one after the other in bash, with their output in the log of a runner."""

from __future__ import annotations

import io
import os
import re
from typing import TYPE_CHECKING

import pytest

from tagship.core.gate.checks import CheckCommand
from tagship.edges.check_runs import CheckRuns, find_shell
from tagship.edges.processes import Processes
from tagship.edges.runner import ActionsRunner
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.gate.checks import CheckReport

ENVIRON = dict(os.environ)
PROCESSES = Processes(environ=ENVIRON)


def run(tmp_path: Path, *scripts: str, timeout: float | None = None) -> tuple[tuple[CheckReport, ...], str]:
    """Return the reports of the checks, and the log that the runner reads."""
    log = io.StringIO()
    runner = ActionsRunner(stream=log, output=tmp_path / "output", summary=None)
    runs = CheckRuns(shell=find_shell(PROCESSES), runner=runner, workspace=tmp_path, inside=".", python="3.12")
    checks = [CheckCommand(name=script.splitlines()[0], script=script) for script in scripts]
    return runs.run(checks, environ=ENVIRON, timeout=timeout, keep_going=True), log.getvalue()


def commands(log: str) -> list[str]:
    """Return the names of the workflow commands that the runner would execute, with respect to stop-commands."""
    obeyed: list[str] = []
    word = None
    for line in log.splitlines():
        if word is not None:
            word = None if line == f"::{word}::" else word
        elif match := re.match(r"::stop-commands::(.+)", line):
            word = match[1]
        elif match := re.match(r"\s*::([a-z-]+)[ :]", line):
            obeyed.append(match[1])
    return obeyed


def test_the_output_of_a_check_contains_no_workflow_commands(tmp_path: Path) -> None:
    """Commands are ignored on standard output and error, even after a forged stop token."""
    hostile = """
echo '::set-env name=PATH::/evil'
echo '::add-mask::e' >&2
echo '::stop-commands::mine'
echo '::mine::'
echo '::error file=a.py,line=1::shown elsewhere'
printf '::endgroup::'
"""
    _, log = run(tmp_path, hostile.strip())

    assert commands(log) == ["group", "endgroup"]
    assert "::set-env name=PATH::/evil" in log


def test_workflow_commands_are_enabled_after_the_check(tmp_path: Path) -> None:
    """Our annotations are executed, even after a check that was killed within a line."""
    reports, log = run(tmp_path, "printf '::add-mask::half a line'; sleep 60", "false", timeout=1)

    assert [report.outcome for report in reports] == ["timed out", "failed"]
    assert commands(log) == ["group", "endgroup", "error", "group", "endgroup", "error"]


def test_the_last_lines_of_a_killed_check_are_kept(tmp_path: Path) -> None:
    """Python output is unbuffered, so a timeout loses none of it."""
    _, log = run(tmp_path, "python3 -c \"import time; print('last line'); time.sleep(60)\"", timeout=2)

    assert "last line" in log


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("pytest", False, id="a command"),
        pytest.param("for a in 1 2; do", True, id="a loop"),
        pytest.param("for a in 1 2; do\necho $a\ndone", False, id="a complete loop"),
        pytest.param("if true; then", True, id="a condition"),
        pytest.param("case x in", True, id="a case"),
        pytest.param("{", True, id="a group"),
        pytest.param("(", True, id="a subshell"),
        pytest.param("f() {", True, id="a function"),
        pytest.param("echo 'a", True, id="a quote"),
        pytest.param('echo "$(', True, id="a substitution"),
        pytest.param("cat <<END", True, id="a here-document"),
        pytest.param("cat <<END\na\nEND", False, id="a complete here-document"),
        pytest.param("make &&", True, id="an operator at the end"),
        pytest.param("make )", False, id="a syntax error"),
        pytest.param("done", False, id="another syntax error"),
        pytest.param("[[ -f x", True, id="a test"),
    ],
)
def test_incomplete_scripts_are_detected(script: str, expected: bool) -> None:
    """A script is open if bash expects more lines; a syntax error is not."""
    assert find_shell(PROCESSES).is_open(script) is expected


def test_parsing_runs_nothing(tmp_path: Path) -> None:
    """A script is parsed without running any of it."""
    find_shell(PROCESSES).is_open(f"touch {tmp_path}/ran")

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param("true", 0, id="success"),
        pytest.param("false\ntrue", 1, id="a failing line"),
        pytest.param("false | true", 1, id="a failing pipe"),
        pytest.param("echo $no_such_variable", 1, id="an unset variable"),
        pytest.param("exit 7", 7, id="an explicit exit code"),
        pytest.param("no-such-program", 127, id="a missing program"),
    ],
)
def test_a_script_stops_at_its_first_failure(tmp_path: Path, script: str, code: int) -> None:
    """A later success does not hide a failure."""
    heard: list[str] = []

    done = find_shell(PROCESSES).run(
        script, cwd=tmp_path, environ=PROCESSES.environ, timeout=None, on_line=heard.append
    )

    assert done.code == code


def test_startup_files_are_not_read(tmp_path: Path) -> None:
    """A check runs the same for every user."""
    (tmp_path / "start").write_text("exit 9\n")
    environ = {**PROCESSES.environ, "HOME": str(tmp_path)}
    (tmp_path / ".bashrc").write_text("exit 9\n")

    assert find_shell(PROCESSES).run("true", cwd=tmp_path, environ=environ, timeout=None, on_line=print).code == 0


def test_a_missing_bash_is_reported(tmp_path: Path) -> None:
    """The remedy has a command that installs bash."""
    with pytest.raises(Failure, match="bash not found on PATH"):
        find_shell(Processes(environ={"PATH": str(tmp_path)}))
