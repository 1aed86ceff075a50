"""A response of GitHub becomes a problem: one case for each known kind of refusal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tagship.core.release.answers import UNLIKE_GITHUB, Answer
from tagship.core.release.error_messages import Operation, problem_of

OPERATION = Operation(name="upload a.whl", repository="octo/hello")


def answer(status: int, message: str, *errors: dict[str, str], **headers: str) -> Answer:
    """Return a response with GitHub's error format."""
    body: dict[str, Any] = {"message": message} | ({"errors": list(errors)} if errors else {})
    return Answer(
        status=status, text=json.dumps(body), headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def custom(message: str, field: str = "") -> dict[str, str]:
    """Return a validation error with a message."""
    return {"resource": "Release", "code": "custom", "message": message} | ({"field": field} if field else {})


FAILED = "Validation Failed"
RULES = "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
VALID = custom("Published releases must have a valid tag")
CASES = {
    "a failed TLS verification": (
        Answer(status=0, text="[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer certificate"),
        {},
        "certificate_verify_failed--unknownissuer",
        "REQUESTS_CA_BUNDLE",
    ),
    "no response": (
        Answer(status=0, text="ConnectionError: refused"),
        {},
        "no-connection-to-github",
        "ConnectionError: refused",
    ),
    "a bad token": (answer(401, "Bad credentials"), {}, "401-bad-credentials", "401: Bad credentials"),
    "a primary limit": (
        answer(403, "API rate limit exceeded for installation ID 1.", x_ratelimit_remaining="0"),
        {},
        "api-rate-limit-exceeded",
        "API rate limit exceeded",
    ),
    "a secondary limit": (
        answer(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."),
        {},
        "api-rate-limit-exceeded",
        "secondary rate limit",
    ),
    "too many requests": (answer(429, "Too many requests"), {}, "api-rate-limit-exceeded", "429"),
    "a response of another server": (
        Answer(status=UNLIKE_GITHUB, text="a response has more than 64 MiB"),
        {"api_url": "https://proxy.example"},
        "the-server-does-not-answer-like-github",
        "The server at https://proxy.example does not answer like GitHub to the request to upload a.whl: a response",
    ),
    "a permission that GitHub lists": (
        answer(403, "Resource not accessible by integration", x_accepted_github_permissions="contents=write"),
        {},
        "403-resource-not-accessible-by-integration",
        "GitHub accepts a token with contents: write.",
    ),
    "a new tag on a commit that changes workflows": (
        answer(
            403,
            "Resource not accessible by integration",
            x_accepted_github_permissions="contents=write; contents=write,workflows=write",
        ),
        {"target": "main"},
        "403-target-with-changed-workflows",
        "contents: write or contents: write, workflows: write. GITHUB_TOKEN can never have workflows: write.",
    ),
    "single sign-on": (
        answer(403, "Resource protected by organization SAML enforcement.", x_github_sso="required; url=https://x"),
        {},
        "403-resource-protected-by-organization-saml-enforcement",
        "single sign-on",
    ),
    "an archived repository": (
        answer(403, "Repository was archived so is read-only."),
        {},
        "403-repository-was-archived",
        "octo/hello is archived",
    ),
    "a GITHUB_TOKEN without permission": (
        answer(403, "Resource not accessible by integration"),
        {},
        "403-resource-not-accessible-by-integration",
        "permissions: {contents: write}",
    ),
    "a personal access token without permission": (
        answer(403, "Resource not accessible by personal access token"),
        {},
        "403-resource-not-accessible-by-integration",
        "write access to the contents of octo/hello",
    ),
    "a token without discussions: write": (
        answer(403, "Resource not accessible by integration"),
        {"discussion": "News"},
        "403-resource-not-accessible-by-integration",
        "discussions: write",
    ),
    "404 for a creation": (
        answer(404, "Not Found"),
        {"creates": True},
        "403-resource-not-accessible-by-integration",
        "read but not write",
    ),
    "404 with a discussion category": (
        answer(404, "Not Found"),
        {"discussion": "News"},
        "discussion-category-not-found",
        "'News'",
    ),
    "404 for a read": (answer(404, "Not Found"), {}, "404-not-found", "repository, api-url and token"),
    "moved": (answer(307, "Moved Permanently"), {}, "301-moved-permanently", "new name"),
    "too large": (Answer(status=413, text="<html>Request Entity Too Large</html>"), {}, "file-too-large", "2 GiB"),
    "a tag used by a deleted immutable release": (
        answer(422, FAILED, custom("tag_name was used by an immutable release"), custom(RULES, "pre_receive"), VALID),
        {},
        "422-tag_name-was-used-by-an-immutable-release",
        "new version",
    ),
    "an immutable release": (
        answer(422, "Cannot upload assets to an immutable release."),
        {},
        "422-cannot-upload-assets-to-an-immutable-release",
        "immutable",
    ),
    "a tag ruleset": (
        answer(422, FAILED, custom(RULES, "pre_receive"), VALID),
        {},
        "422-repository-rule-violations-found",
        "Cannot create ref due to creations being restricted",
    ),
    "a tag that is taken": (
        answer(422, FAILED, {"resource": "Release", "code": "already_exists", "field": "tag_name"}),
        {},
        "release-already-exists",
        "published a release of the same tag",
    ),
    "a name that is taken": (
        answer(422, FAILED, {"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}),
        {},
        "asset-already_exists",
        "refused to upload a.whl: the release has another file with the same name",
    ),
    "a target that does not exist": (
        answer(422, FAILED, {"resource": "Release", "code": "invalid", "field": "target_commitish"}),
        {},
        "422-target_commitish-is-invalid",
        "is not a commit or branch on GitHub",
    ),
    "a commit that was not pushed": (
        answer(422, "Object does not exist"),
        {"target": "b" * 40},
        "422-target_commitish-is-invalid",
        f"{'b' * 40} is not a commit or branch on GitHub",
    ),
    "a category that does not exist": (
        answer(422, FAILED, {"resource": "Release", "code": "invalid", "field": "discussion_category_name"}),
        {"discussion": "News"},
        "discussion-category-not-found",
        "'News'",
    ),
    "a pre-release as latest": (
        answer(422, FAILED, custom("Latest release cannot be draft or prerelease.")),
        {},
        "latest-release-cannot-be-draft-or-prerelease",
        "auto or false",
    ),
    "no valid tag": (answer(422, FAILED, VALID), {}, "published-releases-must-have-a-valid-tag", "Push the tag"),
    "notes that are too long": (
        answer(422, FAILED, custom("body is too long (maximum is 125000 characters)", "body")),
        {},
        "release-notes-too-long",
        "120,000 bytes",
    ),
    "an empty file": (
        answer(422, FAILED, custom("size must be greater than or equal to 1", "size")),
        {},
        "empty-file",
        "at least one byte",
    ),
    "a server error": (Answer(status=502, text="<html>Bad Gateway</html>"), {}, "github-server-error-5xx", "502"),
    "a response that was cut short": (
        Answer(status=201, text='{"id": 1, "ta'),
        {},
        "no-connection-to-github",
        "cut short",
    ),
    "anything else": (answer(418, "I am a teapot"), {}, "request-refused-by-github", "418: I am a teapot"),
}


@pytest.mark.parametrize(("given", "operation", "topic", "says"), CASES.values(), ids=CASES.keys())
def test_a_response_becomes_a_problem(given: Answer, operation: dict[str, Any], topic: str, says: str) -> None:
    """Each kind of refusal has its own message, remedy and section."""
    problem = problem_of(given, replace(OPERATION, **operation))
    assert problem.topic == topic
    assert says in str(problem)


def test_braces_in_foreign_text_are_not_interpreted() -> None:
    """Braces in GitHub's message or in a file name are printed as they are."""
    problem = problem_of(answer(418, "{name} {0}"), replace(OPERATION, name="upload {repository}.whl"))
    assert "upload {repository}.whl" in problem.found
    assert "{name} {0}" in problem.found


def test_long_answers_are_shortened_to_one_line() -> None:
    """A page of HTML is cut to one line."""
    problem = problem_of(Answer(status=502, text="<p>\n" * 1000), OPERATION)
    assert len(problem.found.splitlines()) == 1
    assert len(problem.found) < 500


EDGES = {
    "a tag_name error other than already_exists": (
        answer(422, FAILED, {"resource": "Release", "code": "invalid", "field": "tag_name"}),
        "request-refused-by-github",
    ),
    "a field error with another status than 422": (
        answer(400, FAILED, custom("body is too long", "body")),
        "request-refused-by-github",
    ),
    "archived, in other words": (answer(403, "This repository has been archived"), "403-repository-was-archived"),
    "exactly 500": (answer(500, "Server Error"), "github-server-error-5xx"),
    **{
        f"a redirect with {status}": (answer(status, "Moved"), "301-moved-permanently")
        for status in (301, 302, 307, 308)
    },
    "303 is not one of GitHub's redirects": (answer(303, "See Other"), "request-refused-by-github"),
}


@pytest.mark.parametrize(("given", "topic"), EDGES.values(), ids=EDGES.keys())
def test_a_kind_of_refusal_has_exact_bounds(given: Answer, topic: str) -> None:
    """Status, field and code decide together."""
    assert problem_of(given, OPERATION).topic == topic


def test_a_message_ends_with_one_full_stop() -> None:
    """GitHub's own full stop is dropped inside of the parentheses."""
    problem = problem_of(answer(403, "Repository was archived so is read-only."), OPERATION)
    assert problem.found == (
        "The repository octo/hello is archived, so it is read-only (403: Repository was archived so is read-only)."
    )
