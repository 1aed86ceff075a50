"""A GitHub to release to: the embedded one, with a repository that has a tag, and what it holds as values."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.runtimes import RecordingRunner, recorded_world
from tagship.actions.gh_release import Inputs, Outputs, run
from tagship.contract.expressions import expand
from tagship.contract.reading import read_inputs
from tagship.rehearsal.fake_github.process import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMIT = "c0ffee" * 6 + "c0ff"
REPOSITORY = "octo/hello"
TOKEN = "ghs_release"


@dataclass(frozen=True, slots=True)
class GitHubUnderTest:
    """The server, and a checkout and a temporary folder to release from."""

    server: Server
    checkout: Path
    temporary: Path

    @property
    def releases(self) -> list[dict[str, Any]]:
        """The releases of the repository, drafts too, oldest first."""
        state: dict[str, Any] = self.server.state()
        return sorted(state["releases"], key=lambda release: int(release["id"]))

    @property
    def release(self) -> dict[str, Any]:
        """The only release there is."""
        (release,) = self.releases
        return release

    @property
    def latest(self) -> object:
        """The id of the release shown as Latest."""
        state: dict[str, Any] = self.server.state()
        return state["repositories"][0]["latest"]

    def requests(self) -> list[str]:
        """Method and path of every request so far, in order."""
        return [f"{item['method']} {item['path']}" for item in self.server.requests()]

    def write(self, **files: str) -> None:
        """Put files of such contents into ``dist`` of the checkout; ``__`` in a name stands for a dot."""
        for name, content in files.items():
            path = self.checkout / "dist" / name.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")

    def run(
        self, *, tag: str = "v1.2.0", sha: str = "", token: str = TOKEN, **given: str
    ) -> tuple[Outputs, RecordingRunner]:
        """What gh-release gives for these inputs (``_`` for ``-``), and what it told."""
        recorded = recorded_world(
            self.checkout, self.temporary, api_url=self.server.url, ref_name=tag, sha=sha, token=token
        )
        names = recorded.runtime.context.expressions()
        raw = {name.replace("_", "-"): value for name, value in given.items()}
        values = read_inputs(Inputs, raw, expand=lambda text: expand(text, names))
        return run(values, recorded.runtime), recorded.runner


@contextmanager
def github_under_test(folder: Path, **config: Any) -> Iterator[GitHubUnderTest]:
    """Return a server whose repository has the tag ``v1.2.0``; keywords replace parts of its configuration.

    ``repository`` adds to the settings of the repository.
    """
    repository = {
        "name": REPOSITORY,
        "branches": {"main": COMMIT},
        "tags": {"v1.2.0": COMMIT},
        **config.pop("repository", {}),
    }
    permissions = {REPOSITORY: {"contents": "write", "discussions": "write"}}
    token = {"token": TOKEN, "login": "github-actions[bot]", "kind": "installation", "permissions": permissions}
    checkout = folder / "checkout"
    checkout.mkdir(parents=True)
    with serve(folder / "state", config={"repositories": [repository], "tokens": [token], **config}) as server:
        yield GitHubUnderTest(server, checkout, folder / "temporary")
