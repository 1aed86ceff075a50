"""Release notes as GitHub generates them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.rehearsal.fake_github import schema
from tagship.rehearsal.fake_github.http import Answer, Outcome, coded, invalid

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.http import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """A title and a body."""

    name: str
    body: str


def generated_shown(call: Call) -> Outcome:
    """Return the notes for a tag, without anything being stored."""
    fields = schema.fields_of(call.request.body, schema.NOTES)
    target = fields.text("target_commitish") or call.repository.default_branch
    notes = generated(call, fields.text("tag_name") or "", target, fields.text("previous_tag_name"))
    return Outcome(answer=Answer(content={"name": notes.name, "body": notes.body}))


def generated(call: Call, tag: str, target: str, previous: str | None) -> Notes:
    """Return the notes for a tag, or for the target where the tag is not there yet, since the previous tag.

    The previous tag is the one of the release published last, unless it is given. Raises the 422 for a tag or target
    that is not there.
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
        return Notes(name=tag, body=f"**Full Changelog**: {web}/commits/{quote(tag)}")
    comparison = call.commits.comparison(since, head)
    changes = [
        f"* {commit.message.splitlines()[0]}" for commit in (comparison.ahead if comparison else ()) if commit.message
    ]
    listing = "\n".join(["## What's Changed", *changes, "", ""]) if changes else ""
    return Notes(name=tag, body=f"{listing}\n**Full Changelog**: {web}/compare/{quote(since)}...{quote(tag)}".lstrip())


def _last_published(call: Call, tag: str) -> str | None:
    found = [
        release
        for release in call.state.releases_of(call.repository)
        if release.published_at is not None and not release.draft and release.tag_name != tag
    ]
    newest = max(found, key=lambda release: release.published_at or 0, default=None)
    return newest.tag_name if newest and newest.tag_name in call.commits.tags() else None
