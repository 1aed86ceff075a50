"""Invariants of the embedded GitHub under random requests."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from support.fake_github import REPOSITORY, Client, sha256, standard_app

RELEASES = f"{REPOSITORY}/releases"
TAGS = st.sampled_from(["v1.0.0", "v2.0.0", "v3.0.0"])
NAMES = st.sampled_from(["a.whl", "b c.whl", "b.c.whl"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "tag_name": TAGS,
        "draft": st.booleans(),
        "prerelease": st.booleans(),
        "make_latest": st.sampled_from(["true", "false", "legacy"]),
        "name": st.none() | st.text(max_size=3),
    },
)
PICK = st.integers(min_value=0, max_value=9)


class Clients(RuleBasedStateMachine):
    """Clients that create, update, upload and delete at random."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._assigned: set[int] = set()

    @initialize(immutable=st.booleans())
    def begin(self, immutable: bool) -> None:
        """Start with a repository that has immutable releases or not."""
        self._client = Client(standard_app(Path(self._folder.name), {"immutable_releases": immutable}))

    @rule(tag=TAGS, fields=FIELDS)
    def create(self, tag: str, fields: dict[str, object]) -> None:
        """Check that a new release has an id that was never assigned."""
        answer = self._client.ask("POST", RELEASES, {**fields, "tag_name": tag})
        assert answer.status in {201, 422}
        if isinstance(answer.content, dict) and answer.status == 201:
            assert answer.content["id"] not in self._assigned
            self._assigned.add(answer.content["id"])

    @rule(pick=PICK, fields=FIELDS)
    def change(self, pick: int, fields: dict[str, object]) -> None:
        """Check that a refused update changes nothing."""
        before = self._client.app.state
        status = self._client.ask("PATCH", f"{RELEASES}/{self._picked(pick)}", fields).status
        assert status == 200 or self._client.app.state == before

    @rule(pick=PICK, name=NAMES, content=st.binary(max_size=4))
    def upload(self, pick: int, name: str, content: bytes) -> None:
        """Check that an accepted upload has the digest of its content."""
        answer = self._client.upload(self._picked(pick), name, content)
        if isinstance(answer.content, dict) and answer.status == 201:
            assert answer.content["digest"] == sha256(content)
            assert answer.content["id"] not in self._assigned
            self._assigned.add(answer.content["id"])

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        """Check that a deleted release is not found."""
        path = f"{RELEASES}/{self._picked(pick)}"
        assert self._client.ask("DELETE", path).status in {204, 404}
        assert self._client.ask("GET", path).status == 404

    def _picked(self, pick: int) -> int:
        releases = sorted(self._client.app.state.releases) or [1]
        return releases[pick % len(releases)]

    @invariant()
    def releases_are_consistent(self) -> None:
        """Check tags, asset names, immutability and the latest release."""
        state = self._client.app.state
        (repository,) = state.repositories.values()
        releases = list(state.releases.values())
        public = [release.tag_name for release in releases if not release.draft]
        assert len(set(public)) == len(public)
        assert set(public) <= set(repository.tags)
        for release in releases:
            names = [asset.name for asset in state.assets_of(release)]
            assert len(set(names)) == len(names)
            assert not (release.immutable and release.draft)
        latest = self._client.ask("GET", f"{RELEASES}/latest")
        final = [release for release in releases if not release.draft and not release.prerelease]
        assert (latest.status == 200) == bool(final)
        assert not isinstance(latest.content, dict) or not latest.content.get("prerelease")

    def teardown(self) -> None:
        """Delete the folder."""
        self._folder.cleanup()


TestClients = Clients.TestCase
TestClients.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
