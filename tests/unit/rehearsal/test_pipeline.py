"""The loop over fake stages."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, cast

import pytest

from tagship.errors import Failure, Problem
from tagship.rehearsal.options import OutputFolders
from tagship.rehearsal.progress import Progress
from tagship.rehearsal.rehearsal import Pipeline
from tagship.rehearsal.result import Stage, StageOutput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagship.rehearsal.result import StageResult
    from tagship.rehearsal.session import Session


class FakeSession:
    """The part of a session that the loop uses."""

    def __init__(self, folders: OutputFolders) -> None:
        self.folders = folders
        self.outputs: dict[str, Any] = {}
        self.stopped = False
        self.processes = self

    def stop(self) -> None:
        """Record the call."""
        self.stopped = True


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    """Return a session with a new output folder."""
    folders = OutputFolders(root=tmp_path / "out")
    folders.prepare()
    return FakeSession(folders)


def stage(name: str, perform: Callable[..., StageOutput] = lambda *_: StageOutput(outputs={}), **more: Any) -> Stage:
    """Return a stage with that name."""
    return Stage(name=name, title=name, perform=perform, **more)


def run(session: FakeSession, *groups: tuple[Stage, ...]) -> tuple[StageResult, ...]:
    """Run the stages and return their results."""
    return Pipeline(session=cast("Session", session), progress=Progress(), began=time.monotonic()).run(groups)


def fail(*_: object) -> StageOutput:
    """Raise a Failure."""
    raise Failure(Problem(found="It is wrong.", remedy="Fix it.", topic="wrong-inputs"))


def test_stops_after_a_failure(session: FakeSession) -> None:
    """No stage runs after a failed one; the message has cause, remedy and help page."""
    ran: list[str] = []

    def record(*_: object) -> StageOutput:
        ran.append("later")
        return StageOutput(outputs={})

    results = run(session, (stage("one"),), (stage("two", fail),), (stage("three", record),))
    assert [(result.name, result.outcome) for result in results] == [
        ("one", "passed"),
        ("two", "failed"),
        ("three", "skipped"),
    ]
    assert (results[1].message, ran) == ("It is wrong.\nFix it.", [])
    assert [address.rpartition("/")[2] for address in results[1].help] == ["troubleshooting.md#wrong-inputs"]


def test_goes_on_with_stages_that_do_not_need_the_failed_one(session: FakeSession) -> None:
    """A failure hides no other: only stages that need the failed one, and those that need all, are skipped."""
    results = run(
        session,
        (stage("checkout"),),
        (stage("gate", fail, needs=("checkout",)),),
        (stage("build", fail, needs=("checkout",)),),
        (stage("verify", needs=("build",)),),
        (stage("notes", needs=("checkout",)),),
        (stage("publish"),),
    )
    outcomes = {result.name: result.outcome for result in results}
    assert outcomes == {
        "checkout": "passed",
        "gate": "failed",
        "build": "failed",
        "verify": "skipped",
        "notes": "passed",
        "publish": "skipped",
    }


def test_runs_a_group_in_parallel_and_to_its_end(session: FakeSession) -> None:
    """The stages of a group run at the same time, and a failed one does not stop the others."""
    barrier = threading.Barrier(2, timeout=10)

    def wait_and_fail(*_: object) -> StageOutput:
        barrier.wait()
        return fail()

    def meet(*_: object) -> StageOutput:
        barrier.wait()
        time.sleep(0.05)
        return StageOutput(outputs={"met": "yes"})

    results = run(session, (stage("gate", wait_and_fail, python="3.11"), stage("gate", meet, python="3.12")))
    assert [result.outcome for result in results] == ["failed", "passed"]
    assert session.outputs == {"gate (3.12)": {"met": "yes"}}


def test_skips_a_missing_python(session: FakeSession) -> None:
    """A Python that is not installed is skipped with the reason; the others count."""
    skipped = stage("gate", fail, python="3.99", skip="Python 3.99 is not installed.")
    results = run(session, (stage("gate", python="3.11"), skipped), (stage("later"),))
    assert [result.outcome for result in results] == ["passed", "skipped", "passed"]
    assert results[1].message == "Python 3.99 is not installed."


def test_keeps_the_log_of_each_stage(session: FakeSession) -> None:
    """The log of a stage is in its file and in its result, even if the stage failed."""

    def write(_: object, log: Callable[[str], None]) -> StageOutput:
        log("one")
        log("two")
        return fail()

    (result,) = run(session, (stage("gate", write, python="3.11"),))
    assert result.log == ("one", "two")
    assert (session.folders.logs / "gate-3.11.log").read_text() == "one\ntwo\n"


def test_an_interrupt_stops_all_processes(session: FakeSession) -> None:
    """An exception in the loop stops all child processes."""

    def interrupt(*_: object) -> StageOutput:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(session, (stage("one", interrupt),))
    assert session.stopped
