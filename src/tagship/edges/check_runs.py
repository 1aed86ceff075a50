"""A project's checks, run one after the other in bash, and reported in the log."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.formatting import error_lines
from tagship.core.gate.checks import CheckCommand, CheckReport, described, failed, not_run, outcome
from tagship.core.gate.diagnostics import diagnostics, inside
from tagship.core.gate.pythons import named_python, ran_on
from tagship.edges.processes import Completed, Processes, program_on_path
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.edges.runner import Runner

_UNFINISHED = re.compile(r"unexpected end of file|unexpected EOF while looking for|delimited by end-of-file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The bash at ``path``."""

    path: str
    processes: Processes

    def is_open(self, script: str) -> bool:
        """Return True if the script ends inside a loop, a quote or a here-document."""
        # -n parses without running. The messages are those of the C locale; a BASH_ENV would be sourced first.
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
        """Run the script, which fails on the first failing line or pipe and on an unset variable."""
        command = [self.path, "--noprofile", "--norc", "-euo", "pipefail", "-c", script]
        return self.processes.run(command, cwd=cwd, environ=environ, timeout=timeout, on_line=on_line)


def find_shell(processes: Processes) -> Shell:
    """Return the bash on PATH, or raise Failure if there is none."""
    path = program_on_path("bash", processes.environ.get("PATH", os.defpath))
    if path is None:
        raise Failure.of(
            found="bash not found on PATH; the checks run in it.",
            remedy="Install bash in an earlier step, for example in an Alpine container: apk add bash",
            topic="bash-not-found",
        )
    return Shell(path=path, processes=processes)


_ANNOTATIONS = 9
"""Error annotations before that of the verdict: GitHub shows ten for each step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRuns:
    """Runner of checks on ``python``, a minor version, in the folder ``inside`` the checkout ``workspace``."""

    shell: Shell
    runner: Runner
    workspace: Path
    inside: str
    python: str

    def run(
        self, checks: Sequence[CheckCommand], *, environ: Mapping[str, str], timeout: float | None, keep_going: bool
    ) -> tuple[CheckReport, ...]:
        """Run every check in ``environ``, each for at most ``timeout`` seconds, and return their reports.

        The output of a check goes into a log group, with workflow commands disabled. A failed check is annotated with
        its last lines and at the places in its diagnostics. Without ``keep_going`` no check runs after a failed one.
        """
        # Without this variable the last lines of a killed check are lost in a buffer.
        environ = {"PYTHONUNBUFFERED": "1", **environ}
        reports: list[CheckReport] = []
        room = _ANNOTATIONS
        for check in checks:
            if failed(reports) and not keep_going:
                reports.append(not_run(check.name, check.script))
                continue
            completed = self._completed(check, environ, timeout)
            report = self._report(check, completed)
            reports.append(report)
            where = f" on Python {report.python}" if report.outcome != "wrong Python" else ""
            self.runner.log(f"{check.name}: {described(report)}{where}")
            if failed([report]) and room:
                room -= self._annotate(report, completed.output, room)
        return tuple(reports)

    def listed(self, command: str, environ: Mapping[str, str]) -> str:
        """Return the standard output of ``command``, or nothing if it fails: then the checks report why."""
        script = [self.shell.path, "--noprofile", "--norc", "-euo", "pipefail", "-c", command]
        folder = self.workspace / self.inside
        completed = self.shell.processes.run(script, cwd=folder, environ=environ, timeout=600, errors_apart=True)
        return completed.output if completed.ok else ""

    def _report(self, check: CheckCommand, completed: Completed) -> CheckReport:
        named = named_python(check.script)
        pythons = ran_on(completed.output) or ((named,) if named else (self.python,))
        right = self.python in pythons
        result = outcome(completed.code, completed.output, timed_out=completed.timed_out, right_python=right)
        return CheckReport(
            name=check.name,
            command=check.script,
            outcome=result,
            exit_code=None if completed.timed_out else completed.code,
            seconds=round(completed.seconds, 3),
            python=", ".join(pythons),
            output="" if result == "passed" else error_lines(completed.output, lines=12),
        )

    def _completed(self, check: CheckCommand, environ: Mapping[str, str], timeout: float | None) -> Completed:
        with self.runner.group(check.name), self.runner.shielded() as write:
            return self.shell.run(
                check.script, cwd=self.workspace / self.inside, environ=environ, timeout=timeout, on_line=write
            )

    def _annotate(self, report: CheckReport, output: str, room: int) -> int:
        """Annotate a failed check; return the number of annotations used, at most about half of the ``room`` left."""
        title = f"{report.name} {described(report)}"
        self.runner.annotate("error", title, error_lines(output) or "No output.")
        used = 1
        for item in diagnostics(output):
            file = inside(item.file, workspace=self.workspace.as_posix(), folder=self.inside)
            if used < (room + 1) // 2 and file and (self.workspace / file).is_file():
                self.runner.annotate(item.level, report.name, item.text, file=file, line=item.line)
                used += 1
        return used
