"""The rules of releases: list, read, create, change, delete."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github import schema
from tagship.rehearsal.fake_github.git import BAD_NAME
from tagship.rehearsal.fake_github.http import Answer, Outcome, custom, invalid, not_found
from tagship.rehearsal.fake_github.models import Drop, Put, Release
from tagship.rehearsal.fake_github.notes import generated
from tagship.rehearsal.fake_github.permissions import reads_drafts
from tagship.rehearsal.fake_github.publishing import check_target, crown, latest, published, settled
from tagship.rehearsal.fake_github.serializers import paged, release_view

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.http import Call
    from tagship.rehearsal.fake_github.models import Change
    from tagship.rehearsal.fake_github.schema import Fields


def listed(call: Call) -> Outcome:
    """Return a page of the releases; drafts only for who may write."""
    drafts = reads_drafts(call.caller, call.repository)
    seen = [release for release in call.state.releases_of(call.repository) if drafts or not release.draft]
    return Outcome(answer=paged(call, [_view(call, release) for release in seen]))


def shown(call: Call) -> Outcome:
    """Return the release with that id; a draft only for who may write."""
    release = call.release()
    if release.draft and not reads_drafts(call.caller, call.repository):
        raise not_found()
    return Outcome(answer=Answer(content=_view(call, release)))


def by_tag(call: Call) -> Outcome:
    """Return the published release of that tag, never a draft."""
    for release in call.state.releases_of(call.repository):
        if release.tag_name == call.parts["tag"] and not release.draft:
            return Outcome(answer=Answer(content=_view(call, release)))
    raise not_found()


def latest_shown(call: Call) -> Outcome:
    """Return the latest release."""
    release = latest(call.state, call.repository)
    if release is None:
        raise not_found()
    return Outcome(answer=Answer(content=_view(call, release)))


def created(call: Call) -> Outcome:
    """Return a new release: a draft, or published at once."""
    fields = schema.fields_of(call.request.body, schema.NEW_RELEASE)
    release = _described(call, _blank(call, fields.text("tag_name") or ""), fields)
    repository = call.repository
    if not release.draft:
        release, repository = published(call, release)
    repository = crown(repository, release, fields.text("make_latest"), fresh=not release.draft)
    location = {"location": str(_view(call, release)["url"])}
    answer = Answer(status=201, content=_view(call, release), headers=location)
    return Outcome(answer=answer, changes=settled(call.repository, repository, release))


def changed(call: Call) -> Outcome:
    """Return the release with the fields given, and only those, set anew; ``draft: false`` publishes it."""
    fields = schema.fields_of(call.request.body, schema.RELEASE)
    before = call.release()
    _respect_immutability(before, fields)
    release = _described(call, before, fields)
    repository = call.repository
    fresh = before.draft and not release.draft
    if fresh or (not release.draft and release.tag_name != before.tag_name):
        release, repository = published(call, release)
    repository = crown(repository, release, fields.text("make_latest"), fresh=fresh)
    release = replace(release, updated_at=call.request.now)
    return Outcome(answer=Answer(content=_view(call, release)), changes=settled(call.repository, repository, release))


def deleted(call: Call) -> Outcome:
    """Return the release gone with its assets. The tag stays, and the tag of an immutable release is never used
    again.
    """
    release = call.release()
    changes: list[Change] = [Drop(record=asset) for asset in call.state.assets_of(release)]
    changes.append(Drop(record=release))
    if release.immutable:
        burnt = (*call.repository.burnt_tags, release.tag_name)
        changes.append(Put(record=replace(call.repository, burnt_tags=burnt)))
    return Outcome(answer=Answer(status=204), changes=tuple(changes))


def _view(call: Call, release: Release) -> dict[str, object]:
    return release_view(call, release, call.state.assets_of(release))


def _blank(call: Call, tag_name: str) -> Release:
    identity = call.identity()
    seed = f"{call.repository.name} {identity} {call.request.now}"
    return Release(
        id=identity,
        repository=call.repository.name,
        tag_name=tag_name,
        target_commitish=call.repository.default_branch,
        draft_name=f"untagged-{hashlib.sha256(seed.encode()).hexdigest()[:20]}",
        author=call.author,
        created_at=call.request.now,
        updated_at=call.request.now,
    )


def _described(call: Call, release: Release, fields: Fields) -> Release:
    """Return the release with the fields set; raises the 404 of a discussion category that is not there, and 422s."""
    category = fields.text("discussion_category_name")
    if category is not None and category not in call.repository.discussion_categories:
        raise not_found()
    release = replace(
        release,
        tag_name=fields.text("tag_name") if "tag_name" in fields else release.tag_name,  # type: ignore[arg-type]
        target_commitish=fields.text("target_commitish") or release.target_commitish,
        name=fields.text("name") if "name" in fields else release.name,
        body=fields.text("body") if "body" in fields else release.body,
        draft=fields.flag("draft", otherwise=release.draft),
        prerelease=fields.flag("prerelease", otherwise=release.prerelease),
        discussion=category or release.discussion,
    )
    if fields.flag("generate_release_notes"):
        release = _with_notes(call, release)
    if BAD_NAME.search(release.tag_name):
        raise invalid(custom("tag_name is not a valid tag", field="tag_name"))
    if len(release.body or "") > call.limits.body_characters:
        raise invalid(custom(f"body is too long (maximum is {call.limits.body_characters} characters)", field="body"))
    check_target(call, release)
    return release


def _with_notes(call: Call, release: Release) -> Release:
    notes = generated(call, release.tag_name, release.target_commitish, None)
    body = f"{release.body}\n\n{notes.body}" if release.body else notes.body
    return replace(release, name=release.name or notes.name, body=body)


def _respect_immutability(release: Release, fields: Fields) -> None:
    """Raises the 422 for a field that an immutable release keeps for ever."""
    if not release.immutable:
        return
    kept = {"tag_name": release.tag_name, "target_commitish": release.target_commitish, "draft": False}
    errors = [
        custom(f"{name} cannot be changed on an immutable release", field=name)
        for name, value in kept.items()
        if name in fields and fields.values[name] != value
    ]
    if errors:
        raise invalid(*errors)
