"""Release notes that GitHub generates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fake_github import REPOSITORY
from support.repositories import new_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.fake_github import Client

NOTES = f"{REPOSITORY}/releases/generate-notes"


@pytest.fixture
def history(connect: Callable[..., Client], tmp_path: Path) -> Client:
    """Return a repository with two tags and a commit between them; the first tag is released."""
    repository = new_repository(tmp_path / "origin", tag="v1.0.0")
    repository.commit({"x": "1"}, "Add x\n\nBecause.")
    repository.git("tag", "v2.0.0")
    settings = {"git": str(repository.path), "branches": {}, "tags": {}, "releases": [{"tag_name": "v1.0.0"}]}
    return connect(settings)


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        pytest.param(
            {},
            "## What's Changed\n* Add x\n\n\n**Full Changelog**: http://hub/octo/hello/compare/v1.0.0...v2.0.0",
            id="since the last release",
        ),
        pytest.param(
            {"previous_tag_name": "v2.0.0"},
            "**Full Changelog**: http://hub/octo/hello/compare/v2.0.0...v2.0.0",
            id="since a given tag",
        ),
        pytest.param(
            {"tag_name": "v3.0.0", "target_commitish": "main"},
            "## What's Changed\n* Add x\n\n\n**Full Changelog**: http://hub/octo/hello/compare/v1.0.0...v3.0.0",
            id="for a new tag",
        ),
        pytest.param(
            {"tag_name": "v1.0.0"},
            "**Full Changelog**: http://hub/octo/hello/commits/v1.0.0",
            id="for the first release",
        ),
    ],
)
def test_notes_list_the_commits_since_the_previous_release(history: Client, fields: dict[str, str], body: str) -> None:
    """The notes have the commits and a comparison link, and nothing is stored."""
    notes = history.content("POST", NOTES, {"tag_name": "v2.0.0", **fields})
    assert notes == {"name": fields.get("tag_name", "v2.0.0"), "body": body}
    assert len(history.content("GET", f"{REPOSITORY}/releases")) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"tag_name": "v9", "target_commitish": "gone"}, "target_commitish"),
        ({"previous_tag_name": "v9"}, "previous_tag_name"),
    ],
)
def test_notes_for_unknown_references_are_refused(history: Client, fields: dict[str, str], field: str) -> None:
    """The error names the field."""
    answer = history.ask("POST", NOTES, {"tag_name": "v2.0.0", **fields})
    assert isinstance(answer.content, dict)
    assert (answer.status, answer.content["errors"][0]["field"]) == (422, field)
