"""The loop that runs the stages: group after group, without those that need a stage that failed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.edges.runner import describe
from tagship.errors import HELP_PAGE, Failure
from tagship.rehearsal.result import Outcome, StageResult
from tagship.rehearsal.stage import Log, Stage, StageOutput

if TYPE_CHECKING:
    from tagship.rehearsal.progress import Progress
    from tagship.rehearsal.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Runs stages in a session and reports them to a progress display. ``began`` is the monotonic time of the start."""

    session: Session
    progress: Progress
    began: float

    def run(self, groups: Iterable[Sequence[Stage]]) -> tuple[StageResult, ...]:
        """Run every group in order and return the results; a stage is skipped if a stage that it needs failed."""
        results: list[StageResult] = []
        missing: set[str] = set()
        for group in groups:
            if any(missing if stage.needs is None else missing.intersection(stage.needs) for stage in group):
                results += [self._skip(stage, None) for stage in group]
            else:
                results += self._run_parallel(group)
            missing |= {result.name for result in results if result.outcome != "passed" and not _is_absent(result)}
        return tuple(results)

    def _run_parallel(self, group: Sequence[Stage]) -> list[StageResult]:
        with ThreadPoolExecutor(max_workers=len(group)) as pool:
            try:
                return list(pool.map(self._run, group))
            except BaseException:
                self.session.processes.stop()
                raise

    def _run(self, stage: Stage) -> StageResult:
        if stage.skip:
            return self._skip(stage, stage.skip)
        self.progress.begin(stage)
        started, lines = time.monotonic(), list[str]()

        def log(line: str) -> None:
            lines.append(line)
            if line.strip():
                self.progress.line(stage, line)

        output = _output(stage, self.session, log)
        path = self.session.folders.log_of(stage.name, stage.python)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        if output.message:
            return self._ended(stage, "failed", output, started, lines)
        self.session.outputs[stage.label] = output.outputs
        return self._ended(stage, "passed", output, started, lines)

    def _skip(self, stage: Stage, reason: str | None) -> StageResult:
        return self._ended(stage, "skipped", StageOutput(outputs={}, message=reason), time.monotonic(), ())

    def _ended(
        self, stage: Stage, outcome: Outcome, output: StageOutput, started: float, lines: Sequence[str]
    ) -> StageResult:
        result = StageResult(
            name=stage.name,
            title=stage.title,
            outcome=outcome,
            started=started - self.began,
            seconds=time.monotonic() - started,
            python=stage.python,
            message=output.message,
            help=output.help,
            annotations=output.annotations,
            outputs=output.outputs,
            log=tuple(lines),
        )
        self.progress.end(result)
        return result


def _output(stage: Stage, session: Session, log: Log) -> StageOutput:
    """Run the stage; a Failure becomes a message."""
    try:
        return stage.perform(session, log)
    except Failure as failure:
        pages = tuple(f"{HELP_PAGE}#{problem.topic}" for problem in failure.problems)
        return StageOutput(outputs={}, message=describe(failure.problems), help=pages)


def _is_absent(result: StageResult) -> bool:
    """Return True for a stage that was skipped because its Python is not installed."""
    return result.outcome == "skipped" and result.message is not None
