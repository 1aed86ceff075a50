"""The rules of what git has: references, annotated tags, commits, branches, comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.rehearsal.github.commits import is_empty
from tagship.rehearsal.github.messages import Answer, Outcome, not_found, refused
from tagship.rehearsal.github.paging import paged
from tagship.rehearsal.github.views import instant, node_id, repository_api

if TYPE_CHECKING:
    from tagship.rehearsal.github.commits import Commit, Signature
    from tagship.rehearsal.github.messages import Call
    from tagship.rehearsal.github.views import Json

UNSIGNED: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def reference(call: Call) -> Outcome:
    """The one reference with exactly that name; a repository without any commits answers 409."""
    name = f"refs/{call.parts['ref']}"
    for view in _references(call):
        if view["ref"] == name:
            return Outcome(answer=Answer(content=view))
    raise not_found()


def matching(call: Call) -> Outcome:
    """Every reference whose name begins so."""
    name = f"refs/{call.parts['ref']}"
    return Outcome(answer=Answer(content=[view for view in _references(call) if str(view["ref"]).startswith(name)]))


def tag(call: Call) -> Outcome:
    """The object of an annotated tag."""
    found = call.commits.annotation(call.parts["sha"])
    if found is None:
        raise not_found()
    api = repository_api(call.request.links, call.repository)
    content = {
        "node_id": node_id("T", found.sha),
        "tag": found.name,
        "sha": found.sha,
        "url": f"{api}/git/tags/{found.sha}",
        "message": found.message,
        "tagger": _person(found.tagger),
        "object": {"type": "commit", "sha": found.commit, "url": f"{api}/git/commits/{found.commit}"},
        "verification": UNSIGNED,
    }
    return Outcome(answer=Answer(content=content))


def commit(call: Call) -> Outcome:
    """The commit that a branch, tag or SHA leads to."""
    _refuse_empty(call)
    name = call.parts["ref"].removeprefix("heads/").removeprefix("tags/")
    found = call.commits.commit(name)
    if found is None:
        raise refused(422, f"No commit found for SHA: {call.parts['ref']}")
    return Outcome(answer=Answer(content={**commit_view(call, found), "files": []}))


def comparison(call: Call) -> Outcome:
    """How the two references of ``base...head`` stand to each other."""
    base, dots, head = call.parts["basehead"].partition("...")
    found = call.commits.comparison(base, head) if dots else None
    if found is None:
        raise not_found()
    links, name = call.request.links, call.repository.name
    page = f"{links.web}/{name}/compare/{quote(base)}...{quote(head)}"
    statuses = {(False, False): "identical", (True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
    content = {
        "url": f"{repository_api(links, call.repository)}/compare/{quote(base)}...{quote(head)}",
        "html_url": page,
        "permalink_url": f"{links.web}/{name}/compare/{found.base.sha}...{found.head.sha}",
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_view(call, found.base),
        "merge_base_commit": commit_view(call, found.merge_base),
        "status": statuses[bool(found.ahead), bool(found.behind)],
        "ahead_by": len(found.ahead),
        "behind_by": found.behind,
        "total_commits": len(found.ahead),
        "commits": [commit_view(call, one) for one in found.ahead],
        "files": [],
    }
    return Outcome(answer=Answer(content=content))


def branches(call: Call) -> Outcome:
    """A page of the branches."""
    api = repository_api(call.request.links, call.repository)
    views = [
        {"name": name, "commit": {"sha": sha, "url": f"{api}/commits/{sha}"}, "protected": False}
        for name, sha in sorted(call.commits.branches().items())
    ]
    return Outcome(answer=paged(call, views))


def branch(call: Call) -> Outcome:
    """One branch with its commit."""
    name = call.parts["branch"]
    found = call.commits.commit(name) if name in call.commits.branches() else None
    if found is None:
        raise refused(404, "Branch not found")
    links = call.request.links
    api = f"{repository_api(links, call.repository)}/branches/{quote(name)}"
    content = {
        "name": name,
        "commit": commit_view(call, found),
        "_links": {"self": api, "html": f"{links.web}/{call.repository.name}/tree/{quote(name)}"},
        "protected": False,
        "protection": {"enabled": False},
        "protection_url": f"{api}/protection",
    }
    return Outcome(answer=Answer(content=content))


def tags(call: Call) -> Outcome:
    """A page of the tags."""
    api = repository_api(call.request.links, call.repository)
    views = [
        {
            "name": found.name,
            "commit": {"sha": found.commit, "url": f"{api}/commits/{found.commit}"},
            "zipball_url": f"{api}/zipball/refs/tags/{quote(found.name)}",
            "tarball_url": f"{api}/tarball/refs/tags/{quote(found.name)}",
            "node_id": node_id("REF", found.name),
        }
        for found in sorted(call.commits.tags().values(), key=lambda found: found.name, reverse=True)
    ]
    return Outcome(answer=paged(call, views))


def commit_view(call: Call, commit: Commit) -> Json:
    """A commit."""
    links, name = call.request.links, call.repository.name
    api = repository_api(links, call.repository)
    parents = [
        {"sha": sha, "url": f"{api}/commits/{sha}", "html_url": f"{links.web}/{name}/commit/{sha}"}
        for sha in commit.parents
    ]
    return {
        "sha": commit.sha,
        "node_id": node_id("C", commit.sha),
        "url": f"{api}/commits/{commit.sha}",
        "html_url": f"{links.web}/{name}/commit/{commit.sha}",
        "comments_url": f"{api}/commits/{commit.sha}/comments",
        "commit": {
            "url": f"{api}/git/commits/{commit.sha}",
            "author": _person(commit.author),
            "committer": _person(commit.committer),
            "message": commit.message,
            "comment_count": 0,
            "tree": {"sha": commit.tree, "url": f"{api}/git/trees/{commit.tree}"},
            "verification": UNSIGNED,
        },
        "author": None,
        "committer": None,
        "parents": parents,
    }


def _references(call: Call) -> list[Json]:
    _refuse_empty(call)
    api = repository_api(call.request.links, call.repository)
    heads = [("heads", name, "commit", sha) for name, sha in call.commits.branches().items()]
    labels = [
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
        for folder, name, kind, sha in sorted(heads + labels)
    ]


def _refuse_empty(call: Call) -> None:
    if is_empty(call.commits):
        raise refused(409, "Git Repository is empty.")


def _person(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "date": instant(signature.at)}
