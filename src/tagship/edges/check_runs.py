"""A project's checks, run one after the other and told as they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.gate.findings import findings, inside
from tagship.core.gate.reports import CheckReport, described, failed, last_lines, not_run, outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tagship.core.gate.checks import Check
    from tagship.edges.processes import Completed
    from tagship.edges.runner import Runner
    from tagship.edges.shell import Shell

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
