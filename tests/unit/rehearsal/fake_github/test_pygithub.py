"""PyGithub, the client that actions use, drives the embedded GitHub as it drives the real one."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from github import Auth, Github, GithubException

from support.hub import COMMIT, NAME, READER, WRITER, configuration, sha256
from tagship.rehearsal.fake_github.process import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.Repository import Repository

    from tagship.rehearsal.fake_github.process import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Yield a process of the test's own."""
    with serve(tmp_path / "state", config=configuration()) as running:
        yield running


def repository(base_url: str, token: str = WRITER) -> Repository:
    """Return the repository, by a client that neither waits nor tries again."""
    client = Github(
        base_url=base_url,
        auth=Auth.Token(token),
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
    return client.get_repo(NAME)


@pytest.mark.parametrize("form", ["url", "enterprise_url"])
def test_a_release_goes_from_draft_to_latest(server: Server, tmp_path: Path, form: str) -> None:
    """Create a draft, upload from disk and memory, publish, read back: all through the client's own methods."""
    (tmp_path / "a b.whl").write_bytes(b"from disk")
    found = repository(getattr(server, form))
    draft = found.create_git_release("v1.0.0", "One", "notes", draft=True, make_latest="legacy")
    assert draft.draft
    draft.upload_asset(str(tmp_path / "a b.whl"), label="A b", content_type="application/zip")
    draft.upload_asset_from_memory(BytesIO(b"from memory"), 11, "b.whl")
    release = draft.update_release("One", "notes", draft=False, make_latest="true")
    assert not release.draft
    assert found.get_latest_release().id == release.id == found.get_release("v1.0.0").id
    assets = {asset.name: (asset.label, asset.raw_data["digest"]) for asset in release.get_assets()}
    assert assets == {"a.b.whl": ("A b", sha256(b"from disk")), "b.whl": ("", sha256(b"from memory"))}
    for asset in release.get_assets():
        asset.download_asset(str(tmp_path / "downloaded"))
        assert sha256((tmp_path / "downloaded").read_bytes()) == asset.raw_data["digest"]
    assert found.get_git_ref("tags/v1.0.0").object.sha == COMMIT
    assert [reference.ref for reference in found.get_git_matching_refs("tags/v1")] == ["refs/tags/v1.0.0"]


def test_pages_of_releases_are_followed(server: Server) -> None:
    """The client's lists go through all pages by the Link headers."""
    releases = [{"tag_name": f"v0.{number}"} for number in range(70)]
    server.configure({"repositories": [{"name": "octo/many", "releases": releases}]})
    server.configure({"tokens": [{"token": "many", "permissions": {"octo/many": {"contents": "read"}}}]})
    client = Github(base_url=server.url, auth=Auth.Token("many"), seconds_between_requests=None)
    assert len({release.id for release in client.get_repo("octo/many").get_releases()}) == 70


def test_the_client_sees_refusals_as_its_own_exceptions(server: Server) -> None:
    """Status and message arrive where callers look for them."""
    with pytest.raises(GithubException) as caught:
        repository(server.url, READER).create_git_release("v1.0.0", "One", "notes")
    assert (caught.value.status, caught.value.data["message"]) == (403, "Resource not accessible by integration")
    with pytest.raises(GithubException) as caught:
        repository(server.url).create_git_release("v1.0.0", "One", "notes", draft=True)
    assert caught.value.data["errors"][0]["message"] == "Latest release cannot be draft or prerelease."
