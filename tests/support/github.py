"""The embedded GitHub with one repository, for tests that release to it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from support.fake_github import fill, settings_of
from support.runtimes import RecordingRunner, recorded_world
from tagship.actions.gh_release import Inputs, Outputs, run
from tagship.contract.conversion import expand, read_inputs
from tagship.rehearsal.fake_github.app import add_token
from tagship.rehearsal.fake_github.models import Repository, Token
from tagship.rehearsal.fake_github.server import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COMMIT = "c0ffee" * 6 + "c0ff"
REPOSITORY = "octo/hello"
TOKEN = "ghs_release"
PERMISSIONS = {REPOSITORY: {"contents": "write", "discussions": "write"}}


def releases_of(server: Server) -> list[dict[str, Any]]:
    """Return the fields of all releases, drafts too, oldest first; ``assets`` has the fields of each asset."""
    state = server.app.state
    return [
        {**asdict(release), "assets": [asdict(asset) for asset in state.assets_of(release)]}
        for release in sorted(state.releases.values(), key=lambda release: release.id)
    ]


def repository_of(server: Server) -> Repository:
    """Return the only repository."""
    (repository,) = server.app.state.repositories.values()
    return repository


@dataclass(frozen=True, slots=True)
class GitHubUnderTest:
    """The server, and a checkout and a temporary folder to release from."""

    server: Server
    checkout: Path
    temporary: Path

    @property
    def releases(self) -> list[dict[str, Any]]:
        """All releases, drafts too, oldest first."""
        return releases_of(self.server)

    @property
    def release(self) -> dict[str, Any]:
        """The only release."""
        (release,) = self.releases
        return release

    @property
    def repository(self) -> Repository:
        return repository_of(self.server)

    @property
    def latest(self) -> int | None:
        """Id of the release that is marked as Latest."""
        return self.repository.latest

    def requests(self) -> list[str]:
        """Return method and path of every request so far, in order."""
        return [f"{item['method']} {item['path']}" for item in self.server.requests()]

    def configure(self, **settings: Any) -> None:
        """Replace all settings, as in ``github_under_test``; those that are not given are GitHub's."""
        self.server.app.settings = settings_of(**settings)

    def write(self, **files: str) -> None:
        """Write files into ``dist`` of the checkout; ``__`` in a name becomes a dot."""
        for name, content in files.items():
            path = self.checkout / "dist" / name.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")

    def run(
        self, *, tag: str = "v1.2.0", sha: str = "", token: str = TOKEN, **given: str
    ) -> tuple[Outputs, RecordingRunner]:
        """Run gh-release with the inputs (``_`` for ``-``); return its outputs and its runner."""
        recorded = recorded_world(
            self.checkout, self.temporary, api_url=self.server.url, ref_name=tag, sha=sha, token=token
        )
        names = recorded.runtime.context.expressions()
        raw = {name.replace("_", "-"): value for name, value in given.items()}
        values = read_inputs(Inputs, raw, expand=lambda text: expand(text, names))
        return run(values, recorded.runtime), recorded.runner


@contextmanager
def github_under_test(
    folder: Path,
    *,
    repository: Mapping[str, Any] | None = None,
    permissions: Mapping[str, Any] = PERMISSIONS,
    **settings: Any,
) -> Iterator[GitHubUnderTest]:
    """Yield a server whose repository has the tag ``v1.2.0``.

    ``repository`` is a table of further fields, with ``releases`` as in ``support.fake_github.fill``. ``permissions``
    are those of the token. ``faults`` is a list of tables; other keywords are fields of ``Settings``.
    """
    checkout = folder / "checkout"
    checkout.mkdir(parents=True)
    with serve(folder / "assets", settings_of(**settings)) as server:
        add_token(server.app, Token(token=TOKEN, permissions=permissions))
        standard = {"name": REPOSITORY, "branches": {"main": COMMIT}, "tags": {"v1.2.0": COMMIT}}
        fill(server.app, **{**standard, **(repository or {})})
        yield GitHubUnderTest(server, checkout, folder / "temporary")
