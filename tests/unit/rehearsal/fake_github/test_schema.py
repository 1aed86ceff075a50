"""Validation of request bodies, with the messages of GitHub."""

from __future__ import annotations

import pytest

from tagship.rehearsal.fake_github.http import Refusal
from tagship.rehearsal.fake_github.schema import NEW_RELEASE, RELEASE, fields_of


def refusal(body: bytes) -> tuple[int, object]:
    """Return the status and message of the refusal of a new release."""
    with pytest.raises(Refusal) as caught:
        fields_of(body, NEW_RELEASE)
    answer = caught.value.answer
    assert isinstance(answer.content, dict)
    return answer.status, answer.content["message"]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        pytest.param(b"", 400, "Problems parsing JSON", id="an empty body"),
        pytest.param(b"{", 400, "Problems parsing JSON", id="truncated JSON"),
        pytest.param(b"\xff", 400, "Problems parsing JSON", id="invalid UTF-8"),
        pytest.param(b"[]", 400, "Body should be a JSON object", id="a list"),
        pytest.param(b"{}", 422, 'Invalid request.\n\n"tag_name" wasn\'t supplied.', id="a missing tag"),
        pytest.param(
            b'{"tag_name": "v1", "make_latest": true}',
            422,
            "Invalid request.\n\nFor 'properties/make_latest', true is not a string.",
            id="a boolean for make_latest",
        ),
        pytest.param(
            b'{"tag_name": "v1", "make_latest": "yes"}',
            422,
            'Invalid request.\n\nFor \'properties/make_latest\', "yes" is not a member of ["true", "false", "legacy"].',
            id="an unknown value of make_latest",
        ),
        pytest.param(
            b'{"tag_name": "v1", "draft": "false", "prerelease": null}',
            422,
            "Invalid request.\n\nFor 'properties/draft', \"false\" is not a boolean.\n"
            "For 'properties/prerelease', nil is not a boolean.",
            id="two wrong types",
        ),
    ],
)
def test_an_invalid_body_is_refused_with_the_message_of_github(body: bytes, status: int, message: str) -> None:
    """Invalid JSON is a 400; wrong types are a 422 that names every property."""
    assert refusal(body) == (status, message)


def test_null_is_a_value_and_unknown_properties_are_ignored() -> None:
    """Name and body can be null, and missing properties have the given default."""
    fields = fields_of(b'{"name": null, "draft": false, "frobnicate": 1}', RELEASE)
    assert "name" in fields
    assert fields.text("name") is None
    assert "body" not in fields
    assert not fields.flag("draft", default=True)
    assert fields.flag("prerelease", default=True)
