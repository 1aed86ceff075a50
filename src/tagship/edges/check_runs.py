"""A project's checks, run one after the other and told as they go."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.gate.findings import findings, inside
from tagship.core.gate.reports import CheckReport, described, failed, last_lines, not_run, outcome
from tagship.edges.processes import program_on_path
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagship.core.gate.checks import Check
    from tagship.edges.processes import Completed, Processes
    from tagship.edges.runner import Runner

_UNFINISHED = re.compile(r"unexpected end of file|unexpected EOF while looking for|delimited by end-of-file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The bash at ``path``."""

    path: str
    processes: Processes

    def is_open(self, script: str) -> bool:
        """Return True if the script stops in the middle of something: a loop, a quote, a here-document."""
        # -n reads without running; the words are bash's own in the C locale. BASH_ENV would be read first.
        answer = self.processes.run(
            [self.path, "--noprofile", "--norc", "-n", "-c", script],
            cwd=Path(self.path).parent,
            environ={**self.processes.environ, "LC_ALL": "C", "BASH_ENV": ""},
            timeout=30,
        )
        return bool(_UNFINISHED.search(answer.output))

    def run(
        self,
        script: str,
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float | None,
        on_line: Callable[[str], None],
    ) -> Completed:
        """How the script ended: the first line that fails, a failing pipe or an unset variable fails it."""
        command = [self.path, "--noprofile", "--norc", "-euo", "pipefail", "-c", script]
        return self.processes.run(command, cwd=cwd, environ=environ, timeout=timeout, on_line=on_line)


def find_shell(processes: Processes) -> Shell:
    """Return the bash on PATH. Raises Failure where there is none."""
    path = program_on_path("bash", processes.environ.get("PATH", os.defpath))
    if path is None:
        raise Failure(
            Problem(
                found="There is no bash on PATH, in which the checks would run.",
                remedy="Install it (apk add bash, Git for Windows), or run the job on a runner that has it.",
                topic="no-bash",
            )
        )
    return Shell(path=path, processes=processes)


_ANNOTATIONS = 9
"""Errors annotated before the verdict: GitHub shows ten a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRuns:
    """Runs checks in the folder ``inside`` the checkout ``workspace``."""

    shell: Shell
    runner: Runner
    workspace: Path
    inside: str

    def run(
        self, checks: Sequence[Check], *, environ: Mapping[str, str], timeout: float | None, keep_going: bool
    ) -> tuple[CheckReport, ...]:
        """How every check went, each in ``environ`` and for ``timeout`` seconds at most.

        A group of the log holds what a check prints, shielded. One that failed is annotated with its last lines and at
        the places it complains about. Unless it is to ``keep_going``, the first that fails is the last that runs.
        """
        # Without it a check that is killed would take its last lines along in a buffer.
        environ = {"PYTHONUNBUFFERED": "1", **environ}
        reports: list[CheckReport] = []
        room = _ANNOTATIONS
        for check in checks:
            if failed(reports) and not keep_going:
                reports.append(not_run(check.name, check.script))
                continue
            completed = self._completed(check, environ, timeout)
            report = CheckReport(
                name=check.name,
                command=check.script,
                outcome=outcome(completed.code, completed.output, timed_out=completed.timed_out),
                exit_code=None if completed.timed_out else completed.code,
                seconds=round(completed.seconds, 3),
            )
            reports.append(report)
            self.runner.log(f"{check.name}: {described(report)}")
            if failed([report]) and room:
                room -= self._annotate(report, completed.output, room)
        return tuple(reports)

    def _completed(self, check: Check, environ: Mapping[str, str], timeout: float | None) -> Completed:
        with self.runner.group(check.name), self.runner.shielded() as write:
            return self.shell.run(
                check.script, cwd=self.workspace / self.inside, environ=environ, timeout=timeout, on_line=write
            )

    def _annotate(self, report: CheckReport, output: str, room: int) -> int:
        """How many of the ``room`` annotations that are left a check has used: at most half, so that others show."""
        title = f"{report.name} {described(report)}"
        self.runner.annotate("error", title, last_lines(output) or "It printed nothing.")
        used = 1
        for item in findings(output):
            file = inside(item.file, workspace=self.workspace.as_posix(), folder=self.inside)
            if used < (room + 1) // 2 and file and (self.workspace / file).is_file():
                self.runner.annotate(item.level, report.name, item.text, file=file, line=item.line)
                used += 1
        return used
