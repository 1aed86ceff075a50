"""What holds of the embedded GitHub whatever clients do to it, and whenever it is killed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from support.hub import REPOSITORY, Desk, configuration, sha256

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
    """Clients that create, change, upload and delete at random, over a process that ends at random."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._given: set[int] = set()

    @initialize(immutable=st.booleans())
    def begin(self, immutable: bool) -> None:
        """A repository, with immutable releases or without."""
        self._desk = Desk(Path(self._folder.name), configuration({"immutable_releases": immutable}))

    @rule()
    def kill(self) -> None:
        """The process ends, and another one has the same."""
        before = self._desk.hub.store.state
        self._desk.hub.store.close()
        self._desk = Desk(Path(self._folder.name), {})
        assert self._desk.hub.store.state == before

    @rule(tag=TAGS, fields=FIELDS)
    def create(self, tag: str, fields: dict[str, object]) -> None:
        """A new release has an id that nothing had before."""
        answer = self._desk.ask("POST", RELEASES, {**fields, "tag_name": tag})
        assert answer.status in {201, 422}
        if isinstance(answer.content, dict) and answer.status == 201:
            assert answer.content["id"] not in self._given
            self._given.add(answer.content["id"])

    @rule(pick=PICK, fields=FIELDS)
    def change(self, pick: int, fields: dict[str, object]) -> None:
        """A refused change changes nothing."""
        before = self._desk.hub.store.state
        status = self._desk.ask("PATCH", f"{RELEASES}/{self._picked(pick)}", fields).status
        assert status == 200 or self._desk.hub.store.state == before

    @rule(pick=PICK, name=NAMES, content=st.binary(max_size=4))
    def upload(self, pick: int, name: str, content: bytes) -> None:
        """What was taken has the digest of what was sent."""
        answer = self._desk.upload(self._picked(pick), name, content)
        if isinstance(answer.content, dict) and answer.status == 201:
            assert answer.content["digest"] == sha256(content)
            assert answer.content["id"] not in self._given
            self._given.add(answer.content["id"])

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        """A release that is deleted is gone."""
        path = f"{RELEASES}/{self._picked(pick)}"
        assert self._desk.ask("DELETE", path).status in {204, 404}
        assert self._desk.ask("GET", path).status == 404

    def _picked(self, pick: int) -> int:
        releases = sorted(self._desk.hub.store.state.releases) or [1]
        return releases[pick % len(releases)]

    @invariant()
    def what_is_public_is_in_order(self) -> None:
        """One published release a tag, each with its tag; names once a release; the latest is final."""
        state: Any = self._desk.hub.snapshot()
        public = [release["tag_name"] for release in state["releases"] if not release["draft"]]
        assert len(set(public)) == len(public)
        assert set(public) <= set(state["repositories"][0]["tags"])
        for release in state["releases"]:
            names = [asset["name"] for asset in release["assets"]]
            assert len(set(names)) == len(names)
            assert not (release["immutable"] and release["draft"])
        latest = self._desk.ask("GET", f"{RELEASES}/latest")
        final = [release for release in state["releases"] if not release["draft"] and not release["prerelease"]]
        assert (latest.status == 200) == bool(final)
        assert not isinstance(latest.content, dict) or not latest.content.get("prerelease")

    def teardown(self) -> None:
        """Let go of the folder."""
        if hasattr(self, "_desk"):
            self._desk.hub.store.close()
        self._folder.cleanup()


TestClients = Clients.TestCase
TestClients.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
