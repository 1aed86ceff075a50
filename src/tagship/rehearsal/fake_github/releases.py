"""Handlers of releases: list, get, create, update, delete, and generate notes."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.core.versions import BAD_NAME
from tagship.rehearsal.fake_github import schema
from tagship.rehearsal.fake_github.http import Answer, Call, coded, custom, invalid, not_found
from tagship.rehearsal.fake_github.models import Change, Drop, Put, Release, Repository
from tagship.rehearsal.fake_github.permissions import reads_drafts
from tagship.rehearsal.fake_github.publishing import check_target, latest_release, publish, set_latest
from tagship.rehearsal.fake_github.serializers import paged, release_json

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.schema import Fields


def list_releases(call: Call) -> Answer:
    """Return a page of the releases, with drafts if the caller can write."""
    drafts = reads_drafts(call.caller, call.repository)
    seen = [release for release in call.state.releases_of(call.repository) if drafts or not release.draft]
    return paged(call, seen, lambda release: _json(call, release))


def get_release(call: Call) -> Answer:
    """Return the release with that id; only callers who can write see a draft."""
    release = call.release()
    if release.draft and not reads_drafts(call.caller, call.repository):
        raise not_found()
    return Answer(content=_json(call, release))


def get_release_by_tag(call: Call) -> Answer:
    """Return the published release of the tag, never a draft."""
    for release in call.state.releases_of(call.repository):
        if release.tag_name == call.parameters["tag"] and not release.draft:
            return Answer(content=_json(call, release))
    raise not_found()


def get_latest_release(call: Call) -> Answer:
    """Return the latest release."""
    release = latest_release(call.state, call.repository)
    if release is None:
        raise not_found()
    return Answer(content=_json(call, release))


def create_release(call: Call) -> Answer:
    """Create a draft or a published release."""
    fields = schema.fields_of(call.request.body, schema.NEW_RELEASE)
    blank = Release(
        id=call.new_id,
        repository=call.repository.name,
        tag_name=fields.text("tag_name") or "",
        target_commitish=call.repository.default_branch,
        author=call.author,
        created_at=call.request.now,
        updated_at=call.request.now,
    )
    release = _with_fields(call, blank, fields)
    repository = call.repository
    if not release.draft:
        release, repository = publish(call, release)
    # GitHub accepts and ignores make_latest in the creation of a draft, but refuses it in an update.
    latest = None if release.draft else fields.text("make_latest")
    repository = set_latest(repository, release, latest, published_now=not release.draft)
    content = _json(call, release)
    headers, changes = {"location": str(content["url"])}, _changes(call, release, repository)
    return Answer(status=201, content=content, headers=headers, changes=changes)


def update_release(call: Call) -> Answer:
    """Change the fields that the request names; ``draft: false`` publishes a draft."""
    fields = schema.fields_of(call.request.body, schema.RELEASE)
    before = call.release()
    _check_immutable(before, fields)
    release = _with_fields(call, before, fields)
    repository = call.repository
    published_now = before.draft and not release.draft
    if published_now or (not release.draft and release.tag_name != before.tag_name):
        release, repository = publish(call, release)
    repository = set_latest(repository, release, fields.text("make_latest"), published_now=published_now)
    release = replace(release, updated_at=call.request.now)
    return Answer(content=_json(call, release), changes=_changes(call, release, repository))


def delete_release(call: Call) -> Answer:
    """Delete the release and its assets. The tag stays; that of an immutable release cannot be released again."""
    release = call.release()
    changes: list[Change] = [Drop(record=asset) for asset in call.state.assets_of(release)]
    changes.append(Drop(record=release))
    if release.immutable:
        burnt = (*call.repository.burnt_tags, release.tag_name)
        changes.append(Put(record=replace(call.repository, burnt_tags=burnt)))
    return Answer(status=204, changes=tuple(changes))


def list_attestations(call: Call) -> Answer:
    """Return the attestations of immutable releases whose tag has that SHA; they are not signed."""
    tags, kind, digest = call.commits.tags(), *call.parameters["digest"].partition(":")[::2]
    found = [
        _attestation(call, release, digest)
        for release in call.state.releases_of(call.repository)
        if release.immutable and kind == "sha1" and tags[release.tag_name].target == digest
    ]
    if not found:
        raise not_found()
    return Answer(content={"attestations": found})


def _attestation(call: Call, release: Release, sha: str) -> dict[str, object]:
    purl = f"pkg:github/{release.repository}@{release.tag_name}"
    files = [
        {"name": asset.name, "digest": {"sha256": asset.content}}
        for asset in call.state.assets_of(release)
        if asset.content
    ]
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "https://in-toto.io/attestation/release/v0.2",
        "subject": [{"uri": purl, "digest": {"sha1": sha}}, *files],
        "predicate": {"purl": purl, "repository": release.repository, "tag": release.tag_name},
    }
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return {"bundle": {"dsseEnvelope": {"payloadType": "application/vnd.in-toto+json", "payload": payload}}}


def generate_notes(call: Call) -> Answer:
    """Return generated notes without storing them."""
    fields = schema.fields_of(call.request.body, schema.NOTES)
    tag, target = fields.text("tag_name") or "", fields.text("target_commitish") or call.repository.default_branch
    body = _generated(call, tag, target, fields.text("previous_tag_name"))
    return Answer(content={"name": tag, "body": body})


def _json(call: Call, release: Release) -> dict[str, object]:
    return release_json(call, release, call.state.assets_of(release))


def _changes(call: Call, release: Release, repository: Repository) -> tuple[Change, ...]:
    changed = repository != call.repository
    return (Put(record=release), Put(record=repository)) if changed else (Put(record=release),)


def _with_fields(call: Call, release: Release, fields: Fields) -> Release:
    """Return the release with the fields; raise the 404 for an unknown discussion category, and 422s."""
    category = fields.text("discussion_category_name")
    if category is not None and category not in call.repository.discussion_categories:
        raise not_found()
    release = replace(
        release,
        tag_name=fields.text("tag_name") if "tag_name" in fields else release.tag_name,  # type: ignore[arg-type]
        target_commitish=fields.text("target_commitish") or release.target_commitish,
        name=fields.text("name") if "name" in fields else release.name,
        body=fields.text("body") if "body" in fields else release.body,
        draft=fields.flag("draft", default=release.draft),
        prerelease=fields.flag("prerelease", default=release.prerelease),
        discussion=category or release.discussion,
    )
    if fields.flag("generate_release_notes"):
        notes = _generated(call, release.tag_name, release.target_commitish, None)
        body = f"{release.body}\n\n{notes}" if release.body else notes
        release = replace(release, name=release.name or release.tag_name, body=body)
    if BAD_NAME.search(release.tag_name):
        raise invalid(custom("tag_name is not a valid tag", field="tag_name"))
    if len(release.body or "") > call.limits.body_characters:
        raise invalid(custom(f"body is too long (maximum is {call.limits.body_characters} characters)", field="body"))
    check_target(call, release)
    return release


def _check_immutable(release: Release, fields: Fields) -> None:
    """Raise the 422 if the request changes a field that is fixed in an immutable release."""
    if not release.immutable:
        return
    fixed = {"tag_name": release.tag_name, "target_commitish": release.target_commitish, "draft": False}
    errors = [
        custom(f"{name} cannot be changed on an immutable release", field=name)
        for name, value in fixed.items()
        if name in fields and fields.values[name] != value
    ]
    if errors:
        raise invalid(*errors)


def _generated(call: Call, tag: str, target: str, previous: str | None) -> str:
    """Return generated notes for the tag, or for the target if the tag does not exist.

    They start at the previous tag, which defaults to that of the last published release. Raises the 422 for a target
    or previous tag that does not exist.
    """
    tags = call.commits.tags()
    head = tag if tag in tags else target
    if call.commits.commit(head) is None:
        raise invalid(coded("invalid", "target_commitish"))
    if previous is not None and previous not in tags:
        raise invalid(coded("invalid", "previous_tag_name"))
    since = previous or _last_published(call, tag)
    web = f"{call.request.links.web}/{call.repository.name}"
    if since is None:
        return f"**Full Changelog**: {web}/commits/{quote(tag)}"
    changes = [f"* {commit.message.splitlines()[0]}" for commit in call.commits.between(since, head) if commit.message]
    listing = "\n".join(["## What's Changed", *changes, "", ""]) if changes else ""
    return f"{listing}\n**Full Changelog**: {web}/compare/{quote(since)}...{quote(tag)}".lstrip()


def _last_published(call: Call, tag: str) -> str | None:
    found = [
        release
        for release in call.state.releases_of(call.repository)
        if release.published_at is not None and not release.draft and release.tag_name != tag
    ]
    newest = max(found, key=lambda release: release.published_at or 0, default=None)
    return newest.tag_name if newest and newest.tag_name in call.commits.tags() else None
