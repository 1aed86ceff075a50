"""A stage of a release as a value, and what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.edges.runner import describe
from tagship.errors import HELP_PAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagship.rehearsal.session import Session
    from tagship.rehearsal.workflow_commands import Annotation

    Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a stage left behind. ``message`` is the cause where it failed, ``help`` where each problem is explained."""

    outputs: Mapping[str, str]
    message: str | None = None
    help: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage. ``perform`` runs it and tells its log by lines; ``skip`` says why it cannot run on this machine."""

    name: str
    title: str
    perform: Callable[[Session, Say], Done]
    python: str | None = None
    skip: str | None = None

    @property
    def label(self) -> str:
        """The stage's name, with the Python it runs on where it runs on several."""
        return f"{self.name} ({self.python})" if self.python else self.name


def attempt(stage: Stage, session: Session, say: Say) -> Done:
    """Return the stage, performed; an expected failure becomes its message."""
    try:
        return stage.perform(session, say)
    except Failure as failure:
        return failed(failure)


def failed(failure: Failure) -> Done:
    """What a stage leaves behind that fails as expected."""
    pages = tuple(f"{HELP_PAGE}#{problem.topic}" for problem in failure.problems)
    return Done(outputs={}, message=describe(failure.problems), help=pages)
