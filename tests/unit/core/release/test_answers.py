"""What an answer means for what comes next."""

from __future__ import annotations

import json

import pytest

from tagship.core.release.answers import Answer, Meaning, meaning


def answer(status: int, body: object = None, **headers: str) -> Answer:
    """Return an answer; names of headers with ``_`` for ``-``."""
    text = "" if body is None else json.dumps(body)
    return Answer(status=status, text=text, headers={name.replace("_", "-"): value for name, value in headers.items()})


TAKEN = {"message": "Validation Failed", "errors": [{"code": "already_exists", "field": "name"}]}
CASES = {
    "created": (answer(201, {"id": 1}), True, Meaning.DONE),
    "deleted, without a body": (answer(204), True, Meaning.DONE),
    "cut short": (Answer(status=201, text='{"id": '), True, Meaning.LOST),
    "no answer": (Answer(status=0, text="timed out"), True, Meaning.LOST),
    "a bad gateway": (answer(502), True, Meaning.LOST),
    "a request time-out": (answer(408), True, Meaning.LOST),
    "a secondary limit": (answer(403, {"message": "You have exceeded a secondary rate limit"}), True, Meaning.LIMITED),
    "a limit that says how long": (answer(403, {"message": "x"}, retry_after="3"), True, Meaning.LIMITED),
    "a primary limit": (answer(403, {"message": "x"}, x_ratelimit_remaining="0"), True, Meaning.LIMITED),
    "too many requests": (answer(429), False, Meaning.LIMITED),
    "a missing permission": (
        answer(403, {"message": "Resource not accessible by integration"}, x_ratelimit_remaining="12"),
        True,
        Meaning.REFUSED,
    ),
    "gone": (answer(404, {"message": "Not Found"}), True, Meaning.STALE),
    "not there to be read": (answer(404, {"message": "Not Found"}), False, Meaning.REFUSED),
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
def test_an_answer_means_one_thing(given: Answer, means: Meaning, *, writes: bool) -> None:
    """Done, limited, lost, stale or refused: what to do next depends on nothing else."""
    assert meaning(given, writes=writes) is means


def test_the_message_joins_what_github_complains_of() -> None:
    """Message and complaints stand on one line, in whatever form they come."""
    given = answer(
        422, {"message": "Validation Failed", "errors": [{"resource": "Release", "code": "invalid"}, "odd\nly"]}
    )
    assert given.message == "Validation Failed | Release invalid | odd ly"


@pytest.mark.parametrize("text", ["[1]", '"x"', "null", '{"errors": 3}', "<html>"])
def test_an_answer_of_another_shape_is_no_reason_to_fail(text: str) -> None:
    """Proxies answer what they like."""
    given = Answer(status=500, text=text)
    assert given.errors == ()
    assert isinstance(given.message, str)
