"""From an answer of GitHub's to a sentence and a remedy: one table, read from the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.release.answers import is_limited
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagship.core.release.answers import Answer
    from tagship.core.release.steps import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a request was for: ``what`` completes "GitHub refused to ...". ``discussion`` is the category it named."""

    what: str
    repository: str
    creates: bool = False
    discussion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
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


def other_bytes(step: Upload) -> Problem:
    """What it means that GitHub confirms another file than the one that was sent."""
    return Problem(
        found=f"GitHub holds other bytes under {step.name} than {step.file.path} had when its digest was taken.",
        remedy="Let nothing write to the file while it is uploaded, and run the job again.",
        topic="file-changed",
    )


def _status(*statuses: int) -> Callable[[Answer, Doing], bool]:
    return lambda answer, _: answer.status in statuses


def _said(status: int, *words: str) -> Callable[[Answer, Doing], bool]:
    return lambda answer, _: answer.status == status and any(word in answer.message.lower() for word in words)


def _about(field: str, *codes: str) -> Callable[[Answer, Doing], bool]:
    """Return a refusal with status 422 that names ``field``, with one of ``codes`` where some are given."""

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
        applies=lambda answer, _: answer.status == 0,
        found="GitHub could not be reached to {what}: {said}.",
        remedy="Run the job again: it goes on where it stopped. If it persists, look at the network and proxy.",
        topic="no-connection",
    ),
    _Row(
        applies=_status(401),
        found="GitHub does not accept the token (401: {said}).",
        remedy="Leave the input token out to use the job's own, or renew the token in the secret it comes from.",
        topic="bad-token",
    ),
    _Row(
        applies=lambda answer, _: is_limited(answer),
        found="GitHub's rate limit is used up, and its end is too far off to wait for ({status}: {said}).",
        remedy="Run the job again later: it goes on where it stopped.",
        topic="rate-limit",
    ),
    _Row(
        applies=lambda answer, _: answer.status == 403 and "sso" in " ".join(answer.headers),
        found="The token is not authorised for the organisation's single sign-on ({status}: {said}).",
        remedy="Authorise the token for the organisation, or leave the input token out to use the job's own.",
        topic="single-sign-on",
    ),
    _Row(
        applies=_said(403, "archived", "read-only"),
        found="The repository {repository} is archived and takes no releases ({status}: {said}).",
        remedy="Unarchive it in its settings.",
        topic="archived-repository",
    ),
    _Row(
        applies=lambda answer, doing: answer.status == 403 and doing.discussion is not None,
        found="The token may not {what} with a discussion ({status}: {said}).",
        remedy="Give the job the permissions contents: write and discussions: write, or leave discussion-category out.",
        topic="missing-permission",
    ),
    _Row(
        applies=_status(403),
        found="The token may not {what} ({status}: {said}).",
        remedy=_WRITE,
        topic="missing-permission",
    ),
    _Row(
        applies=lambda answer, doing: answer.status == 404 and doing.discussion is not None,
        found="GitHub found nothing to {what} (404: {said}). That is what it says where the token may not write, "
        "or where {repository} has no discussion category {category!r}.",
        remedy="Look up the category under Discussions, and give the job contents: write and discussions: write.",
        topic="discussion-category",
    ),
    _Row(
        applies=lambda answer, doing: answer.status == 404 and doing.creates,
        found="GitHub refused to {what} (404: {said}). That is what it says where the token may read but not write.",
        remedy=_WRITE,
        topic="missing-permission",
    ),
    _Row(
        applies=_status(404),
        found="GitHub found nothing to {what} (404: {said}). The repository {repository} or the release is not there, "
        "or the token may not see it.",
        remedy="Look at the inputs repository, api-url and token.",
        topic="not-found",
    ),
    _Row(
        applies=_status(301, 302, 307, 308),
        found="The repository {repository} has moved ({status}), and nothing is written to where it moved.",
        remedy="Set the input repository to its new name.",
        topic="repository-moved",
    ),
    _Row(
        applies=_status(413),
        found="GitHub finds what was sent too large to {what} ({status}: {said}).",
        remedy="Files must be below 2 GiB and notes below 120,000 bytes.",
        topic="file-too-large",
    ),
    _Row(
        applies=_said(422, "was used by an immutable release"),
        found="The tag was used by an immutable release that has been deleted, and is never free again ({said}).",
        remedy="Release under a new version.",
        topic="burnt-tag",
    ),
    _Row(
        applies=_said(422, "immutable release"),
        found="The release is immutable: GitHub refused to {what} ({said}).",
        remedy="Release the files under a new version.",
        topic="immutable-release",
    ),
    _Row(
        applies=_about("pre_receive"),
        found="A rule of the repository forbids making the tag: GitHub refused to {what} ({said}).",
        remedy="Push the tag before the release is made, or let the token's owner bypass the tag ruleset.",
        topic="tag-ruleset",
    ),
    _Row(
        applies=_about("tag_name", "already_exists"),
        found="Another release of the same tag was published meanwhile ({said}).",
        remedy="Run the job again: it goes on from what is there.",
        topic="release-exists",
    ),
    _Row(
        applies=_about("name", "already_exists"),
        found="Another file of the same name was attached meanwhile ({said}).",
        remedy="Run the job again: it goes on from what is there.",
        topic="asset-exists",
    ),
    _Row(
        applies=_about("target_commitish"),
        found="GitHub knows no commit or branch like the input target ({said}).",
        remedy="Set target to a commit that has been pushed, or to a branch.",
        topic="wrong-target",
    ),
    _Row(
        applies=_about("discussion_category_name"),
        found="The repository {repository} has no discussion category {category!r} ({said}).",
        remedy="Look up the category's name under Discussions; discussions must be enabled.",
        topic="discussion-category",
    ),
    _Row(
        applies=_said(422, "latest release cannot be"),
        found="GitHub does not make a draft or pre-release the latest release ({said}).",
        remedy="Set latest to auto or false.",
        topic="latest-prerelease",
    ),
    _Row(
        applies=_said(422, "valid tag"),
        found="GitHub cannot make or find the tag ({said}).",
        remedy="Push the tag before the release is made.",
        topic="tag-missing",
    ),
    _Row(
        applies=_about("body"),
        found="GitHub does not accept the notes ({said}).",
        remedy="Shorten them below 120,000 bytes.",
        topic="notes-too-long",
    ),
    _Row(
        applies=_about("size"),
        found="GitHub does not accept a file of this size ({said}).",
        remedy="Files must have at least one byte and be below 2 GiB.",
        topic="empty-file",
    ),
    _Row(
        applies=lambda answer, _: answer.status >= 500,
        found="GitHub is not working properly: it failed to {what} ({status}: {said}).",
        remedy="See https://www.githubstatus.com and run the job again: it goes on where it stopped.",
        topic="github-failing",
    ),
    _Row(
        applies=lambda answer, _: 200 <= answer.status < 300,
        found="The answer of GitHub was cut short or is not JSON: {said}.",
        remedy="Run the job again. If it persists, look at api-url and at the proxy between the runner and GitHub.",
        topic="no-connection",
    ),
    _Row(
        applies=lambda *_: True,
        found=_REFUSED,
        remedy="Look at GitHub's words above; run with dry-run to see the steps.",
        topic="refused",
    ),
)
