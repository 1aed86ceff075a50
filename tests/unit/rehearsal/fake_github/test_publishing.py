"""Publishing: tags made and refused, immutability, and which release is the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hub import COMMIT, REPOSITORY, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk

RELEASES = f"{REPOSITORY}/releases"
NO_TAG = {"resource": "Release", "code": "custom", "message": "Published releases must have a valid tag"}


def refusal(desk: Desk, method: str, path: str, body: object = None) -> dict[str, object]:
    """What a 422 says."""
    answer = desk.ask(method, path, body)
    assert answer.status == 422, answer
    assert isinstance(answer.content, dict)
    return answer.content


def latest(desk: Desk) -> str | None:
    """Return the tag of the latest release."""
    answer = desk.ask("GET", f"{RELEASES}/latest")
    return str(answer.content["tag_name"]) if isinstance(answer.content, dict) and answer.status == 200 else None


def test_a_missing_tag_is_made_only_when_the_release_is_published(desk: Desk) -> None:
    """A draft makes no tag; publishing makes a lightweight one at the target."""
    draft = desk.create("v3.0.0", target_commitish="main")
    assert desk.ask("GET", f"{REPOSITORY}/git/ref/tags/v3.0.0").status == 404
    desk.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})
    reference = desk.content("GET", f"{REPOSITORY}/git/ref/tags/v3.0.0")
    assert (reference["object"]["type"], reference["object"]["sha"]) == ("commit", COMMIT)


def test_the_target_does_not_move_a_tag_that_is_there(desk: Desk) -> None:
    """``target_commitish`` is looked at only where the tag is missing."""
    desk.create("v2.0.0", target_commitish="main", draft=False)
    assert desk.content("GET", f"{REPOSITORY}/git/ref/tags/v2.0.0")["object"]["sha"] != COMMIT


def test_a_tag_rule_stops_the_making_of_a_tag_and_not_its_release(open_desk: Callable[..., Desk]) -> None:
    """Where a rule set restricts tags, the release of a missing one is refused as ``pre_receive``."""
    desk = open_desk(configuration({"tag_rules": ["v*"]}))
    found = refusal(desk, "POST", RELEASES, {"tag_name": "v3.0.0"})["errors"]
    assert isinstance(found, list)
    assert found[0]["field"] == "pre_receive"
    assert "Cannot create ref due to creations being restricted" in found[0]["message"]
    assert found[1:] == [NO_TAG]
    assert desk.create("v1.0.0", draft=False)["tag_name"] == "v1.0.0"
    assert desk.create("other", draft=False)["tag_name"] == "other"


@pytest.fixture
def strict(open_desk: Callable[..., Desk]) -> Desk:
    """Return a repository with immutable releases."""
    return open_desk(configuration({"immutable_releases": True}))


def test_a_release_becomes_immutable_when_it_is_published(strict: Desk) -> None:
    """Drafts take files; a published release takes none and lets none go or be renamed."""
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
        pytest.param({"make_latest": "false"}, id="whether it is the latest"),
        pytest.param({"tag_name": "v1.0.0", "draft": False}, id="what stays as it is"),
    ],
)
def test_what_an_immutable_release_lets_change(strict: Desk, fields: dict[str, object]) -> None:
    """Words and marks stay editable."""
    release = strict.create("v1.0.0", draft=False)
    assert strict.ask("PATCH", f"{RELEASES}/{release['id']}", fields).status == 200


@pytest.mark.parametrize("fields", [{"tag_name": "v2.0.0"}, {"draft": True}, {"target_commitish": "b" * 40}], ids=str)
def test_what_an_immutable_release_keeps(strict: Desk, fields: dict[str, object]) -> None:
    """Tag, target and being public do not change any more."""
    release = strict.create("v1.0.0", draft=False)
    path = f"{RELEASES}/{release['id']}"
    refusal(strict, "PATCH", path, fields)
    assert strict.content("GET", path) == release


def test_deleting_an_immutable_release_burns_its_tag(strict: Desk) -> None:
    """No release can ever be published for the tag again; a draft can still be made, and fails at the end."""
    release = strict.create("v1.0.0", draft=False)
    assert strict.ask("DELETE", f"{RELEASES}/{release['id']}").status == 204
    draft = strict.create("v1.0.0")
    burnt = {"resource": "Release", "code": "custom", "field": "tag_name"}
    expected = [{**burnt, "message": "tag_name was used by an immutable release"}, NO_TAG]
    assert refusal(strict, "PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})["errors"] == expected


def test_releases_from_before_the_setting_stay_mutable(open_desk: Callable[..., Desk]) -> None:
    """Switching immutability on changes nothing that is published already."""
    desk = open_desk()
    release = desk.create("v1.0.0", draft=False)
    desk.hub.configure(configuration({"immutable_releases": True}))
    assert desk.upload(release["id"], "a.whl").status == 201


@pytest.mark.parametrize(("immutable", "status"), [(False, 404), (True, 200)], ids=["mutable", "immutable"])
def test_a_release_whose_tag_is_deleted_is_a_draft_again(
    open_desk: Callable[..., Desk], immutable: bool, status: int
) -> None:
    """GitHub hides what has lost its tag, and does not let the tag of an immutable release go."""
    desk = open_desk(configuration({"immutable_releases": immutable}))
    release = desk.create("v1.0.0", draft=False)
    desk.hub.push_tag("octo/hello", "v1.0.0", None)
    assert desk.ask("GET", f"{REPOSITORY}/git/ref/tags/v1.0.0").status == status
    assert desk.content("GET", f"{RELEASES}/{release['id']}")["draft"] is not immutable


def test_the_newest_published_release_is_the_latest_unless_told_otherwise(desk: Desk) -> None:
    """Publishing takes the crown by default, even for an older version: the trap of maintenance releases."""
    desk.create("v2.0.0", draft=False)
    desk.create("v1.0.0", draft=False)
    assert latest(desk) == "v1.0.0"


def test_a_release_can_be_published_beside_the_latest(desk: Desk) -> None:
    """``make_latest: "false"`` leaves the crown where it is."""
    desk.create("v2.0.0", draft=False)
    draft = desk.create("v1.0.0")
    desk.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False, "make_latest": "false"})
    assert latest(desk) == "v2.0.0"


def test_drafts_and_pre_releases_are_never_the_latest(desk: Desk) -> None:
    """A release that becomes a pre-release loses the crown to the highest other version."""
    desk.create("v1.0.0", draft=False)
    second = desk.create("v2.0.0", draft=False)
    desk.create("v3.0.0-rc1", draft=False, prerelease=True)
    assert latest(desk) == "v2.0.0"
    desk.content("PATCH", f"{RELEASES}/{second['id']}", {"prerelease": True})
    assert latest(desk) == "v1.0.0"


def test_legacy_leaves_the_choice_to_date_and_version(desk: Desk) -> None:
    """With ``legacy`` the newest commit wins, and among equals the higher version."""
    desk.create("v2.0.0", draft=False)
    first = desk.create("v1.0.0", draft=False)
    assert latest(desk) == "v1.0.0"
    desk.content("PATCH", f"{RELEASES}/{first['id']}", {"make_latest": "legacy"})
    assert latest(desk) == "v2.0.0"


def test_the_latest_can_be_given_back(desk: Desk) -> None:
    """``make_latest`` moves the crown between published releases."""
    first = desk.create("v1.0.0", draft=False)
    desk.create("v2.0.0", draft=False)
    desk.content("PATCH", f"{RELEASES}/{first['id']}", {"make_latest": "true"})
    assert latest(desk) == "v1.0.0"
    desk.ask("DELETE", f"{RELEASES}/{first['id']}")
    assert latest(desk) == "v2.0.0"
