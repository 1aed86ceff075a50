"""Every answer is of the shape that GitHub publishes: it fits the models made from GitHub's own description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from githubkit_schemas.latest import models
from pydantic import BaseModel, TypeAdapter

from support.hub import CLASSIC, READER, REPOSITORY, WRITER, configuration
from support.repositories import new_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.hub import Desk

RELEASES = f"{REPOSITORY}/releases"


@pytest.fixture
def hub(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Return a repository with history, a published release with a file, a draft."""
    repository = new_repository(tmp_path / "origin", tag="v1.0.0")
    repository.commit({"x": "1"}, "Add x")
    repository.git("tag", "--annotate", "--message", "Two", "v2.0.0")
    settings = {
        "git": str(repository.path),
        "branches": {},
        "tags": {},
        "immutable_releases": True,
        "discussion_categories": ["Announcements"],
    }
    desk = open_desk(configuration(settings))
    release = desk.create("v1.0.0", name="One", body="notes", discussion_category_name="Announcements")
    desk.upload(release["id"], "a.whl", label="A")
    desk.content("PATCH", f"{RELEASES}/{release['id']}", {"draft": False})
    return desk


def fits(model: Any, content: Any) -> None:
    """Whether the content is what the model describes, and has no property that the model lacks."""
    parsed = TypeAdapter(model).validate_python(content)
    for one, given in zip(parsed, content, strict=True) if isinstance(content, list) else [(parsed, content)]:
        covers(one, given)


def covers(parsed: object, given: object) -> None:
    """Every property given belongs to the model, all the way down."""
    if isinstance(parsed, BaseModel) and isinstance(given, dict) and not parsed.model_config.get("extra"):
        known = {field.alias or name: name for name, field in type(parsed).model_fields.items()}
        assert set(given) <= set(known), (type(parsed).__name__, set(given) - set(known))
        for name, value in given.items():
            covers(getattr(parsed, known[name]), value)
    if isinstance(parsed, list) and isinstance(given, list):
        for one, value in zip(parsed, given, strict=True):
            covers(one, value)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        (REPOSITORY, models.FullRepository),
        (f"{REPOSITORY}/immutable-releases", models.CheckImmutableReleases),
        (RELEASES, list[models.Release]),
        (f"{RELEASES}/latest", models.Release),
        (f"{RELEASES}/tags/v1.0.0", models.Release),
        (f"{REPOSITORY}/git/ref/tags/v1.0.0", models.GitRef),
        (f"{REPOSITORY}/git/ref/tags/v2.0.0", models.GitRef),
        (f"{REPOSITORY}/git/matching-refs/tags/v", list[models.GitRef]),
        (f"{REPOSITORY}/commits/v2.0.0", models.Commit),
        (f"{REPOSITORY}/compare/v1.0.0...main", models.CommitComparison),
        (f"{REPOSITORY}/branches", list[models.ShortBranch]),
        (f"{REPOSITORY}/branches/main", models.BranchWithProtection),
        (f"{REPOSITORY}/tags", list[models.Tag]),
        ("/rate_limit", models.RateLimitOverview),
    ],
)
def test_what_is_read_fits_the_schema(hub: Desk, path: str, model: Any) -> None:
    """Each GET of a release's way has the properties and types of the published schema."""
    fits(model, hub.content("GET", path, headers={"x-github-api-version": "2026-03-10"}))


def test_the_account_fits_the_schema(hub: Desk) -> None:
    """The account behind a personal token is a public user."""
    fits(models.PublicUser, hub.content("GET", "/user", token=CLASSIC))


def test_what_is_written_fits_the_schema(hub: Desk) -> None:
    """So do the answers to writes, and the assets one by one."""
    draft = hub.create("v2.0.0")
    fits(models.Release, draft)
    asset: Any = hub.upload(draft["id"], "b.whl").content
    fits(models.ReleaseAsset, asset)
    fits(list[models.ReleaseAsset], hub.content("GET", f"{RELEASES}/{draft['id']}/assets"))
    fits(models.ReleaseAsset, hub.content("PATCH", f"{RELEASES}/assets/{asset['id']}", {"name": "c.whl"}))
    fits(models.Release, hub.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False}))
    fits(models.ReleaseNotesContent, hub.content("POST", f"{RELEASES}/generate-notes", {"tag_name": "v2.0.0"}))
    sha = hub.content("GET", f"{REPOSITORY}/git/ref/tags/v2.0.0")["object"]["sha"]
    fits(models.GitTag, hub.content("GET", f"{REPOSITORY}/git/tags/{sha}"))


@pytest.mark.parametrize(
    ("body", "token", "status", "model"),
    [
        pytest.param({"tag_name": "v1"}, CLASSIC, 404, models.BasicError, id="not found"),
        pytest.param({"tag_name": "v1"}, "made-up", 401, models.BasicError, id="a bad token"),
        pytest.param({"tag_name": "v1"}, READER, 403, models.BasicError, id="no permission"),
        pytest.param(b"{", WRITER, 400, models.BasicError, id="no JSON"),
        pytest.param({}, WRITER, 422, models.ValidationErrorSimple, id="no tag"),
        pytest.param({"tag_name": "v1.0.0"}, WRITER, 422, models.ValidationError, id="a tag twice"),
    ],
)
def test_refusals_fit_the_schema(hub: Desk, body: object, token: str, status: int, model: Any) -> None:
    """Errors are of the shape that clients parse; the status stands in them as a string."""
    answer = hub.ask("POST", RELEASES, body, token=token)
    assert answer.status == status
    content: Any = answer.content
    TypeAdapter(model).validate_python(content)
    assert content["status"] == str(status)
    assert content["documentation_url"].startswith("https://docs.github.com/")


def test_a_starter_is_told_by_a_word_that_the_schema_lacks(open_desk: Callable[..., Desk]) -> None:
    """GitHub answers ``starter`` although its description has only ``uploaded`` and ``open``; the rest fits."""
    asset = {"name": "a.whl", "state": "starter"}
    desk = open_desk(configuration({"releases": [{"tag_name": "v1.0.0", "assets": [asset]}]}))
    shown = desk.content("GET", f"{RELEASES}/tags/v1.0.0")["assets"][0]
    assert shown["state"] == "starter"
    fits(models.ReleaseAsset, {**shown, "state": "open"})
