"""The meaning of a response for the next request."""

from __future__ import annotations

import json

import pytest

from tagship.core.release.answers import Answer, Meaning, meaning


def answer(status: int, body: object = None, **headers: str) -> Answer:
    """Return a response; header names have ``_`` for ``-``."""
    text = "" if body is None else json.dumps(body)
    return Answer(status=status, text=text, headers={name.replace("_", "-"): value for name, value in headers.items()})


TAKEN = {"message": "Validation Failed", "errors": [{"code": "already_exists", "field": "name"}]}
CASES = {
    "created": (answer(201, {"id": 1}), True, Meaning.DONE),
    "deleted, without a body": (answer(204), True, Meaning.DONE),
    "cut short": (Answer(status=201, text='{"id": '), True, Meaning.LOST),
    "no response": (Answer(status=0, text="timed out"), True, Meaning.LOST),
    "an internal server error": (answer(500), True, Meaning.LOST),
    "a bad gateway": (answer(502), True, Meaning.LOST),
    "a multiple choice": (answer(300), True, Meaning.REFUSED),
    "abuse detection": (
        answer(403, {"message": "You have triggered an abuse detection mechanism"}),
        True,
        Meaning.LIMITED,
    ),
    "deleted for good": (answer(410), True, Meaning.STALE),
    "a failed precondition": (answer(412), True, Meaning.STALE),
    "an immutable release at publishing": (
        answer(422, {"message": "tag_name was used by an immutable release"}),
        True,
        Meaning.REFUSED,
    ),
    "a request time-out": (answer(408), True, Meaning.LOST),
    "too early": (answer(425), True, Meaning.LOST),
    "a client error next to the lost ones": (answer(407), True, Meaning.REFUSED),
    "a secondary limit": (answer(403, {"message": "You have exceeded a secondary rate limit"}), True, Meaning.LIMITED),
    "a rate limit with retry-after": (answer(403, {"message": "x"}, retry_after="3"), True, Meaning.LIMITED),
    "a primary limit": (answer(403, {"message": "x"}, x_ratelimit_remaining="0"), True, Meaning.LIMITED),
    "too many requests": (answer(429), False, Meaning.LIMITED),
    "a missing permission": (
        answer(403, {"message": "Resource not accessible by integration"}, x_ratelimit_remaining="12"),
        True,
        Meaning.REFUSED,
    ),
    "missing for a write": (answer(404, {"message": "Not Found"}), True, Meaning.STALE),
    "missing for a read": (answer(404, {"message": "Not Found"}), False, Meaning.REFUSED),
    "a conflict": (answer(409), True, Meaning.STALE),
    "a name that is taken": (answer(422, TAKEN), True, Meaning.STALE),
    "a release that became immutable": (
        answer(422, {"message": "Cannot upload assets to an immutable release."}),
        True,
        Meaning.STALE,
    ),
    "invalid": (answer(422, {"message": "Validation Failed", "errors": ["odd"]}), True, Meaning.REFUSED),
    "moved": (answer(307, {"message": "Moved"}), True, Meaning.REFUSED),
}


@pytest.mark.parametrize(("given", "writes", "means"), CASES.values(), ids=CASES.keys())
def test_a_response_has_one_meaning(given: Answer, means: Meaning, *, writes: bool) -> None:
    """It is done, limited, lost, stale or refused; the next request depends on nothing else."""
    assert meaning(given, writes=writes) is means


def test_the_message_joins_all_errors() -> None:
    """The message and the validation errors are joined on one line, in every form."""
    given = answer(
        422, {"message": "Validation Failed", "errors": [{"resource": "Release", "code": "invalid"}, "odd\nly"]}
    )
    assert given.message == "Validation Failed | Release invalid | odd ly"


@pytest.mark.parametrize("text", ["[1]", '"x"', "null", '{"errors": 3}', "<html>"])
def test_json_of_another_shape_is_accepted(text: str) -> None:
    """A proxy can answer with any JSON or HTML."""
    given = Answer(status=500, text=text)
    assert given.errors == ()
    assert isinstance(given.message, str)


def test_the_message_has_at_most_300_characters() -> None:
    """A longer message is cut."""
    assert Answer(status=500, text="x" * 400).message == "x" * 300
