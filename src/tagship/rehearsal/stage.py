"""A stage of the release, and its output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagship.rehearsal.session import Session
    from tagship.rehearsal.workflow_commands import Annotation

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutput:
    """The output of a stage. ``message`` is the cause of a failure; ``help`` has a page for each problem in it."""

    outputs: Mapping[str, str]
    message: str | None = None
    help: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage. ``perform`` runs it and logs line by line; ``skip`` is the reason why it cannot run here.

    ``needs`` are the names of the stages that must pass first; None means all earlier ones.
    """

    name: str
    title: str
    perform: Callable[[Session, Log], StageOutput]
    python: str | None = None
    skip: str | None = None
    needs: tuple[str, ...] | None = None

    @property
    def label(self) -> str:
        """The name of the stage, with its Python if it runs on several."""
        return f"{self.name} ({self.python})" if self.python else self.name
