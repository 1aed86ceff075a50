"""Request bodies: wrong JSON and wrong types are refused in GitHub's words."""

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
        pytest.param(b"", 400, "Problems parsing JSON", id="nothing"),
        pytest.param(b"{", 400, "Problems parsing JSON", id="half of an object"),
        pytest.param(b"\xff", 400, "Problems parsing JSON", id="no UTF-8"),
        pytest.param(b"[]", 400, "Body should be a JSON object", id="a list"),
        pytest.param(b"{}", 422, 'Invalid request.\n\n"tag_name" wasn\'t supplied.', id="no tag"),
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
            id="another word for make_latest",
        ),
        pytest.param(
            b'{"tag_name": "v1", "draft": "false", "prerelease": null}',
            422,
            "Invalid request.\n\nFor 'properties/draft', \"false\" is not a boolean.\n"
            "For 'properties/prerelease', nil is not a boolean.",
            id="two of the wrong type, both told",
        ),
    ],
)
def test_a_wrong_body_is_refused_in_the_words_of_github(body: bytes, status: int, message: str) -> None:
    """Syntax is a 400, types are a 422 that names every property."""
    assert refusal(body) == (status, message)


def test_null_clears_what_may_be_cleared_and_other_names_are_ignored() -> None:
    """Title and notes may be null; a property GitHub does not know does no harm."""
    fields = fields_of(b'{"name": null, "draft": false, "frobnicate": 1}', RELEASE)
    assert "name" in fields
    assert fields.text("name") is None
    assert "body" not in fields
    assert not fields.flag("draft", otherwise=True)
    assert fields.flag("prerelease", otherwise=True)
