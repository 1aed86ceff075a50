"""Repositories, releases and assets that exist before the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.fake_github import COMMIT, NAME, REPOSITORY, fill, sha256

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client


def test_releases_and_assets_exist_from_the_start(connect: Callable[..., Client]) -> None:
    """The API shows the fields of the records, and every record has an id of its own."""
    assets = [
        {"name": "a.whl", "content": "text", "label": "A"},
        {"name": "b.whl", "content": "old", "digest": False},
        {"name": "c.whl", "state": "starter"},
    ]
    times = {"created_at": 1769860800.0, "published_at": 1769864400.0}
    releases: list[dict[str, Any]] = [
        {"tag_name": "v1.0.0", "assets": assets, "latest": True, "immutable": True, **times},
        {"tag_name": "v2.0.0", "target_commitish": COMMIT},
        {"tag_name": "v2.0.0", "draft": True},
    ]
    client = connect({"releases": releases})
    first: Any = client.content("GET", f"{REPOSITORY}/releases/latest")
    assert (first["tag_name"], first["immutable"]) == ("v1.0.0", True)
    assert (first["created_at"], first["published_at"]) == ("2026-01-31T12:00:00Z", "2026-01-31T13:00:00Z")
    shown = [
        (asset["name"], asset["label"], asset["state"], asset["size"], asset["digest"]) for asset in first["assets"]
    ]
    assert shown == [
        ("a.whl", "A", "uploaded", 4, sha256(b"text")),
        ("b.whl", None, "uploaded", 3, None),
        ("c.whl", None, "starter", 0, None),
    ]
    listed: Any = client.content("GET", f"{REPOSITORY}/releases")
    assert [(release["tag_name"], release["draft"]) for release in listed] == [
        ("v2.0.0", True),
        ("v2.0.0", False),
        ("v1.0.0", False),
    ]
    identities = [release["id"] for release in listed] + [asset["id"] for asset in first["assets"]]
    assert len(set(identities)) == len(identities)
    assert client.create("v3.0.0")["id"] > max(identities)


def test_a_release_belongs_to_one_repository(client: Client) -> None:
    """A second repository with the same tag has a release of its own."""
    releases = [{"tag_name": "v1.0.0", "assets": [{"name": "a", "content": "a"}]}]
    fill(client.app, releases, name="octo/other")
    client.create("v1.0.0")
    state = client.app.state
    identities = [*(one.id for one in state.repositories.values()), *state.releases, *state.assets]
    assert len(set(identities)) == len(identities) == 5
    assert {release.repository for release in state.releases.values()} == {NAME, "octo/other"}


def test_a_repository_that_is_added_again_keeps_its_releases(client: Client) -> None:
    """Its settings change, and its id stays."""
    draft = client.create("v1.0.0")
    before = client.content("GET", REPOSITORY)
    fill(client.app, name=NAME, private=True)
    after = client.content("GET", REPOSITORY)
    assert (before["private"], after["private"], after["id"]) == (False, True, before["id"])
    assert client.content("GET", f"{REPOSITORY}/releases/{draft['id']}")["tag_name"] == "v1.0.0"
