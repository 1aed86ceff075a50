"""The rules of what git has: references, annotated tags, commits, branches, comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tagship.rehearsal.fake_github.git import is_empty
from tagship.rehearsal.fake_github.http import Answer, Outcome, not_found, refused
from tagship.rehearsal.fake_github.permissions import forbidden, level
from tagship.rehearsal.fake_github.serializers import instant, node_id, paged, repository_api, user_view

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.git import Commit, Signature
    from tagship.rehearsal.fake_github.http import Call
    from tagship.rehearsal.fake_github.serializers import Json

UNSIGNED: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def reference(call: Call) -> Outcome:
    """Return the one reference with exactly that name; a repository without any commits answers 409."""
    name = f"refs/{call.parts['ref']}"
    for view in _references(call):
        if view["ref"] == name:
            return Outcome(answer=Answer(content=view))
    raise not_found()


def matching(call: Call) -> Outcome:
    """Return every reference whose name begins so."""
    name = f"refs/{call.parts['ref']}"
    return Outcome(answer=Answer(content=[view for view in _references(call) if str(view["ref"]).startswith(name)]))


def tag(call: Call) -> Outcome:
    """Return the object of an annotated tag."""
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
    """Return the commit that a branch, tag or SHA leads to."""
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
    """Return a page of the branches."""
    api = repository_api(call.request.links, call.repository)
    views = [
        {"name": name, "commit": {"sha": sha, "url": f"{api}/commits/{sha}"}, "protected": False}
        for name, sha in sorted(call.commits.branches().items())
    ]
    return Outcome(answer=paged(call, views))


def branch(call: Call) -> Outcome:
    """Return one branch with its commit."""
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
    """Return a page of the tags."""
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
    """Return a commit."""
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


TEMPLATES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
COUNTS = (
    "forks",
    "forks_count",
    "network_count",
    "open_issues",
    "open_issues_count",
    "size",
    "stargazers_count",
    "subscribers_count",
    "watchers",
    "watchers_count",
)
SWITCHES = ("archived", "disabled", "fork", "has_pages", "has_wiki", "is_template")


def shown(call: Call) -> Outcome:
    """Return the repository, with what the caller may do in it."""
    repository, links = call.repository, call.request.links
    api, web = repository_api(links, repository), f"{links.web}/{repository.name}"
    owner, _, name = repository.name.partition("/")
    writes = level(call.caller, repository, "contents") == "write"
    permissions = {"admin": False, "maintain": False, "push": writes, "triage": writes, "pull": True}
    content: Json = {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": name,
        "full_name": repository.name,
        "owner": user_view(links, owner),
        "private": repository.private,
        "visibility": "private" if repository.private else "public",
        "html_url": web,
        "description": None,
        "url": api,
        **{key: f"{api}{template}" for key, template in TEMPLATES.items()},
        "git_url": f"{web}.git",
        "ssh_url": f"{web}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": repository.default_branch,
        "has_issues": True,
        "has_projects": True,
        "has_discussions": bool(repository.discussion_categories),
        **dict.fromkeys(SWITCHES, False),
        **dict.fromkeys(COUNTS, 0),
        **dict.fromkeys(("created_at", "pushed_at", "updated_at"), instant(repository.created_at)),
        **({"permissions": permissions} if call.caller else {}),
    }
    return Outcome(answer=Answer(content=content))


def immutability(call: Call) -> Outcome:
    """Return True if releases become immutable here; 404 where they do not, as GitHub has it."""
    if not call.repository.immutable_releases:
        raise not_found()
    return Outcome(answer=Answer(content={"enabled": True, "enforced_by_owner": False}))


def jobs(_: Call) -> Outcome:
    """Return the jobs of a workflow run: none, whatever its number, since no workflows run here."""
    return Outcome(answer=Answer(content={"total_count": 0, "jobs": []}))


def user(call: Call) -> Outcome:
    """Return the account behind the token; an installation token has none."""
    if call.caller is None or call.caller.kind == "installation":
        raise forbidden(call.caller)
    unknown = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    times = dict.fromkeys(("created_at", "updated_at"), instant(0))
    content = {**user_view(call.request.links, call.caller.login), **unknown, **counts, **times}
    return Outcome(answer=Answer(content=content))
