"""From answers to sentences: a row for each kind of refusal GitHub is known to give."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tagship.core.release.answers import Answer
from tagship.core.release.error_messages import Doing, explain

DOING = Doing(what="upload a.whl", repository="octo/hello")


def answer(status: int, message: str, *errors: dict[str, str], **headers: str) -> Answer:
    """Return an answer as GitHub words it."""
    body: dict[str, Any] = {"message": message} | ({"errors": list(errors)} if errors else {})
    return Answer(
        status=status, text=json.dumps(body), headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def custom(message: str, field: str = "") -> dict[str, str]:
    """Return a complaint in words."""
    return {"resource": "Release", "code": "custom", "message": message} | ({"field": field} if field else {})


FAILED = "Validation Failed"
RULES = "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
VALID = custom("Published releases must have a valid tag")
CASES = {
    "no answer": (Answer(status=0, text="ConnectionError: refused"), {}, "no-connection", "ConnectionError: refused"),
    "a bad token": (answer(401, "Bad credentials"), {}, "bad-token", "401: Bad credentials"),
    "a primary limit": (
        answer(403, "API rate limit exceeded for installation ID 1.", x_ratelimit_remaining="0"),
        {},
        "rate-limit",
        "API rate limit exceeded",
    ),
    "a secondary limit": (
        answer(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."),
        {},
        "rate-limit",
        "secondary rate limit",
    ),
    "too many requests": (answer(429, "Too many requests"), {}, "rate-limit", "429"),
    "single sign-on": (
        answer(403, "Resource protected by organization SAML enforcement.", x_github_sso="required; url=https://x"),
        {},
        "single-sign-on",
        "single sign-on",
    ),
    "an archived repository": (
        answer(403, "Repository was archived so is read-only."),
        {},
        "archived-repository",
        "octo/hello is archived",
    ),
    "a token of the job that may not": (
        answer(403, "Resource not accessible by integration"),
        {},
        "missing-permission",
        "permissions: contents: write",
    ),
    "a personal token that may not": (
        answer(403, "Resource not accessible by personal access token"),
        {},
        "missing-permission",
        "write access to the contents of octo/hello",
    ),
    "a token that may not open discussions": (
        answer(403, "Resource not accessible by integration"),
        {"discussion": "News"},
        "missing-permission",
        "discussions: write",
    ),
    "404 where something is created": (
        answer(404, "Not Found"),
        {"creates": True},
        "missing-permission",
        "read but not write",
    ),
    "404 where a category is named": (
        answer(404, "Not Found"),
        {"discussion": "News"},
        "discussion-category",
        "'News'",
    ),
    "404 where something is read": (answer(404, "Not Found"), {}, "not-found", "repository, api-url and token"),
    "moved": (answer(307, "Moved Permanently"), {}, "repository-moved", "new name"),
    "too large": (Answer(status=413, text="<html>Request Entity Too Large</html>"), {}, "file-too-large", "2 GiB"),
    "a burnt tag": (
        answer(422, FAILED, custom("tag_name was used by an immutable release"), custom(RULES, "pre_receive"), VALID),
        {},
        "burnt-tag",
        "new version",
    ),
    "an immutable release": (
        answer(422, "Cannot upload assets to an immutable release."),
        {},
        "immutable-release",
        "immutable",
    ),
    "a tag ruleset": (
        answer(422, FAILED, custom(RULES, "pre_receive"), VALID),
        {},
        "tag-ruleset",
        "Cannot create ref due to creations being restricted",
    ),
    "a tag that is taken": (
        answer(422, FAILED, {"resource": "Release", "code": "already_exists", "field": "tag_name"}),
        {},
        "release-exists",
        "published meanwhile",
    ),
    "a name that is taken": (
        answer(422, FAILED, {"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}),
        {},
        "asset-exists",
        "attached meanwhile",
    ),
    "a target that does not exist": (
        answer(422, FAILED, {"resource": "Release", "code": "invalid", "field": "target_commitish"}),
        {},
        "wrong-target",
        "the input target",
    ),
    "a category that does not exist": (
        answer(422, FAILED, {"resource": "Release", "code": "invalid", "field": "discussion_category_name"}),
        {"discussion": "News"},
        "discussion-category",
        "'News'",
    ),
    "a pre-release as latest": (
        answer(422, FAILED, custom("Latest release cannot be draft or prerelease.")),
        {},
        "latest-prerelease",
        "auto or false",
    ),
    "no valid tag": (answer(422, FAILED, VALID), {}, "tag-missing", "Push the tag"),
    "notes that are too long": (
        answer(422, FAILED, custom("body is too long (maximum is 125000 characters)", "body")),
        {},
        "notes-too-long",
        "120,000 bytes",
    ),
    "an empty file": (
        answer(422, FAILED, custom("size must be greater than or equal to 1", "size")),
        {},
        "empty-file",
        "at least one byte",
    ),
    "a server error": (Answer(status=502, text="<html>Bad Gateway</html>"), {}, "github-failing", "502"),
    "an answer cut short": (Answer(status=201, text='{"id": 1, "ta'), {}, "no-connection", "cut short"),
    "anything else": (answer(418, "I am a teapot"), {}, "refused", "418: I am a teapot"),
}


@pytest.mark.parametrize(("given", "doing", "topic", "says"), CASES.values(), ids=CASES.keys())
def test_an_answer_becomes_a_sentence_and_a_remedy(given: Answer, doing: dict[str, Any], topic: str, says: str) -> None:
    """Each kind of refusal has its own words, its own remedy and its own section."""
    problem = explain(given, replace(DOING, **doing))
    assert problem.topic == topic
    assert says in str(problem)


def test_what_somebody_else_wrote_is_not_interpreted() -> None:
    """Braces in GitHub's words or in a file's name stay what they are."""
    problem = explain(answer(418, "{what} {0}"), replace(DOING, what="upload {repository}.whl"))
    assert "upload {repository}.whl" in problem.found
    assert "{what} {0}" in problem.found


def test_long_answers_are_shortened_to_one_line() -> None:
    """A page of HTML does not fill the log."""
    problem = explain(Answer(status=502, text="<p>\n" * 1000), DOING)
    assert len(problem.found.splitlines()) == 1
    assert len(problem.found) < 500
