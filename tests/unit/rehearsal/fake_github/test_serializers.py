"""Answers match the schema that GitHub publishes, by models generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from githubkit_schemas.latest import models
from pydantic import BaseModel, TypeAdapter

from support.fake_github import CLASSIC, READER, REPOSITORY, WRITER
from support.repositories import new_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.fake_github import Client

RELEASES = f"{REPOSITORY}/releases"


@pytest.fixture
def client(connect: Callable[..., Client], tmp_path: Path) -> Client:
    """Return a repository with history and a published release with an asset."""
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
    client = connect(settings)
    release = client.create("v1.0.0", name="One", body="notes", discussion_category_name="Announcements")
    client.upload(release["id"], "a.whl", label="A")
    client.content("PATCH", f"{RELEASES}/{release['id']}", {"draft": False})
    return client


def fits(model: Any, content: Any) -> None:
    """Assert that the content matches the model and has no property that the model lacks."""
    parsed = TypeAdapter(model).validate_python(content)
    for one, given in zip(parsed, content, strict=True) if isinstance(content, list) else [(parsed, content)]:
        covers(one, given)


def covers(parsed: object, given: object) -> None:
    """Assert recursively that every property belongs to the model."""
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
        (RELEASES, list[models.Release]),
        (f"{RELEASES}/latest", models.Release),
        (f"{RELEASES}/tags/v1.0.0", models.Release),
        (f"{REPOSITORY}/git/ref/tags/v1.0.0", models.GitRef),
        (f"{REPOSITORY}/git/ref/tags/v2.0.0", models.GitRef),
        (f"{REPOSITORY}/git/matching-refs/tags/v", list[models.GitRef]),
        (f"{REPOSITORY}/tags", list[models.Tag]),
        ("/rate_limit", models.RateLimitOverview),
    ],
)
def test_reads_match_the_schema(client: Client, path: str, model: Any) -> None:
    """The answer to each GET has the properties and types of the published schema."""
    fits(model, client.content("GET", path, headers={"x-github-api-version": "2026-03-10"}))


def test_the_repository_matches_a_part_of_the_schema(client: Client) -> None:
    """The repository has only properties of the schema, with the right types, but not all of them."""
    content = client.content("GET", REPOSITORY)
    fields = {field.alias or name: field for name, field in models.FullRepository.model_fields.items()}
    for name, value in content.items():
        kind: Any = fields[name].annotation
        TypeAdapter(kind).validate_python(value)


def test_writes_match_the_schema(client: Client) -> None:
    """The answers to writes and the single assets match as well."""
    draft = client.create("v2.0.0")
    fits(models.Release, draft)
    asset: Any = client.upload(draft["id"], "b.whl").content
    fits(models.ReleaseAsset, asset)
    fits(list[models.ReleaseAsset], client.content("GET", f"{RELEASES}/{draft['id']}/assets"))
    fits(models.ReleaseAsset, client.content("PATCH", f"{RELEASES}/assets/{asset['id']}", {"name": "c.whl"}))
    fits(models.Release, client.content("PATCH", f"{RELEASES}/{draft['id']}", {"draft": False}))
    fits(models.ReleaseNotesContent, client.content("POST", f"{RELEASES}/generate-notes", {"tag_name": "v2.0.0"}))
    sha = client.content("GET", f"{REPOSITORY}/git/ref/tags/v2.0.0")["object"]["sha"]
    fits(models.GitTag, client.content("GET", f"{REPOSITORY}/git/tags/{sha}"))


@pytest.mark.parametrize(
    ("body", "token", "status", "model"),
    [
        pytest.param({"tag_name": "v1"}, CLASSIC, 404, models.BasicError, id="not found"),
        pytest.param({"tag_name": "v1"}, "made-up", 401, models.BasicError, id="an unknown token"),
        pytest.param({"tag_name": "v1"}, READER, 403, models.BasicError, id="no permission"),
        pytest.param(b"{", WRITER, 400, models.BasicError, id="invalid JSON"),
        pytest.param({}, WRITER, 422, models.ValidationErrorSimple, id="a missing tag"),
        pytest.param({"tag_name": "v1.0.0"}, WRITER, 422, models.ValidationError, id="a tag released twice"),
    ],
)
def test_refusals_match_the_schema(client: Client, body: object, token: str, status: int, model: Any) -> None:
    """Errors have the properties that clients parse, with the status as a string."""
    answer = client.ask("POST", RELEASES, body, token=token)
    assert answer.status == status
    content: Any = answer.content
    TypeAdapter(model).validate_python(content)
    assert content["status"] == str(status)
    assert content["documentation_url"].startswith("https://docs.github.com/")


def test_an_unfinished_upload_has_a_state_that_the_schema_lacks(connect: Callable[..., Client]) -> None:
    """GitHub answers ``starter``, which its schema does not have; the other properties match."""
    asset = {"name": "a.whl", "state": "starter"}
    client = connect({"releases": [{"tag_name": "v1.0.0", "assets": [asset]}]})
    shown = client.content("GET", f"{RELEASES}/tags/v1.0.0")["assets"][0]
    assert shown["state"] == "starter"
    fits(models.ReleaseAsset, {**shown, "state": "open"})
