"""Handlers of the repository itself: its summary, references, tags, and the jobs of its workflow runs."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from tagship.rehearsal.fake_github import schema
from tagship.rehearsal.fake_github.git import is_empty
from tagship.rehearsal.fake_github.http import Answer, Call, not_found, refused
from tagship.rehearsal.fake_github.models import Put
from tagship.rehearsal.fake_github.permissions import level
from tagship.rehearsal.fake_github.publishing import push_tag_changes
from tagship.rehearsal.fake_github.serializers import Json, node_id, paged, repository_api, timestamp, user_json

UNSIGNED: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def get_repository(call: Call) -> Answer:
    """Return the properties of the repository that clients of releases read."""
    repository, links = call.repository, call.request.links
    owner, _, name = repository.name.partition("/")
    writes = level(call.caller, repository, "contents") == "write"
    permissions = {"admin": False, "maintain": False, "push": writes, "triage": writes, "pull": True}
    content: Json = {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": name,
        "full_name": repository.name,
        "owner": user_json(links, owner),
        "private": repository.private,
        "html_url": f"{links.web}/{repository.name}",
        "url": repository_api(links, repository),
        "default_branch": repository.default_branch,
        **({"permissions": permissions} if call.caller else {}),
    }
    return Answer(content=content)


def get_reference(call: Call) -> Answer:
    """Return the reference with exactly that name."""
    name = f"refs/{call.parameters['ref']}"
    for reference in _references(call):
        if reference["ref"] == name:
            return Answer(content=reference)
    raise not_found()


def create_reference(call: Call) -> Answer:
    """Create a branch or tag at a commit; raise the 422 if it exists."""
    fields = schema.fields_of(call.request.body, schema.REFERENCE)
    return _moved(call, str(fields.text("ref"))[5:], fields.text("sha") or "", new=True)


def update_reference(call: Call) -> Answer:
    """Move a branch or tag to a commit; raise the 422 if it does not exist."""
    fields = schema.fields_of(call.request.body, schema.MOVE)
    return _moved(call, call.parameters["ref"], fields.text("sha") or "", new=False)


def delete_reference(call: Call) -> Answer:
    """Delete a branch or tag; raise the 422 if it does not exist."""
    return _moved(call, call.parameters["ref"], None, new=False)


def _moved(call: Call, reference: str, sha: str | None, *, new: bool) -> Answer:
    """Move a reference to the commit ``sha``, or delete it if that is None."""
    name, repository = f"refs/{reference}", call.repository
    if new is (name in {one["ref"] for one in _references(call)}):
        raise refused(422, f"Reference {'already exists' if new else 'does not exist'}")
    if sha is not None and call.commits.commit(sha) is None:
        raise refused(422, "Object does not exist")
    folder, _, short = reference.partition("/")
    if folder == "tags":
        changes = tuple(push_tag_changes(call.state, repository, short, sha))
    else:
        rest = {key: value for key, value in repository.branches.items() if key != short}
        changes = (Put(record=replace(repository, branches={**rest, **({short: sha} if sha else {})})),)
    if sha is None:
        return Answer(status=204, changes=changes)
    content = {"ref": name, "object": {"type": "commit", "sha": sha}}
    return Answer(status=201 if new else 200, content=content, changes=changes)


def list_matching_references(call: Call) -> Answer:
    """Return all references whose name has that prefix."""
    prefix = f"refs/{call.parameters['ref']}"
    found = [reference for reference in _references(call) if str(reference["ref"]).startswith(prefix)]
    return Answer(content=found)


def get_tag(call: Call) -> Answer:
    """Return the annotated tag object."""
    found = call.commits.annotation(call.parameters["sha"])
    if found is None:
        raise not_found()
    api = repository_api(call.request.links, call.repository)
    content = {
        "node_id": node_id("T", found.sha),
        "tag": found.name,
        "sha": found.sha,
        "url": f"{api}/git/tags/{found.sha}",
        "message": found.message,
        "tagger": {"name": found.tagger, "email": found.email, "date": timestamp(found.tagged_at)},
        "object": {"type": "commit", "sha": found.commit, "url": f"{api}/git/commits/{found.commit}"},
        "verification": UNSIGNED,
    }
    return Answer(content=content)


def get_commit(call: Call) -> Answer:
    """Return the commit of a branch (``heads/main``), a tag (``tags/v1.0.0``), either without a prefix, or a SHA."""
    folder, _, name = call.parameters["ref"].partition("/")
    tag = call.commits.tags().get(name)
    head = {"heads": call.commits.branches().get(name), "tags": tag and tag.commit}
    sha = head[folder] if folder in head else call.parameters["ref"]
    found = call.commits.commit(sha) if sha else None
    if found is None:
        raise refused(422, f"No commit found for SHA: {call.parameters['ref']}")
    api = repository_api(call.request.links, call.repository)
    content = {"sha": found.sha, "url": f"{api}/commits/{found.sha}", "commit": {"message": found.message}}
    return Answer(content=content)


def list_tags(call: Call) -> Answer:
    """Return a page of the tags."""
    api = repository_api(call.request.links, call.repository)
    tags = [
        {
            "name": found.name,
            "commit": {"sha": found.commit, "url": f"{api}/commits/{found.commit}"},
            "zipball_url": f"{api}/zipball/refs/tags/{quote(found.name)}",
            "tarball_url": f"{api}/tarball/refs/tags/{quote(found.name)}",
            "node_id": node_id("REF", found.name),
        }
        for found in sorted(call.commits.tags().values(), key=lambda found: found.name, reverse=True)
    ]
    return paged(call, tags)


def list_jobs(_: Call) -> Answer:
    """Return the jobs of a workflow run: none, since no workflows run here."""
    return Answer(content={"total_count": 0, "jobs": []})


def _references(call: Call) -> list[Json]:
    if is_empty(call.commits):
        raise refused(409, "Git Repository is empty.")
    api = repository_api(call.request.links, call.repository)
    heads = [("heads", name, "commit", sha) for name, sha in call.commits.branches().items()]
    tags = [
        ("tags", found.name, "tag" if found.annotated else "commit", found.target)
        for found in call.commits.tags().values()
    ]
    return [
        {
            "ref": f"refs/{folder}/{name}",
            "node_id": node_id("REF", f"{folder}/{name}"),
            "url": f"{api}/git/refs/{folder}/{quote(name)}",
            "object": {"type": kind, "sha": sha, "url": f"{api}/git/{kind}s/{sha}"},
        }
        for folder, name, kind, sha in sorted(heads + tags)
    ]
