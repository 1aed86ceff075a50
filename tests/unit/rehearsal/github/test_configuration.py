"""The configuration is read strictly: what is wrong is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hub import COMMIT, NAME, REPOSITORY, configuration, sha256
from tagship.errors import Failure
from tagship.rehearsal.github.configuration import Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.hub import Desk


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ([], "the configuration is no JSON object: []"),
        ({"colour": 1}, "the configuration has no colour"),
        ({"faults": {}}, "faults is no list: {}"),
        ({"faults": [1]}, "faults is no JSON object: 1"),
        ({"faults": [{"statuss": 502}]}, "faults has no statuss"),
        ({"faults": [{"nth": 1}]}, "faults: nth is 1, which is no list"),
        ({"faults": [{"delay": "1"}]}, "faults: delay is '1', which is no float"),
        ({"latency": True}, "the configuration: latency is True, which is no float"),
        ({"limits": {"assets": "many"}}, "limits: assets is 'many', which is no int"),
        ({"limits": {"primary": {"hours": 1}}}, "limits.primary has no hours"),
        ({"limits": {"content": [{"requests": 1}]}}, "limits.content: "),
        ({"tokens": [{"login": "x"}]}, "tokens: "),
        ({"tokens": [{"token": "x", "kind": "personal"}]}, "tokens: kind is 'personal'"),
        ({"tokens": [{"token": "x", "permissions": {"*": {"contents": "admin"}}}]}, "contents is 'admin'"),
        ({"repositories": [{"name": "o/r", "id": 1}]}, "repositories has no id"),
        ({"repositories": [{"name": "o/r", "private": "yes"}]}, "repositories: private is 'yes'"),
        ({"repositories": [{"name": "o/r", "releases": [{"id": 1}]}]}, "releases has no id"),
        ({"repositories": [{"name": "o/r", "releases": [{"created_at": "then"}]}]}, "created_at is 'then'"),
        (
            {"repositories": [{"name": "o/r", "releases": [{"assets": [{"name": "a", "state": "open"}]}]}]},
            "assets: state is 'open'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_configuration_is_refused_by_name(open_desk: Callable[..., Desk], config: object, found: str) -> None:
    """Unknown names and values of another kind stop everything, told as what was found."""
    desk = open_desk()
    with pytest.raises(Failure) as caught:
        desk.hub.configure(config)
    assert found in caught.value.problems[0].found


def test_nothing_configured_is_what_github_does() -> None:
    """The defaults are GitHub's own limits, no faults, no waiting."""
    assert settings_of({}) == Settings()
    assert settings_of(dict.fromkeys(("limits", "faults", "latency", "lag"))) == Settings()


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
