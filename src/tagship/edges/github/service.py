"""The releases of one repository, as an action works with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.edges.github.connection import Connection
from tagship.edges.github.convergence import Convergence
from tagship.edges.github.releases import Releases
from tagship.edges.github.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagship.core.preflight.published import ReleaseAnswer
    from tagship.core.release.answers import Answer
    from tagship.core.release.state import State
    from tagship.core.release.wanted import Wanted
    from tagship.edges.github.convergence import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHub:
    """A repository on GitHub. ``log`` gets a line for each step and each wait."""

    releases: Releases
    log: Callable[[str], None]

    def close(self) -> None:
        """End the connections that are open."""
        self.releases.requests.connection.close()

    def read(self, wanted: Wanted) -> State:
        """What is there, as far as a plan for ``wanted`` depends on it."""
        return self.releases.read(wanted)

    def published(self, tag: str) -> ReleaseAnswer:
        """The published release of ``tag``, asked for once: a GitHub that is down is an answer as well."""
        return self.releases.published(tag)

    def run_jobs(self, run: str) -> Answer:
        """What GitHub tells of the jobs of the run with this number, asked once: nothing depends on it."""
        path = f"/repos/{self.releases.repository}/actions/runs/{run}/jobs"
        return self.releases.requests.connection.request("GET", path, parameters={"per_page": "100"})

    def generated_notes(self, tag: str, *, previous: str, target: str | None) -> str:
        """The notes that GitHub writes for ``tag``."""
        return self.releases.generated_notes(tag, previous=previous, target=target)

    def converge(self, wanted: Wanted, state: State, *, parallel: int) -> Outcome:
        """The release as wanted, from ``state`` on, with so many uploads at a time."""
        return Convergence(wanted=wanted, releases=self.releases, log=self.log, parallel=parallel).run(state)


def github(repository: str, *, api_url: str, token: str, log: Callable[[str], None]) -> GitHub:
    """The releases of ``repository`` behind the API at ``api_url``."""
    connection = Connection(api_url=api_url.rstrip("/"), token=token)
    return GitHub(releases=Releases(repository=repository, requests=Requests(connection=connection, log=log)), log=log)
