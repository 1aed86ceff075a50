"""The loop that runs the stages: one group after the other, and none after a failure."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem
from tagship.rehearsal.result import StageResult
from tagship.rehearsal.stage import Done, attempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagship.rehearsal.progress import Progress
    from tagship.rehearsal.session import Session
    from tagship.rehearsal.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Runs stages in a scene and tells a progress about them. ``began`` is the monotonic time of the start."""

    session: Session
    progress: Progress
    began: float

    def run(self, groups: Iterable[Sequence[Stage]]) -> tuple[StageResult, ...]:
        """How every stage ended, in order; after a failure the others are skipped."""
        results: list[StageResult] = []
        for group in groups:
            if any(result.outcome == "failed" for result in results):
                results += [self._skip(stage, None) for stage in group]
            else:
                results += self._side_by_side(group)
        return tuple(results)

    def _side_by_side(self, group: Sequence[Stage]) -> list[StageResult]:
        if all(stage.skip for stage in group):
            return [self._none_installed(group)]
        with ThreadPoolExecutor(max_workers=len(group)) as pool:
            try:
                return list(pool.map(self._run, group))
            except BaseException:
                self.session.children.stop()
                raise

    def _run(self, stage: Stage) -> StageResult:
        if stage.skip:
            return self._skip(stage, stage.skip)
        self.progress.begin(stage)
        started, log = time.monotonic(), list[str]()

        def say(line: str) -> None:
            log.append(line)
            self.progress.line(stage, line)

        done = attempt(stage, self.session, say)
        self._keep_log(stage, log)
        result = StageResult(
            name=stage.name,
            title=stage.title,
            outcome="failed" if done.message else "passed",
            started=started - self.began,
            seconds=time.monotonic() - started,
            python=stage.python,
            message=done.message,
            help=done.help,
            annotations=done.annotations,
            outputs=done.outputs,
            log=tuple(log),
        )
        if not done.message:
            self.session.outputs[stage.label] = done.outputs
        self.progress.end(result)
        return result

    def _skip(self, stage: Stage, reason: str | None) -> StageResult:
        result = StageResult(
            name=stage.name,
            title=stage.title,
            outcome="skipped",
            started=time.monotonic() - self.began,
            seconds=0.0,
            python=stage.python,
            message=reason,
            outputs={},
        )
        self.progress.end(result)
        return result

    def _none_installed(self, group: Sequence[Stage]) -> StageResult:
        asked = ", ".join(stage.python or "" for stage in group)

        def refuse(*_: object) -> Done:
            raise Failure(
                Problem(
                    found=f"None of the Pythons asked for is installed here: {asked}.",
                    remedy="Install one of them, or ask for one that is here, as in --python 3.11",
                    topic="no-python",
                )
            )

        return self._run(replace(group[0], perform=refuse, python=None, skip=None))

    def _keep_log(self, stage: Stage, log: list[str]) -> None:
        path = self.session.folders.log_of(stage.name, stage.python)
        path.write_text("".join(f"{line}\n" for line in log), "utf-8")
