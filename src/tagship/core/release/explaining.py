"""From an answer of GitHub's to a sentence and a remedy: one table, read from the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.release.answers import is_limited
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagship.core.release.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a request was for: ``what`` completes "GitHub refused to ...". ``discussion`` is the category it named."""

    what: str
    repository: str
    creates: bool = False
    discussion: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A kind of answer, what it means (``{...}`` of the answer and of ``Doing``), what to do, and the topic."""

    applies: Callable[[Answer, Doing], bool]
    found: str
    remedy: str
    topic: str


def explain(answer: Answer, doing: Doing) -> Problem:
    """What a refused or lost request means, which permission or setting it is about, and what to change."""
    row = next(row for row in _TABLE if row.applies(answer, doing))
    words = {
        "what": doing.what,
        "repository": doing.repository,
        "category": doing.discussion or "",
        "status": answer.status,
        "said": answer.message.rstrip(".") or "no reason given",
    }
    return Problem(found=row.found.format(**words), remedy=row.remedy.format(**words), topic=row.topic)


def _status(*statuses: int) -> Callable[[Answer, Doing], bool]:
    return lambda answer, _: answer.status in statuses


def _said(status: int, *words: str) -> Callable[[Answer, Doing], bool]:
    return lambda answer, _: answer.status == status and any(word in answer.message.lower() for word in words)


def _about(field: str, *codes: str) -> Callable[[Answer, Doing], bool]:
    """A refusal with status 422 that names ``field``, with one of ``codes`` where some are given."""

    def applies(answer: Answer, _: Doing) -> bool:
        matching = (complaint for complaint in answer.errors if complaint.field == field)
        return answer.status == 422 and any(not codes or complaint.code in codes for complaint in matching)

    return applies


_REFUSED = "GitHub refused to {what} ({status}: {said})."
_WRITE = (
    "Give the job the permission: permissions: contents: write. With a personal access token, give it write access "
    "to the contents of {repository}; runs for pull requests from forks never have it."
)

_TABLE = (
    _Row(
        lambda answer, _: answer.status == 0,
        "GitHub could not be reached to {what}: {said}.",
        "Run the job again: it goes on where it stopped. If it persists, look at the runner's network and proxy.",
        "no-connection",
    ),
    _Row(
        _status(401),
        "GitHub does not accept the token (401: {said}).",
        "Leave the input token out to use the job's own, or renew the token in the secret it comes from.",
        "bad-token",
    ),
    _Row(
        lambda answer, _: is_limited(answer),
        "GitHub's rate limit is used up, and its end is too far off to wait for ({status}: {said}).",
        "Run the job again later: it goes on where it stopped.",
        "rate-limit",
    ),
    _Row(
        lambda answer, _: answer.status == 403 and "sso" in " ".join(answer.headers),
        "The token is not authorised for the organisation's single sign-on ({status}: {said}).",
        "Authorise the token for the organisation, or leave the input token out to use the job's own.",
        "single-sign-on",
    ),
    _Row(
        _said(403, "archived", "read-only"),
        "The repository {repository} is archived and takes no releases ({status}: {said}).",
        "Unarchive it in its settings.",
        "archived-repository",
    ),
    _Row(
        lambda answer, doing: answer.status == 403 and doing.discussion is not None,
        "The token may not {what} with a discussion ({status}: {said}).",
        "Give the job the permissions contents: write and discussions: write, or leave discussion-category out.",
        "missing-permission",
    ),
    _Row(_status(403), "The token may not {what} ({status}: {said}).", _WRITE, "missing-permission"),
    _Row(
        lambda answer, doing: answer.status == 404 and doing.discussion is not None,
        "GitHub found nothing to {what} (404: {said}). That is what it says where the token may not write, "
        "or where {repository} has no discussion category {category!r}.",
        "Look up the category's name under Discussions, and give the job contents: write and discussions: write.",
        "discussion-category",
    ),
    _Row(
        lambda answer, doing: answer.status == 404 and doing.creates,
        "GitHub refused to {what} (404: {said}). That is what it says where the token may read but not write.",
        _WRITE,
        "missing-permission",
    ),
    _Row(
        _status(404),
        "GitHub found nothing to {what} (404: {said}). The repository {repository} or the release is not there, "
        "or the token may not see it.",
        "Look at the inputs repository, api-url and token.",
        "not-found",
    ),
    _Row(
        _status(301, 302, 307, 308),
        "The repository {repository} has moved ({status}), and nothing is written to where it moved.",
        "Set the input repository to its new name.",
        "repository-moved",
    ),
    _Row(
        _status(413),
        "GitHub finds what was sent too large to {what} ({status}: {said}).",
        "Files must be below 2 GiB and notes below 120,000 bytes.",
        "file-too-large",
    ),
    _Row(
        _said(422, "was used by an immutable release"),
        "The tag was used by an immutable release that has been deleted, and can never be released again ({said}).",
        "Release under a new version.",
        "burnt-tag",
    ),
    _Row(
        _said(422, "immutable release"),
        "The release is immutable: GitHub refused to {what} ({said}).",
        "Release the files under a new version.",
        "immutable-release",
    ),
    _Row(
        _about("pre_receive"),
        "A rule of the repository forbids making the tag: GitHub refused to {what} ({said}).",
        "Push the tag before the release is made, or let the token's owner bypass the tag ruleset.",
        "tag-ruleset",
    ),
    _Row(
        _about("tag_name", "already_exists"),
        "Another release of the same tag was published meanwhile ({said}).",
        "Run the job again: it goes on from what is there.",
        "release-exists",
    ),
    _Row(
        _about("name", "already_exists"),
        "Another file of the same name was attached meanwhile ({said}).",
        "Run the job again: it goes on from what is there.",
        "asset-exists",
    ),
    _Row(
        _about("target_commitish"),
        "GitHub knows no commit or branch like the input target ({said}).",
        "Set target to a commit that has been pushed, or to a branch.",
        "wrong-target",
    ),
    _Row(
        _about("discussion_category_name"),
        "The repository {repository} has no discussion category {category!r} ({said}).",
        "Look up the category's name under Discussions; discussions must be enabled.",
        "discussion-category",
    ),
    _Row(
        _said(422, "latest release cannot be"),
        "GitHub does not make a draft or pre-release the latest release ({said}).",
        "Set latest to auto or false.",
        "latest-prerelease",
    ),
    _Row(
        _said(422, "valid tag"),
        "GitHub cannot make or find the tag ({said}).",
        "Push the tag before the release is made.",
        "tag-missing",
    ),
    _Row(
        _about("body"),
        "GitHub does not accept the notes ({said}).",
        "Shorten them below 120,000 bytes.",
        "notes-too-long",
    ),
    _Row(
        _about("size"),
        "GitHub does not accept a file of this size ({said}).",
        "Files must have at least one byte and be below 2 GiB.",
        "empty-file",
    ),
    _Row(
        lambda answer, _: answer.status >= 500,
        "GitHub is not working properly: it failed to {what} ({status}: {said}).",
        "See https://www.githubstatus.com and run the job again: it goes on where it stopped.",
        "github-failing",
    ),
    _Row(
        lambda answer, _: 200 <= answer.status < 300,
        "The answer of GitHub was cut short or is not JSON: {said}.",
        "Run the job again. If it persists, look at api-url and at the proxy between the runner and GitHub.",
        "no-connection",
    ),
    _Row(
        lambda *_: True,
        _REFUSED,
        "Look at GitHub's words above; run with dry-run to see the steps.",
        "refused",
    ),
)
