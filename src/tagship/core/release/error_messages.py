"""The problem that a response of GitHub reports: one table, read from the top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.release.answers import UNLIKE_GITHUB, Answer, is_limited
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.release.steps import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The purpose of a request: ``name`` completes "GitHub refused to ...", ``discussion`` is the category it names.

    ``target`` is the commit or branch of the tag that it creates.
    """

    name: str
    repository: str
    api_url: str = ""
    creates: bool = False
    discussion: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A kind of response, with the texts of its problem. ``{...}`` are fields of the response and the operation."""

    applies: Callable[[Answer, Operation], bool]
    found: str
    remedy: str
    topic: str


def problem_of(answer: Answer, operation: Operation) -> Problem:
    """Return the cause of a refused or lost request, and the permission or setting to change."""
    row = next(row for row in _TABLE if row.applies(answer, operation))
    words = {
        "name": operation.name,
        "repository": operation.repository,
        "category": operation.discussion or "",
        "target": operation.target or "The target",
        "api_url": operation.api_url,
        "accepted": _accepted(answer),
        "status": answer.status,
        "message": answer.message.rstrip(".") or "no reason given",
    }
    return Problem(found=row.found.format(**words), remedy=row.remedy.format(**words), topic=row.topic)


def _accepted(answer: Answer) -> str:
    """Return a sentence with the permissions that the refusal lists: alternatives separated by semicolons."""
    listed = [entry.strip() for entry in answer.headers.get(_ACCEPTED, "").split(";")]
    alternatives = " or ".join(entry.replace("=", ": ").replace(",", ", ") for entry in listed if entry)
    return f" GitHub accepts a token with {alternatives}." if alternatives else ""


def checksum_mismatch(step: Upload) -> Problem:
    """Return the problem of an upload that GitHub confirmed with another checksum or size."""
    return Problem(
        found=f"Checksum mismatch after the upload of {step.name}: {step.file.path} has changed since its checksum "
        f"{step.file.digest} was computed.",
        remedy="Make sure that nothing writes to the file during the upload, then run the job again.",
        topic="checksum-mismatch-after-upload",
    )


def _status(*statuses: int) -> Callable[[Answer, Operation], bool]:
    return lambda answer, _: answer.status in statuses


def _message(status: int, *words: str) -> Callable[[Answer, Operation], bool]:
    return lambda answer, _: answer.status == status and any(word in answer.message.lower() for word in words)


def _field(field: str, *codes: str) -> Callable[[Answer, Operation], bool]:
    """Match a refusal with status 422 for ``field``, with one of ``codes`` if there are any."""

    def applies(answer: Answer, _: Operation) -> bool:
        matching = (error for error in answer.errors if error.get("field") == field)
        return answer.status == 422 and any(not codes or error.get("code") in codes for error in matching)

    return applies


_ACCEPTED = "x-accepted-github-permissions"
_WRITE = (
    "Add permissions: {{contents: write}} to the job. A personal access token needs write access to the contents of "
    "{repository}. Runs for pull requests from forks never get write access."
)
_RERUN = "Run the job again; it continues from the current state."

_TABLE = (
    _Row(
        applies=_status(UNLIKE_GITHUB),
        found="The server at {api_url} does not answer like GitHub to the request to {name}: {message}.",
        remedy="Check api-url and the proxy between the runner and GitHub.",
        topic="the-server-does-not-answer-like-github",
    ),
    _Row(
        applies=lambda answer, _: answer.status == 0 and "CERTIFICATE_VERIFY_FAILED" in answer.text,
        found="TLS certificate verification failed for GitHub ({message}).",
        remedy="Behind a corporate proxy or with a private certificate authority, set REQUESTS_CA_BUNDLE to its "
        "certificate file.",
        topic="certificate_verify_failed--unknownissuer",
    ),
    _Row(
        applies=lambda answer, _: answer.status == 0,
        found="No response from GitHub to the request to {name}: {message}.",
        remedy=f"{_RERUN} If it fails again, check the runner's network and proxy.",
        topic="no-connection-to-github",
    ),
    _Row(
        applies=_status(401),
        found="GitHub rejected the token (401: {message}).",
        remedy="Remove the input token to use the job's GITHUB_TOKEN, or renew the secret that token is set from.",
        topic="401-bad-credentials",
    ),
    _Row(
        applies=lambda answer, _: is_limited(answer),
        found="GitHub's rate limit was reached too often or ends too late to wait for ({status}: {message}).",
        remedy="Run the job again later; it continues from the current state.",
        topic="api-rate-limit-exceeded",
    ),
    _Row(
        applies=lambda answer, _: answer.status == 403 and "x-github-sso" in answer.headers,
        found="The organization requires single sign-on and the token is not authorized for it ({status}: {message}).",
        remedy="Authorize the token for the organization, or remove the input token to use the job's GITHUB_TOKEN.",
        topic="403-resource-protected-by-organization-saml-enforcement",
    ),
    _Row(
        applies=_message(403, "archived", "read-only"),
        found="The repository {repository} is archived, so it is read-only ({status}: {message}).",
        remedy="Unarchive the repository in its settings.",
        topic="403-repository-was-archived",
    ),
    _Row(
        applies=lambda answer, operation: (
            answer.status == 403
            and operation.target is not None
            and "workflows=write" in answer.headers.get(_ACCEPTED, "")
        ),
        found="The token may not create the tag at {target}, because that commit changes workflow files "
        "({status}: {message}).{accepted} GITHUB_TOKEN can never have workflows: write.",
        remedy="Push the tag before the release with git push, or set token to one of a GitHub App or a person with "
        "workflows: write.",
        topic="403-target-with-changed-workflows",
    ),
    _Row(
        applies=lambda answer, operation: answer.status == 403 and operation.discussion is not None,
        found="The token lacks the permission to {name} with a discussion ({status}: {message}).{accepted}",
        remedy="Add permissions: {{contents: write, discussions: write}} to the job, or remove discussion-category.",
        topic="403-resource-not-accessible-by-integration",
    ),
    _Row(
        applies=_status(403),
        found="The token lacks the permission to {name} ({status}: {message}).{accepted}",
        remedy=_WRITE,
        topic="403-resource-not-accessible-by-integration",
    ),
    _Row(
        applies=lambda answer, operation: answer.status == 404 and operation.discussion is not None,
        found="GitHub refused to {name} (404: {message}). Either {repository} has no discussion category "
        "{category!r}, or the token lacks write permission.",
        remedy="Check the category's name under Discussions, and add permissions: "
        "{{contents: write, discussions: write}} to the job.",
        topic="discussion-category-not-found",
    ),
    _Row(
        applies=lambda answer, operation: answer.status == 404 and operation.creates,
        found="GitHub refused to {name} (404: {message}). It answers so if the token can read but not write.",
        remedy=_WRITE,
        topic="403-resource-not-accessible-by-integration",
    ),
    _Row(
        applies=_status(404),
        found="GitHub refused to {name} (404: {message}). The repository {repository} or the release does not exist, "
        "or the token has no access to it.",
        remedy="Check the inputs repository, api-url and token.",
        topic="404-not-found",
    ),
    _Row(
        applies=_status(301, 302, 307, 308),
        found="The repository {repository} was renamed or transferred ({status}). Writes do not follow redirects.",
        remedy="Set the input repository to its new name.",
        topic="301-moved-permanently",
    ),
    _Row(
        applies=_status(413),
        found="The request to {name} is too large for GitHub ({status}: {message}).",
        remedy="Keep files below 2 GiB and notes below 120,000 bytes.",
        topic="file-too-large",
    ),
    _Row(
        applies=_message(422, "was used by an immutable release"),
        found="A deleted immutable release used this tag. GitHub never allows the tag again ({message}).",
        remedy="Release under a new version.",
        topic="422-tag_name-was-used-by-an-immutable-release",
    ),
    _Row(
        applies=_message(422, "immutable release"),
        found="The release is immutable: GitHub refused to {name} ({message}).",
        remedy="Release the files under a new version.",
        topic="422-cannot-upload-assets-to-an-immutable-release",
    ),
    _Row(
        applies=_field("pre_receive"),
        found="A ruleset of the repository forbids the creation of the tag: GitHub refused to {name} ({message}).",
        remedy="Push the tag before the release, or add the token's owner to the ruleset's bypass list.",
        topic="422-repository-rule-violations-found",
    ),
    _Row(
        applies=_field("tag_name", "already_exists"),
        found="Another run published a release of the same tag ({message}).",
        remedy=_RERUN,
        topic="release-already-exists",
    ),
    _Row(
        applies=_field("name", "already_exists"),
        found="GitHub refused to {name}: the release has another file with the same name ({message}).",
        remedy=f"{_RERUN} If it fails again, rename the file in files so that more than the case of letters differs.",
        topic="asset-already_exists",
    ),
    _Row(
        applies=lambda answer, operation: (
            _field("target_commitish")(answer, operation) or _message(422, "object does not exist")(answer, operation)
        ),
        found="{target} is not a commit or branch on GitHub, so no tag can be created there ({message}).",
        remedy="Push the commit before the release, or set target (with move-tag: commit) to one that has been pushed.",
        topic="422-target_commitish-is-invalid",
    ),
    _Row(
        applies=_field("discussion_category_name"),
        found="The repository {repository} has no discussion category {category!r} ({message}).",
        remedy="Check the category's name under Discussions. Discussions must be enabled.",
        topic="discussion-category-not-found",
    ),
    _Row(
        applies=_message(422, "latest release cannot be"),
        found="GitHub refuses to mark a draft or pre-release as Latest ({message}).",
        remedy="Set latest to auto or false.",
        topic="latest-release-cannot-be-draft-or-prerelease",
    ),
    _Row(
        applies=_message(422, "valid tag"),
        found="GitHub cannot find or create the tag ({message}).",
        remedy="Push the tag before the release.",
        topic="published-releases-must-have-a-valid-tag",
    ),
    _Row(
        applies=_field("body"),
        found="GitHub refused the release notes ({message}).",
        remedy="Shorten them to less than 120,000 bytes.",
        topic="release-notes-too-long",
    ),
    _Row(
        applies=_field("size"),
        found="GitHub refused the size of a file ({message}).",
        remedy="Files must have at least one byte and be smaller than 2 GiB.",
        topic="empty-file",
    ),
    _Row(
        applies=lambda answer, _: answer.status >= 500,
        found="GitHub failed to {name} with a server error ({status}: {message}).",
        remedy=f"Check https://www.githubstatus.com. {_RERUN}",
        topic="github-server-error-5xx",
    ),
    _Row(
        applies=lambda answer, _: 200 <= answer.status < 300,
        found="GitHub's response was cut short or is not JSON: {message}.",
        remedy="Run the job again. If it fails again, check api-url and the proxy between the runner and GitHub.",
        topic="no-connection-to-github",
    ),
    _Row(
        applies=lambda *_: True,
        found="GitHub refused to {name} ({status}: {message}).",
        remedy="Read GitHub's message above. Set dry-run to true to see the steps.",
        topic="request-refused-by-github",
    ),
)
