"""The part of GraphQL that ``gh release`` sends: a release by its tag, drafts too, the list of releases, and a tag.

The query is not executed. It selects between the two answers and their fields, because clients refuse other fields.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Answer, Call, refused
from tagship.rehearsal.fake_github.permissions import reads_drafts
from tagship.rehearsal.fake_github.publishing import latest_release
from tagship.rehearsal.fake_github.serializers import Json, node_id, timestamp

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Release

PATH = "/graphql"
LIST = re.compile(r"\breleases\s*\(")
SINGLE = re.compile(r"\brelease\s*\(\s*tagName")
SELECTED = re.compile(r"(?:\bnodes|\brelease\s*\([^)]*\))\s*\{([^}]*)\}")


def query_of(body: bytes) -> tuple[str, dict[str, object]]:
    """Return the query and its variables; raise the 400 for another body."""
    try:
        content = json.loads(body)
        return str(content["query"]), dict(content.get("variables") or {})
    except (ValueError, TypeError, KeyError):
        raise refused(400, "Problems parsing JSON") from None


def repository_name(variables: dict[str, object]) -> str:
    """Return the repository that the variables name."""
    return f"{variables.get('owner')}/{variables.get('name') or variables.get('repo')}"


def unresolved(name: str) -> Answer:
    """Return the answer for a repository that does not exist, or that the caller may not read."""
    message = f"Could not resolve to a Repository with the name '{name}'."
    content = {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": message}]}
    return Answer(content=content)


def resolve(call: Call, query: str, variables: dict[str, object]) -> Answer:
    """Return the releases that the query names."""
    drafts = reads_drafts(call.caller, call.repository)
    seen = [release for release in call.state.releases_of(call.repository) if drafts or not release.draft]
    found: Json = {}
    selected = set(re.findall(r"\w+", " ".join(SELECTED.findall(query))))
    if LIST.search(query):
        first, after = variables.get("perPage"), variables.get("endCursor")
        start = int(after) if isinstance(after, str) and after.isdecimal() else 0
        end = start + (first if isinstance(first, int) else 30)
        nodes = [_release(call, release, selected) for release in seen[start:end]]
        found["releases"] = {"nodes": nodes, "pageInfo": {"hasNextPage": end < len(seen), "endCursor": str(end)}}
    elif SINGLE.search(query):
        tag = variables.get("tagName") or variables.get("tag")
        named = (release for release in seen if release.tag_name == tag)
        found["release"] = next((_release(call, release, selected) for release in named), None)
    elif "ref(qualifiedName: $tagName)" in query:
        tag = str(variables.get("tagName")).removeprefix("refs/tags/")
        found["ref"] = {"id": node_id("REF", tag)} if tag in call.commits.tags() else None
    else:
        raise refused(400, "This query is not supported.")
    return Answer(content={"data": {"repository": found}})


def _release(call: Call, release: Release, selected: set[str]) -> Json:
    latest = latest_release(call.state, call.repository)
    published = release.published_at
    fields: Json = {
        "id": node_id("RE", release.id),
        "databaseId": release.id,
        "name": release.name or "",
        "tagName": release.tag_name,
        "isDraft": release.draft,
        "isPrerelease": release.prerelease,
        "isLatest": latest is not None and latest.id == release.id,
        "createdAt": timestamp(release.created_at),
        "publishedAt": None if published is None else timestamp(published),
    }
    return {name: value for name, value in fields.items() if name in selected}
