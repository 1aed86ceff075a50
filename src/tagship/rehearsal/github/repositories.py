"""The rules of what is not a release: the repository itself, its settings, and who calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.github.access import forbidden, level
from tagship.rehearsal.github.messages import Answer, Outcome, not_found
from tagship.rehearsal.github.views import instant, node_id, repository_api, user_view

if TYPE_CHECKING:
    from tagship.rehearsal.github.messages import Call
    from tagship.rehearsal.github.views import Json

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
    """The repository, with what the caller may do in it."""
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
    """Whether releases become immutable here; 404 where they do not, as GitHub has it."""
    if not call.repository.immutable_releases:
        raise not_found()
    return Outcome(answer=Answer(content={"enabled": True, "enforced_by_owner": False}))


def jobs(_: Call) -> Outcome:
    """The jobs of a workflow run: none, whatever its number, since no workflows run here."""
    return Outcome(answer=Answer(content={"total_count": 0, "jobs": []}))


def user(call: Call) -> Outcome:
    """The account behind the token; an installation token has none."""
    if call.caller is None or call.caller.kind == "installation":
        raise forbidden(call.caller)
    unknown = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    times = dict.fromkeys(("created_at", "updated_at"), instant(0))
    content = {**user_view(call.request.links, call.caller.login), **unknown, **counts, **times}
    return Outcome(answer=Answer(content=content))
