"""PyGithub, as an independent client, against the embedded GitHub."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from github import Auth, Github, GithubException

from support.fake_github import COMMIT, NAME, OTHER_COMMIT, READER, TOKENS, WRITER, fill, sha256
from tagship.rehearsal.fake_github.app import add_token
from tagship.rehearsal.fake_github.models import Token
from tagship.rehearsal.fake_github.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.Repository import Repository

    from tagship.rehearsal.fake_github.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Yield a server with two tags and all kinds of tokens."""
    with serve(tmp_path / "assets") as running:
        for token in TOKENS:
            add_token(running.app, token)
        fill(running.app, name=NAME, branches={"main": COMMIT}, tags={"v1.0.0": COMMIT, "v2.0.0": OTHER_COMMIT})
        yield running


def repository(base_url: str, token: str = WRITER, name: str = NAME) -> Repository:
    """Return the repository of a client without delays and retries."""
    client = Github(
        base_url=base_url,
        auth=Auth.Token(token),
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
    return client.get_repo(name)


@pytest.mark.parametrize("form", ["url", "enterprise_url"])
def test_a_release_is_created_uploaded_and_published(server: Server, tmp_path: Path, form: str) -> None:
    """The client creates a draft, uploads files, publishes, and reads release, assets and references."""
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
    assert [tag.name for tag in found.get_tags()] == ["v2.0.0", "v1.0.0"]


def test_releases_and_assets_are_edited_and_deleted(server: Server) -> None:
    """The client renames an asset, generates notes, and deletes the asset and the release."""
    found = repository(server.url)
    release = found.create_git_release("v1.0.0", "One", "notes")
    asset = release.upload_asset_from_memory(BytesIO(b"x"), 1, "a.whl")
    assert asset.update_asset("b.whl", "B").name == "b.whl"
    assert "Full Changelog" in found.generate_release_notes("v2.0.0").body
    assert asset.delete_asset()
    release.delete_release()
    assert list(found.get_releases()) == []


def test_the_client_follows_pages_of_releases(server: Server) -> None:
    """Its lists go through all pages by the Link headers."""
    fill(server.app, [{"tag_name": f"v0.{number}"} for number in range(70)], name="octo/many")
    add_token(server.app, Token(token="many", permissions={"octo/many": {"contents": "read"}}))
    assert len({release.id for release in repository(server.url, "many", "octo/many").get_releases()}) == 70


def test_refusals_arrive_as_exceptions_of_the_client(server: Server) -> None:
    """The exception has the status and the message."""
    with pytest.raises(GithubException) as caught:
        repository(server.url, READER).create_git_release("v1.0.0", "One", "notes")
    assert (caught.value.status, caught.value.data["message"]) == (403, "Resource not accessible by integration")
    with pytest.raises(GithubException) as caught:
        repository(server.url).create_git_release("v1.0.0", "One", "notes", prerelease=True)
    assert caught.value.data["errors"][0]["message"] == "Latest release cannot be draft or prerelease."
