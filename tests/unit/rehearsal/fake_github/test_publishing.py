"""Publishing: creation of tags, immutability, and the latest release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import COMMIT, NAME, REPOSITORY, fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client

RELEASES = f"{REPOSITORY}/releases"
NO_TAG = {"resource": "Release", "code": "custom", "message": "Published releases must have a valid tag"}


def refusal(client: Client, method: str, path: str, body: object = None) -> dict[str, object]:
    """Return the content of a 422."""
    answer = client.ask(method, path, body)
    assert answer.status == 422, answer
    assert isinstance(answer.content, dict)
    return answer.content


def latest(client: Client) -> str | None:
    """Return the tag of the latest release."""
    answer = client.ask("GET", f"{RELEASES}/latest")
    return str(answer.content["tag_name"]) if isinstance(answer.content, dict) and answer.status == 200 else None


def test_publishing_creates_a_missing_tag(client: Client) -> None:
    """A draft creates no tag; publishing creates a lightweight one at the target."""
    draft = client.create("v3.0.0", target_commitish="main")
    assert client.ask("GET", f"{REPOSITORY}/git/ref/tags/v3.0.0").status == 404
    client.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})
    reference = client.content("GET", f"{REPOSITORY}/git/ref/tags/v3.0.0")
    assert (reference["object"]["type"], reference["object"]["sha"]) == ("commit", COMMIT)


def test_the_target_does_not_move_an_existing_tag(client: Client) -> None:
    """``target_commitish`` has an effect only if the tag does not exist."""
    client.create("v2.0.0", target_commitish="main", draft=False)
    assert client.content("GET", f"{REPOSITORY}/git/ref/tags/v2.0.0")["object"]["sha"] != COMMIT


def test_a_tag_ruleset_prevents_a_new_tag_but_not_a_release(connect: Callable[..., Client]) -> None:
    """If a ruleset restricts tags, publishing a missing one is refused with ``pre_receive``."""
    client = connect({"tag_rules": ["v*"]})
    found = refusal(client, "POST", RELEASES, {"tag_name": "v3.0.0"})["errors"]
    assert isinstance(found, list)
    assert found[0]["field"] == "pre_receive"
    assert "Cannot create ref due to creations being restricted" in found[0]["message"]
    assert found[1:] == [NO_TAG]
    assert client.create("v1.0.0", draft=False)["tag_name"] == "v1.0.0"
    assert client.create("other", draft=False)["tag_name"] == "other"


@pytest.fixture
def strict(connect: Callable[..., Client]) -> Client:
    """Return a repository with immutable releases."""
    return connect({"immutable_releases": True})


def test_publishing_makes_a_release_immutable(strict: Client) -> None:
    """Assets of a draft can change; those of the published release cannot."""
    draft = strict.create("v1.0.0")
    assert not draft["immutable"]
    asset = strict.upload(draft["id"], "a.whl").content
    assert isinstance(asset, dict)
    release = strict.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})
    assert release["immutable"]
    late = strict.upload(draft["id"], "b.whl")
    assert isinstance(late.content, dict)
    assert (late.status, late.content["message"]) == (422, "Cannot upload assets to an immutable release.")
    path = f"{RELEASES}/assets/{asset['id']}"
    assert refusal(strict, "DELETE", path)["message"] == "Cannot delete asset from an immutable release"
    assert refusal(strict, "PATCH", path, {"name": "b.whl"})["message"] == "Cannot update asset of an immutable release"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": "Two"}, id="the title"),
        pytest.param({"body": "other"}, id="the notes"),
        pytest.param({"prerelease": True}, id="the pre-release mark"),
        pytest.param({"make_latest": "false"}, id="the latest mark"),
        pytest.param({"tag_name": "v1.0.0", "draft": False}, id="an unchanged tag"),
    ],
)
def test_an_immutable_release_can_be_edited(strict: Client, fields: dict[str, object]) -> None:
    """Texts and marks can change."""
    release = strict.create("v1.0.0", draft=False)
    assert strict.ask("PATCH", f"{RELEASES}/{release['id']}", fields).status == 200


@pytest.mark.parametrize("fields", [{"tag_name": "v2.0.0"}, {"draft": True}, {"target_commitish": "b" * 40}], ids=str)
def test_an_immutable_release_has_fixed_fields(strict: Client, fields: dict[str, object]) -> None:
    """The tag, the target and ``draft`` cannot change."""
    release = strict.create("v1.0.0", draft=False)
    path = f"{RELEASES}/{release['id']}"
    refusal(strict, "PATCH", path, fields)
    assert strict.content("GET", path) == release


def test_the_tag_of_a_deleted_immutable_release_cannot_be_released_again(strict: Client) -> None:
    """A draft of the tag can be created, but publishing it is refused."""
    release = strict.create("v1.0.0", draft=False)
    assert strict.ask("DELETE", f"{RELEASES}/{release['id']}").status == 204
    draft = strict.create("v1.0.0")
    burnt = {"resource": "Release", "code": "custom", "field": "tag_name"}
    expected = [{**burnt, "message": "tag_name was used by an immutable release"}, NO_TAG]
    assert refusal(strict, "PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})["errors"] == expected


def test_the_setting_does_not_change_published_releases(connect: Callable[..., Client]) -> None:
    """A release published before immutable releases were enabled stays mutable."""
    client = connect()
    release = client.create("v1.0.0", draft=False)
    fill(client.app, name=NAME, tags={"v1.0.0": COMMIT}, immutable_releases=True)
    assert client.upload(release["id"], "a.whl").status == 201


@pytest.mark.parametrize(("immutable", "status"), [(False, 404), (True, 200)], ids=["mutable", "immutable"])
def test_deleting_the_tag_makes_the_release_a_draft(
    connect: Callable[..., Client], immutable: bool, status: int
) -> None:
    """The tag of an immutable release cannot be deleted."""
    client = connect({"immutable_releases": immutable})
    release = client.create("v1.0.0", draft=False)
    client.app.push_tag("octo/hello", "v1.0.0", None)
    assert client.ask("GET", f"{REPOSITORY}/git/ref/tags/v1.0.0").status == status
    assert client.content("GET", f"{RELEASES}/{release['id']}")["draft"] is not immutable


def test_the_release_published_last_is_the_latest_by_default(client: Client) -> None:
    """Even an older version, such as a maintenance release, becomes the latest."""
    client.create("v2.0.0", draft=False)
    client.create("v1.0.0", draft=False)
    assert latest(client) == "v1.0.0"


def test_make_latest_false_keeps_the_latest_release(client: Client) -> None:
    """A release can be published without becoming the latest."""
    client.create("v2.0.0", draft=False)
    draft = client.create("v1.0.0")
    client.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False, "make_latest": "false"})
    assert latest(client) == "v2.0.0"


def test_drafts_and_pre_releases_are_never_the_latest(client: Client) -> None:
    """If the latest release becomes a pre-release, the highest other version is the latest."""
    client.create("v1.0.0", draft=False)
    second = client.create("v2.0.0", draft=False)
    client.create("v3.0.0-rc1", draft=False, prerelease=True)
    assert latest(client) == "v2.0.0"
    client.content("PATCH", f"{RELEASES}/{second['id']}", {"prerelease": True})
    assert latest(client) == "v1.0.0"


def test_make_latest_legacy_selects_by_date_and_version(client: Client) -> None:
    """The release of the newest commit is the latest, and of equal commits the higher version."""
    client.create("v2.0.0", draft=False)
    first = client.create("v1.0.0", draft=False)
    assert latest(client) == "v1.0.0"
    client.content("PATCH", f"{RELEASES}/{first['id']}", {"make_latest": "legacy"})
    assert latest(client) == "v2.0.0"


def test_make_latest_true_moves_the_mark(client: Client) -> None:
    """A published release can become the latest, and deleting it leaves the other one."""
    first = client.create("v1.0.0", draft=False)
    client.create("v2.0.0", draft=False)
    client.content("PATCH", f"{RELEASES}/{first['id']}", {"make_latest": "true"})
    assert latest(client) == "v1.0.0"
    client.ask("DELETE", f"{RELEASES}/{first['id']}")
    assert latest(client) == "v2.0.0"
