"""Everything outside that an action may use, handed to its ``run``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.edges.git import Repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagship.edges.context import Context
    from tagship.edges.processes import Processes
    from tagship.edges.runner import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The outside of one action.

    ``workspace`` is the caller's checkout; ``temporary`` a folder that outlives the step but not the job.
    ``processes`` starts children in an environment without credentials. Edges that need a library of a larger tier
    import it when they are asked for.
    """

    runner: Runner
    context: Context
    processes: Processes
    workspace: Path
    temporary: Path

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment that children get."""
        return self.processes.environ

    def directory(self, inside: str) -> Path:
        """The folder ``inside`` the checkout."""
        return self.workspace / inside

    def git(self, inside: str = ".") -> Repository:
        """The repository that holds the folder ``inside`` the checkout."""
        return Repository(directory=self.directory(inside), processes=self.processes)
