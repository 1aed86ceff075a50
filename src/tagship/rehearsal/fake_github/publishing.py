"""Publishing of a release: its tag, its immutability, and the choice of the latest release."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase

from tagship.core.versions import BAD_NAME
from tagship.rehearsal.fake_github.git import is_empty
from tagship.rehearsal.fake_github.http import Call, coded, custom, invalid, refused
from tagship.rehearsal.fake_github.models import Change, Put, Release, Repository, State
from tagship.rehearsal.fake_github.permissions import forbidden

NO_TAG = custom("Published releases must have a valid tag")


def check_target(call: Call, release: Release) -> None:
    """Raise the 422 if the tag does not exist and the target is neither a branch nor a commit."""
    if is_empty(call.commits):
        raise refused(422, "Repository is empty.")
    if release.tag_name in call.commits.tags():
        return
    commit = call.commits.commit(release.target_commitish)
    if commit is None:
        raise invalid(coded("invalid", "target_commitish"))
    if commit.sha in call.repository.workflow_commits and call.caller and call.caller.kind == "installation":
        raise forbidden(call.caller, "contents=write; contents=write,workflows=write")


def publish(call: Call, release: Release) -> tuple[Release, Repository]:
    """Return the published release, and its repository with the tag, created at the target if it was missing.

    Raises the 422 with all errors.
    """
    repository = call.repository
    if errors := _errors(call, release):
        raise invalid(*errors)
    commit = call.commits.commit(release.tag_name if _has_tag(call, release) else release.target_commitish)
    if not _has_tag(call, release) and commit:
        repository = replace(repository, tags={**repository.tags, release.tag_name: commit.sha})
    public = replace(
        release,
        draft=False,
        published_at=call.request.now,
        created_at=commit.committed_at if commit else call.request.now,
        immutable=repository.immutable_releases,
    )
    return public, repository


def _has_tag(call: Call, release: Release) -> bool:
    return release.tag_name in call.commits.tags()


def _errors(call: Call, release: Release) -> list[dict[str, str]]:
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


def set_latest(repository: Repository, release: Release, make_latest: str | None, *, published_now: bool) -> Repository:
    """Return the repository after ``make_latest``, which defaults to "true" for a release that is published now.

    Raises the 422 if a draft or pre-release is to become the latest release.
    """
    hidden = release.draft or release.prerelease
    match make_latest:
        case "true" if hidden:
            raise invalid(custom("Latest release cannot be draft or prerelease."))
        case "true":
            return replace(repository, latest=release.id)
        case None if published_now and not hidden:
            return replace(repository, latest=release.id)
        case "legacy" if not hidden:
            return replace(repository, latest=None)
        case "false" if repository.latest == release.id:
            return replace(repository, latest=None)
        case _:
            return repository


def latest_release(state: State, repository: Repository) -> Release | None:
    """Return the release marked as latest, or the one with the newest commit and the highest version."""
    final = [release for release in state.releases_of(repository) if not release.draft and not release.prerelease]
    marked = [release for release in final if release.id == repository.latest]
    return max(marked or final, key=lambda release: (release.created_at, _version(release), release.id), default=None)


def _version(release: Release) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", release.tag_name)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def push_tag_changes(state: State, repository: Repository, tag: str, commit: str | None) -> list[Change]:
    """Return the changes of a pushed or deleted tag.

    A release whose tag is deleted becomes a draft. The tag of an immutable release cannot be deleted.
    """
    releases = [release for release in state.releases_of(repository) if release.tag_name == tag and not release.draft]
    if commit is None and any(release.immutable for release in releases):
        return []
    rest = {name: sha for name, sha in repository.tags.items() if name != tag}
    tags = {**rest, tag: commit} if commit else rest
    hidden = [] if commit else [Put(record=replace(release, draft=True)) for release in releases]
    return [Put(record=replace(repository, tags=tags)), *hidden]
