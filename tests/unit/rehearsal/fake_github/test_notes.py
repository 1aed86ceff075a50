"""Generated notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hub import REPOSITORY, configuration
from support.repositories import new_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.hub import Desk

NOTES = f"{REPOSITORY}/releases/generate-notes"


@pytest.fixture
def history(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Return two tags with a commit between them, the first released."""
    repository = new_repository(tmp_path / "origin", tag="v1.0.0")
    repository.commit({"x": "1"}, "Add x\n\nBecause.")
    repository.git("tag", "v2.0.0")
    settings = {"git": str(repository.path), "branches": {}, "tags": {}, "releases": [{"tag_name": "v1.0.0"}]}
    return open_desk(configuration(settings))


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
            id="since a tag that is given",
        ),
        pytest.param(
            {"tag_name": "v3.0.0", "target_commitish": "main"},
            "## What's Changed\n* Add x\n\n\n**Full Changelog**: http://hub/octo/hello/compare/v1.0.0...v3.0.0",
            id="for a tag that is not there yet",
        ),
        pytest.param(
            {"tag_name": "v1.0.0"},
            "**Full Changelog**: http://hub/octo/hello/commits/v1.0.0",
            id="for the first release",
        ),
    ],
)
def test_notes_list_what_changed(history: Desk, fields: dict[str, str], body: str) -> None:
    """The changes since the previous release, and the link to all of them; nothing is stored."""
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
def test_notes_for_what_is_not_there_are_refused(history: Desk, fields: dict[str, str], field: str) -> None:
    """The 422 names the field."""
    answer = history.ask("POST", NOTES, {"tag_name": "v2.0.0", **fields})
    assert isinstance(answer.content, dict)
    assert (answer.status, answer.content["errors"][0]["field"]) == (422, field)
