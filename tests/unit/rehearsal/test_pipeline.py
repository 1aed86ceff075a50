"""The loop, over stages that do nothing but what a test wants."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, cast

import pytest

from tagship.errors import Failure, Problem
from tagship.rehearsal.options import Folders
from tagship.rehearsal.pipeline import Pipeline
from tagship.rehearsal.progress import Quiet
from tagship.rehearsal.stage import Done, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagship.rehearsal.result import StageResult
    from tagship.rehearsal.session import Session


class Bare:
    """As much of a scene as the loop itself uses."""

    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.outputs: dict[str, Any] = {}
        self.stopped = False
        self.children = self

    def stop(self) -> None:
        """Note that every child was ended."""
        self.stopped = True


@pytest.fixture
def session(tmp_path: Path) -> Bare:
    """Return a scene over a fresh output folder."""
    folders = Folders(output=tmp_path / "out")
    folders.clear()
    return Bare(folders)


def stage(name: str, perform: Callable[..., Done] = lambda *_: Done(outputs={}), **more: Any) -> Stage:
    """Return a stage called ``name``."""
    return Stage(name=name, title=name, perform=perform, **more)


def run(session: Bare, *groups: tuple[Stage, ...]) -> tuple[StageResult, ...]:
    """How the stages ended."""
    return Pipeline(session=cast("Session", session), progress=Quiet(), began=time.monotonic()).run(groups)


def refuse(*_: object) -> Done:
    """Fail as expected."""
    raise Failure(Problem(found="It is wrong.", remedy="Mend it.", topic="wrong-inputs"))


def test_stops_after_a_failure(session: Bare) -> None:
    """Nothing runs after a stage that failed; the cause is told as a real run tells it."""
    ran: list[str] = []

    def note(*_: object) -> Done:
        ran.append("later")
        return Done(outputs={})

    results = run(session, (stage("one"),), (stage("two", refuse),), (stage("three", note),))
    assert [(result.name, result.outcome) for result in results] == [
        ("one", "passed"),
        ("two", "failed"),
        ("three", "skipped"),
    ]
    assert (results[1].message, ran) == ("It is wrong.\nMend it.", [])
    assert [address.rpartition("/")[2] for address in results[1].help] == ["troubleshooting.md#wrong-inputs"]


def test_runs_a_group_side_by_side_and_to_its_end(session: Bare) -> None:
    """The stages of a group run at the same time, and one that fails does not stop the others."""
    barrier = threading.Barrier(2, timeout=10)

    def fail(*_: object) -> Done:
        barrier.wait()
        return refuse()

    def meet(*_: object) -> Done:
        barrier.wait()
        time.sleep(0.05)
        return Done(outputs={"met": "yes"})

    results = run(session, (stage("gate", fail, python="3.11"), stage("gate", meet, python="3.12")))
    assert [result.outcome for result in results] == ["failed", "passed"]
    assert session.outputs == {"gate (3.12)": {"met": "yes"}}


def test_skips_what_cannot_run_here(session: Bare) -> None:
    """A Python that is not installed is skipped with the reason, and the others still count."""
    skipped = stage("gate", refuse, python="3.99", skip="Python 3.99 is not installed here.")
    results = run(session, (stage("gate", python="3.11"), skipped), (stage("later"),))
    assert [result.outcome for result in results] == ["passed", "skipped", "passed"]
    assert results[1].message == "Python 3.99 is not installed here."


def test_fails_where_no_python_is_installed(session: Bare) -> None:
    """A gate that nothing went through is not open."""
    gates = tuple(stage("gate", python=version, skip="no") for version in ("3.98", "3.99"))
    results = run(session, gates, (stage("later"),))
    assert [result.outcome for result in results] == ["failed", "skipped"]
    assert "3.98, 3.99" in (results[0].message or "")


def test_keeps_the_log_of_each_stage(session: Bare) -> None:
    """What a stage wrote is in a file of its own and in its result, also when it failed."""

    def speak(_: object, say: Callable[[str], None]) -> Done:
        say("one")
        say("two")
        return refuse()

    (result,) = run(session, (stage("gate", speak, python="3.11"),))
    assert result.log == ("one", "two")
    assert (session.folders.logs / "gate-3.11.log").read_text() == "one\ntwo\n"


def test_an_interrupted_rehearsal_ends_its_children(session: Bare) -> None:
    """Whatever ends the loop early, no child goes on."""

    def interrupt(*_: object) -> Done:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(session, (stage("one", interrupt),))
    assert session.stopped
