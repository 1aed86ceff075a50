"""What happens when a release is published: its tag, its immutability, and which release is the latest."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.git import BAD_NAME, is_empty
from tagship.rehearsal.fake_github.http import coded, custom, invalid, refused
from tagship.rehearsal.fake_github.models import Put

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.http import Call
    from tagship.rehearsal.fake_github.models import Change, Release, Repository, State

NO_TAG = custom("Published releases must have a valid tag")


def check_target(call: Call, release: Release) -> None:
    """Raise the 422 for a target that is no branch and no commit, where no tag says already what is released."""
    if is_empty(call.commits):
        raise refused(422, "Repository is empty.")
    if release.tag_name not in call.commits.tags() and call.commits.commit(release.target_commitish) is None:
        raise invalid(coded("invalid", "target_commitish"))


def published(call: Call, release: Release) -> tuple[Release, Repository]:
    """Return the release in the open, and its repository with the tag, made at the target where it was missing.

    Raises the 422 that says everything that stands against it.
    """
    repository = call.repository
    if errors := _objections(call, release):
        raise invalid(*errors)
    commit = call.commits.commit(release.tag_name if _has_tag(call, release) else release.target_commitish)
    if not _has_tag(call, release) and commit:
        repository = replace(repository, tags={**repository.tags, release.tag_name: commit.sha})
    public = replace(
        release,
        draft=False,
        published_at=call.request.now,
        created_at=commit.committer.at if commit else call.request.now,
        immutable=repository.immutable_releases,
    )
    return public, repository


def _has_tag(call: Call, release: Release) -> bool:
    return release.tag_name in call.commits.tags()


def _objections(call: Call, release: Release) -> list[dict[str, str]]:
    others = [
        other
        for other in call.state.releases_of(call.repository)
        if other.id != release.id and not other.draft and other.tag_name == release.tag_name
    ]
    if others:
        return [coded("already_exists", "tag_name")]
    errors: list[dict[str, str]] = []
    missing = not _has_tag(call, release)
    if missing and any(fnmatchcase(release.tag_name, pattern) for pattern in call.repository.tag_rules):
        rule = (
            "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
        )
        errors.append(custom(rule, field="pre_receive"))
    if release.tag_name in call.repository.burnt_tags:
        errors.append(custom("tag_name was used by an immutable release", field="tag_name"))
    if BAD_NAME.search(release.tag_name):
        errors.append(custom("tag_name is not a valid tag", field="tag_name"))
    return [*errors, NO_TAG] if errors else []


def crown(repository: Repository, release: Release, make_latest: str | None, *, fresh: bool) -> Repository:
    """Return the repository after ``make_latest``; a release just published (``fresh``) asks for it unless told not to.

    Raises the 422 for a draft or pre-release that asks to be the latest.
    """
    hidden = release.draft or release.prerelease
    match make_latest:
        case "true" if hidden:
            raise invalid(custom("Latest release cannot be draft or prerelease."))
        case "true":
            return replace(repository, latest=release.id)
        case None if fresh and not hidden:
            return replace(repository, latest=release.id)
        case "legacy" if not hidden:
            return replace(repository, latest=None)
        case "false" if repository.latest == release.id:
            return replace(repository, latest=None)
        case _:
            return repository


def latest(state: State, repository: Repository) -> Release | None:
    """Return the latest release: the one marked so, else the one with the newest commit and the highest version."""
    final = [release for release in state.releases_of(repository) if not release.draft and not release.prerelease]
    marked = [release for release in final if release.id == repository.latest]
    return max(marked or final, key=lambda release: (release.created_at, _version(release), release.id), default=None)


def _version(release: Release) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", release.tag_name)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def tag_pushed(state: State, repository: Repository, tag: str, commit: str | None) -> list[Change]:
    """What a pushed tag changes; a deleted one turns its release, unless that is immutable, back into a draft."""
    releases = [release for release in state.releases_of(repository) if release.tag_name == tag and not release.draft]
    if commit is None and any(release.immutable for release in releases):
        return []
    rest = {name: sha for name, sha in repository.tags.items() if name != tag}
    tags = {**rest, tag: commit} if commit else rest
    hidden = [] if commit else [Put(record=replace(release, draft=True)) for release in releases]
    return [Put(record=replace(repository, tags=tags)), *hidden]


def settled(before: Repository, after: Repository, release: Release) -> tuple[Change, ...]:
    """Return the changes that store the release and, where it is another, its repository."""
    return (Put(record=release), Put(record=after)) if after != before else (Put(record=release),)
