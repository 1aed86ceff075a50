"""What a configuration puts in place before the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.hub import COMMIT, NAME, REPOSITORY, configuration, sha256

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.hub import Desk


def test_releases_and_assets_are_there_from_the_start(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    """Bytes come as text, as base64 or from a file; dates, marks and states are as given."""
    (tmp_path / "c.whl").write_bytes(b"file")
    assets = [
        {"name": "a.whl", "content": "text", "label": "A"},
        {"name": "b.whl", "content_base64": "Ynl0ZXM="},
        {"name": "c.whl", "file": str(tmp_path / "c.whl"), "content_type": "application/zip"},
        {"name": "d.whl", "state": "starter"},
    ]
    dates = {"created_at": "2026-01-31T12:00:00Z", "published_at": "2026-01-31T13:00:00Z"}
    releases = [
        {"tag_name": "v1.0.0", "assets": assets, "latest": True, "immutable": True, **dates},
        {"tag_name": "v2.0.0", "author": "octocat", "target_commitish": COMMIT},
        {"tag_name": "v2.0.0", "draft": True},
    ]
    desk = open_desk(configuration({"releases": releases}))
    first: Any = desk.content("GET", f"{REPOSITORY}/releases/latest")
    assert (first["tag_name"], first["immutable"]) == ("v1.0.0", True)
    assert (first["created_at"], first["published_at"]) == (dates["created_at"], dates["published_at"])
    shown = [(asset["name"], asset["label"], asset["state"], asset["digest"]) for asset in first["assets"]]
    assert shown == [
        ("a.whl", "A", "uploaded", sha256(b"text")),
        ("b.whl", None, "uploaded", sha256(b"bytes")),
        ("c.whl", None, "uploaded", sha256(b"file")),
        ("d.whl", None, "starter", None),
    ]
    listed: Any = desk.content("GET", f"{REPOSITORY}/releases")
    assert [(release["tag_name"], release["draft"]) for release in listed] == [
        ("v2.0.0", True),
        ("v2.0.0", False),
        ("v1.0.0", False),
    ]
    identities = [release["id"] for release in listed] + [asset["id"] for asset in first["assets"]]
    assert len(set(identities)) == len(identities)
    assert desk.create("v3.0.0")["id"] > max(identities)


def test_a_second_repository_has_ids_of_its_own(open_desk: Callable[..., Desk]) -> None:
    """Nothing of two repositories configured together is confused."""
    config = configuration({"releases": [{"tag_name": "v1.0.0", "assets": [{"name": "a", "content": "a"}]}]})
    config["repositories"].append({"name": "octo/other", "releases": [{"tag_name": "v1.0.0"}]})
    desk = open_desk(config)
    state = desk.hub.store.state
    numbers = [*(one.id for one in state.repositories.values()), *state.releases, *state.assets]
    assert len(set(numbers)) == len(numbers) == 5
    assert {release.repository for release in state.releases.values()} == {NAME, "octo/other"}
