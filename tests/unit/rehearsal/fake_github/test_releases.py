"""Releases: drafts, publishing, updates and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import OTHER_COMMIT, READER, REPOSITORY, fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client

RELEASES = f"{REPOSITORY}/releases"


def errors(client: Client, method: str, path: str, body: object) -> list[dict[str, str]]:
    """Return the errors of a 422."""
    answer = client.ask(method, path, body)
    assert answer.status == 422, answer
    assert isinstance(answer.content, dict)
    assert answer.content["message"] == "Validation Failed"
    found: list[dict[str, str]] = answer.content["errors"]
    return found


def test_a_draft_is_not_found_by_its_tag(client: Client) -> None:
    """The page of a draft is ``untagged-...``, and it has neither archives nor a publishing date."""
    draft = client.create("v1.0.0", name="One", body="notes")
    assert draft["draft"]
    assert "/releases/tag/untagged-" in draft["html_url"]
    assert (draft["published_at"], draft["tarball_url"]) == (None, None)
    assert client.ask("GET", f"{RELEASES}/tags/v1.0.0").status == 404
    assert client.ask("GET", f"{RELEASES}/latest").status == 404


def test_a_tag_may_have_several_drafts(client: Client) -> None:
    """A second draft is accepted, so a client has to look for the first."""
    first, second = client.create("v1.0.0"), client.create("v1.0.0")
    assert first["id"] != second["id"]
    assert len(client.content("GET", RELEASES)) == 2


def test_publishing_makes_a_release_visible(client: Client) -> None:
    """A published release is found by its tag, and has a page and a date."""
    draft = client.create("v1.0.0", body="notes")
    published = client.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False})
    assert published["html_url"] == "http://hub/octo/hello/releases/tag/v1.0.0"
    assert published["published_at"]
    assert published["body"] == "notes"
    assert client.content("GET", f"{RELEASES}/tags/v1.0.0") == published
    assert client.content("GET", f"{RELEASES}/latest", token=READER) == published


def test_an_update_changes_only_the_fields_it_sends(client: Client) -> None:
    """Other fields keep their values, and null clears a text."""
    draft = client.create("v1.0.0", name="One", body="notes", prerelease=True)
    changed = client.content("PATCH", f"{RELEASES}/{draft['id']}", {"name": "Two"})
    assert (changed["name"], changed["body"], changed["prerelease"], changed["draft"]) == ("Two", "notes", True, True)
    assert client.content("PATCH", f"{RELEASES}/{draft['id']}", {"body": None})["body"] is None


def test_a_published_release_can_be_hidden_again(client: Client) -> None:
    """``draft: true`` makes a published release a draft, as on GitHub."""
    release = client.create("v1.0.0", draft=False)
    client.content("PATCH", f"{RELEASES}/{release['id']}", {"draft": True})
    assert client.ask("GET", f"{RELEASES}/tags/v1.0.0").status == 404


def test_deleting_a_release_keeps_its_tag(client: Client) -> None:
    """The assets are deleted as well, and the tag can be released again."""
    release = client.create("v1.0.0", draft=False)
    asset = client.upload(release["id"], "a.whl").content
    assert isinstance(asset, dict)
    assert client.ask("DELETE", f"{RELEASES}/{release['id']}").status == 204
    assert client.ask("GET", f"{RELEASES}/{release['id']}").status == 404
    assert client.ask("GET", f"{RELEASES}/assets/{asset['id']}").status == 404
    assert client.ask("GET", f"{REPOSITORY}/git/ref/tags/v1.0.0").status == 200
    assert client.create("v1.0.0", draft=False)["id"] not in {release["id"], asset["id"]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"body": "x" * 125_001},
            {"code": "custom", "field": "body", "message": "body is too long (maximum is 125000 characters)"},
            id="a body over the limit",
        ),
        pytest.param(
            {"tag_name": "v1..0"},
            {"code": "custom", "field": "tag_name", "message": "tag_name is not a valid tag"},
            id="an invalid tag",
        ),
        pytest.param(
            {"tag_name": "v9", "target_commitish": "no-such-branch"},
            {"code": "invalid", "field": "target_commitish"},
            id="neither tag nor target",
        ),
        pytest.param(
            {"make_latest": "true", "draft": False, "prerelease": True},
            {"code": "custom", "message": "Latest release cannot be draft or prerelease."},
            id="a pre-release as latest",
        ),
    ],
)
def test_a_new_release_is_refused_with_the_reason(
    client: Client, fields: dict[str, object], expected: dict[str, str]
) -> None:
    """The 422 names resource, code and field, and no release is created."""
    body = {"tag_name": "v1.0.0", "draft": True, **fields}
    assert errors(client, "POST", RELEASES, body) == [{"resource": "Release", **expected}]
    assert client.content("GET", RELEASES) == []


def test_the_limit_of_the_body_is_in_characters(client: Client) -> None:
    """125,000 characters are accepted, regardless of their number of bytes."""
    assert len(client.create("v1.0.0", body="ö" * 125_000)["body"]) == 125_000


def test_a_tag_is_published_once(client: Client) -> None:
    """A second published release of a tag is refused, both when it is created and when it is published."""
    client.create("v1.0.0", draft=False)
    expected = [{"resource": "Release", "code": "already_exists", "field": "tag_name"}]
    assert errors(client, "POST", RELEASES, {"tag_name": "v1.0.0"}) == expected
    draft = client.create("v1.0.0")
    assert errors(client, "PATCH", f"{RELEASES}/{draft['id']}", {"draft": False}) == expected
    assert client.content("GET", f"{RELEASES}/{draft['id']}")["draft"]


@pytest.mark.parametrize(
    ("category", "status"),
    [pytest.param("Announcements", 201, id="a known category"), pytest.param("Gossip", 404, id="an unknown category")],
)
def test_a_discussion_requires_a_known_category(connect: Callable[..., Client], category: str, status: int) -> None:
    """An unknown category is refused with 404, like a missing permission."""
    client = connect({"discussion_categories": ["Announcements"]})
    answer = client.ask("POST", RELEASES, {"tag_name": "v1.0.0", "discussion_category_name": category})
    assert answer.status == status
    assert isinstance(answer.content, dict)
    assert ("discussion_url" in answer.content) == (status == 201)


def test_a_release_of_another_repository_is_not_found(client: Client) -> None:
    """The id of a release is valid only in its repository."""
    fill(client.app, name="octo/other", branches={"main": OTHER_COMMIT})
    release = client.create("v1.0.0")
    assert client.ask("GET", f"/repos/octo/other/releases/{release['id']}").status == 404


def test_generated_notes_follow_the_given_body(client: Client) -> None:
    """``generate_release_notes`` appends notes, and names a release without a name."""
    release = client.create("v1.0.0", body="Mine.", generate_release_notes=True)
    assert release["name"] == "v1.0.0"
    assert release["body"].startswith("Mine.\n\n")
    assert "**Full Changelog**" in release["body"]


def test_make_latest_of_a_draft_is_ignored_at_first_and_refused_later(client: Client) -> None:
    """Clients send it when they create a draft; an update of the draft with it is refused."""
    draft = client.create("v1.0.0", make_latest="true")
    assert draft["draft"] is True
    refused = errors(client, "PATCH", f"{RELEASES}/{draft['id']}", {"make_latest": "true"})
    assert refused[0]["message"] == "Latest release cannot be draft or prerelease."
