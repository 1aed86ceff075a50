"""Everything outside that an action may use, handed to its ``run``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.edges.git import Repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.edges.attachments import Folder
    from tagship.edges.context import Context
    from tagship.edges.github.service import GitHub
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

    def github(self, repository: str, *, api_url: str, token: str) -> GitHub:
        """The releases of ``repository`` (owner and name) behind the API at ``api_url``."""
        from tagship.edges.github.service import github

        return github(repository, api_url=api_url, token=token, log=self.runner.log)

    def attachable(self, inside: str = ".") -> Folder:
        """The folder ``inside`` the checkout, as a place to look up globs in."""
        from tagship.edges.attachments import Folder

        home = self.environ.get("HOME") or self.environ.get("USERPROFILE") or str(self.workspace)
        return Folder(path=self.directory(inside), home=Path(home))
