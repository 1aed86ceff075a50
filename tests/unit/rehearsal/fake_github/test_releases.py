"""Releases: drafts, publishing, changing, and every way to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hub import OTHER_COMMIT, READER, REPOSITORY, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk

RELEASES = f"{REPOSITORY}/releases"


def errors(desk: Desk, method: str, path: str, body: object) -> list[dict[str, str]]:
    """Return the list of what is wrong in a 422."""
    answer = desk.ask(method, path, body)
    assert answer.status == 422, answer
    assert isinstance(answer.content, dict)
    assert answer.content["message"] == "Validation Failed"
    found: list[dict[str, str]] = answer.content["errors"]
    return found


def test_a_draft_hides_its_tag_and_takes_a_page_that_nobody_can_guess(desk: Desk) -> None:
    """A draft is not found by its tag, its page is called untagged, and it has neither archives nor a date."""
    draft = desk.create("v1.0.0", name="One", body="notes")
    assert draft["draft"]
    assert "/releases/tag/untagged-" in draft["html_url"]
    assert (draft["published_at"], draft["tarball_url"]) == (None, None)
    assert desk.ask("GET", f"{RELEASES}/tags/v1.0.0").status == 404
    assert desk.ask("GET", f"{RELEASES}/latest").status == 404


def test_a_tag_may_have_several_drafts(desk: Desk) -> None:
    """Nothing stops a second draft: a client that does not look first makes one."""
    first, second = desk.create("v1.0.0"), desk.create("v1.0.0")
    assert first["id"] != second["id"]
    assert len(desk.content("GET", RELEASES)) == 2


def test_publishing_gives_the_release_its_tag_page(desk: Desk) -> None:
    """A draft that is published is found by its tag, under its own name, with a date."""
    draft = desk.create("v1.0.0", body="notes")
    published = desk.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})
    assert published["html_url"] == "http://hub/octo/hello/releases/tag/v1.0.0"
    assert published["published_at"]
    assert published["body"] == "notes"
    assert desk.content("GET", f"{RELEASES}/tags/v1.0.0") == published
    assert desk.content("GET", f"{RELEASES}/latest", token=READER) == published


def test_only_what_is_sent_is_changed(desk: Desk) -> None:
    """A PATCH leaves the fields alone that it does not name; null clears a text."""
    draft = desk.create("v1.0.0", name="One", body="notes", prerelease=True)
    changed = desk.content("PATCH", f"{RELEASES}/{draft['id']}", {"name": "Two"})
    assert (changed["name"], changed["body"], changed["prerelease"], changed["draft"]) == ("Two", "notes", True, True)
    assert desk.content("PATCH", f"{RELEASES}/{draft['id']}", {"body": None})["body"] is None


def test_a_published_release_can_be_hidden_again(desk: Desk) -> None:
    """``draft: true`` sent by mistake unpublishes, as it does on GitHub."""
    release = desk.create("v1.0.0", draft=False)
    desk.content("PATCH", f"{RELEASES}/{release['id']}", {"draft": True})
    assert desk.ask("GET", f"{RELEASES}/tags/v1.0.0").status == 404


def test_a_deleted_release_is_gone_and_its_tag_is_not(desk: Desk) -> None:
    """Deleting takes the assets along; the tag can be released again."""
    release = desk.create("v1.0.0", draft=False)
    asset = desk.upload(release["id"], "a.whl").content
    assert isinstance(asset, dict)
    assert desk.ask("DELETE", f"{RELEASES}/{release['id']}").status == 204
    assert desk.ask("GET", f"{RELEASES}/{release['id']}").status == 404
    assert desk.ask("GET", f"{RELEASES}/assets/{asset['id']}").status == 404
    assert desk.ask("GET", f"{REPOSITORY}/git/ref/tags/v1.0.0").status == 200
    assert desk.create("v1.0.0", draft=False)["id"] not in {release["id"], asset["id"]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"body": "x" * 125_001},
            {"code": "custom", "field": "body", "message": "body is too long (maximum is 125000 characters)"},
            id="notes beyond the limit",
        ),
        pytest.param(
            {"tag_name": "v1..0"},
            {"code": "custom", "field": "tag_name", "message": "tag_name is not a valid tag"},
            id="a tag that git refuses",
        ),
        pytest.param(
            {"tag_name": "v9", "target_commitish": "no-such-branch"},
            {"code": "invalid", "field": "target_commitish"},
            id="no tag and no target",
        ),
        pytest.param(
            {"make_latest": "true"},
            {"code": "custom", "message": "Latest release cannot be draft or prerelease."},
            id="a draft as the latest",
        ),
        pytest.param(
            {"make_latest": "true", "draft": False, "prerelease": True},
            {"code": "custom", "message": "Latest release cannot be draft or prerelease."},
            id="a pre-release as the latest",
        ),
    ],
)
def test_a_new_release_is_refused_with_the_reason(
    desk: Desk, fields: dict[str, object], expected: dict[str, str]
) -> None:
    """Each refusal is a 422 that names resource, code and field, and leaves nothing behind."""
    body = {"tag_name": "v1.0.0", "draft": True, **fields}
    assert errors(desk, "POST", RELEASES, body) == [{"resource": "Release", **expected}]
    assert desk.content("GET", RELEASES) == []


def test_notes_at_the_limit_are_taken_and_counted_in_characters(desk: Desk) -> None:
    """125,000 characters fit, however many bytes they are."""
    assert len(desk.create("v1.0.0", body="ö" * 125_000)["body"]) == 125_000


def test_a_tag_is_published_once(desk: Desk) -> None:
    """A second published release of a tag is refused, whether created so or published from a draft."""
    desk.create("v1.0.0", draft=False)
    expected = [{"resource": "Release", "code": "already_exists", "field": "tag_name"}]
    assert errors(desk, "POST", RELEASES, {"tag_name": "v1.0.0"}) == expected
    draft = desk.create("v1.0.0")
    assert errors(desk, "PATCH", f"{RELEASES}/{draft['id']}", {"draft": False}) == expected
    assert desk.content("GET", f"{RELEASES}/{draft['id']}")["draft"]


@pytest.mark.parametrize(
    ("category", "status"),
    [pytest.param("Announcements", 201, id="one there is"), pytest.param("Gossip", 404, id="one there is not")],
)
def test_a_discussion_takes_a_category_that_is_there(
    open_desk: Callable[..., Desk], category: str, status: int
) -> None:
    """A category that is not there answers 404, like a missing permission."""
    desk = open_desk(configuration({"discussion_categories": ["Announcements"]}))
    answer = desk.ask("POST", RELEASES, {"tag_name": "v1.0.0", "discussion_category_name": category})
    assert answer.status == status
    assert isinstance(answer.content, dict)
    assert ("discussion_url" in answer.content) == (status == 201)


def test_a_release_of_another_repository_is_not_found(open_desk: Callable[..., Desk]) -> None:
    """Ids are the repository's own."""
    config: Any = configuration()
    config["repositories"].append({"name": "octo/other", "branches": {"main": OTHER_COMMIT}})
    desk = open_desk(config)
    release = desk.create("v1.0.0")
    assert desk.ask("GET", f"/repos/octo/other/releases/{release['id']}").status == 404


def test_generated_notes_follow_the_body_given(desk: Desk) -> None:
    """``generate_release_notes`` names an unnamed release and adds to the notes."""
    release = desk.create("v1.0.0", body="Mine.", generate_release_notes=True)
    assert release["name"] == "v1.0.0"
    assert release["body"].startswith("Mine.\n\n")
    assert "**Full Changelog**" in release["body"]
