"""Checks run one after the other, in the log of a runner that obeys commands."""

from __future__ import annotations

import io
import os
import re
from typing import TYPE_CHECKING

from tagship.core.gate.checks import Check
from tagship.edges.check_runs import CheckRuns, find_shell
from tagship.edges.processes import Processes
from tagship.edges.runner import ActionsRunner

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.gate.reports import CheckReport

ENVIRON = dict(os.environ)


def run(tmp_path: Path, *scripts: str, timeout: float | None = None) -> tuple[tuple[CheckReport, ...], str]:
    """How the checks went, and the log as the runner reads it."""
    log = io.StringIO()
    runner = ActionsRunner(stream=log, output=tmp_path / "output", summary=None)
    runs = CheckRuns(shell=find_shell(Processes(environ=ENVIRON)), runner=runner, workspace=tmp_path, inside=".")
    checks = [Check(name=script.splitlines()[0], script=script) for script in scripts]
    return runs.run(checks, environ=ENVIRON, timeout=timeout, keep_going=True), log.getvalue()


def commands(log: str) -> list[str]:
    """Return the workflow commands that the runner would obey, by name: none between stop-commands and its word."""
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


def test_what_a_check_prints_is_no_command(tmp_path: Path) -> None:
    """Not by saying so, not on standard error, not by ending the shield with a word of its own."""
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


def test_the_shield_ends_with_the_check(tmp_path: Path) -> None:
    """Annotations of ours come through, also after a check that was killed in the middle of a line."""
    reports, log = run(tmp_path, "printf '::add-mask::half a line'; sleep 60", "false", timeout=1)

    assert [report.outcome for report in reports] == ["timed out", "failed"]
    assert commands(log) == ["group", "endgroup", "error", "group", "endgroup", "error"]


def test_a_check_that_is_killed_leaves_its_last_words(tmp_path: Path) -> None:
    """Python's output is not kept in a buffer that dies with it."""
    _, log = run(tmp_path, "python3 -c \"import time; print('stood here'); time.sleep(60)\"", timeout=2)

    assert "stood here" in log
