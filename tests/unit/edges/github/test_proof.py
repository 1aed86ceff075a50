"""The requests of the proof, against the embedded GitHub."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from support.github import REPOSITORY, TOKEN, github_under_test
from tagship.edges.github import proof as module
from tagship.edges.github.proof import proof
from tagship.edges.github.releases import GitHub
from tagship.edges.github.retrying import Clock
from tagship.rehearsal.fake_github.models import Put

if TYPE_CHECKING:
    from pathlib import Path

RELEASE = {"tag_name": "v1.2.0", "assets": [{"name": "a.whl", "content": "wheel"}, {"name": "b.gz", "content": "x"}]}


def outcomes(folder: Path, *, stored: str = "", **repository: Any) -> list[tuple[str, str]]:
    """Return subject and outcome of each check; ``stored`` replaces the digest of the first asset's content."""
    immutable = repository.get("immutable_releases", False)
    fixture = {"releases": [{**RELEASE, "immutable": immutable}], **repository}
    with github_under_test(folder, repository=fixture) as hub:
        if stored:
            asset = min(hub.server.app.state.assets.values(), key=lambda asset: asset.id)
            hub.server.app.apply([Put(record=replace(asset, digest=stored))])
        clock = Clock(sleep=lambda _: None)
        github = GitHub(repository=REPOSITORY, api_url=hub.server.url, token=TOKEN, log=lambda _: None, clock=clock)
        release = github.release("v1.2.0")
        assert release is not None
        checks = proof(github, release)
        assert all(item["token"] != "none" for item in hub.server.requests())
    return [(check.subject, check.outcome) for check in checks]


@pytest.mark.parametrize(
    ("repository", "checks"),
    [
        pytest.param({}, [("Release page", "passed"), ("Downloads", "passed")], id="a public repository"),
        pytest.param(
            {"immutable_releases": True},
            [("Release page", "passed"), ("Downloads", "passed"), ("Attestation", "passed")],
            id="an immutable release",
        ),
        pytest.param({"private": True}, [("Downloads", "skipped")], id="a private repository"),
        pytest.param(
            {"stored": "sha256:00"},
            [("Release page", "passed"), ("a.whl", "failed"), ("Downloads", "passed")],
            id="another content",
        ),
    ],
)
def test_a_published_release_is_read_as_its_readers_do(
    tmp_path: Path, repository: dict[str, Any], checks: list[tuple[str, str]]
) -> None:
    """The page, the files, and the attestation of an immutable release are checked; no token is sent to them."""
    assert outcomes(tmp_path, **repository) == checks


def test_only_the_size_of_large_files_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit of all downloads together, another content is not noticed."""
    monkeypatch.setattr(module, "_MOST_BYTES", 1)
    assert outcomes(tmp_path, stored="sha256:00") == [("Release page", "passed"), ("Downloads", "passed")]
