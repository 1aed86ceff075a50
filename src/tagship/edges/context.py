"""The context of a run: repository, ref, commit and event, from the runner or from a local clone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.runner import action_source
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from tagship.edges.git import Repository

# https://host/owner/name, ssh://git@host/owner/name or git@host:owner/name; a local path has no owner.
_REMOTE = re.compile(r"(?:(?:https?|ssh|git)://[^/]+/|[^/:@]+@[^/:]+:)(?P<owner>[^/:]+)/(?P<name>[^/]+?)(?:\.git)?/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The context of a run, in the terms of the ``github`` context. Unknown fields are empty."""

    repository: str
    ref_name: str
    ref_type: str
    sha: str
    event_name: str = ""
    default_branch: str
    server_url: str = "https://github.com"
    api_url: str
    token: str = ""
    workflow_ref: str = ""
    run_url: str = ""
    action_repository: str = SOURCE
    action_ref: str = "v1"

    def expressions(self) -> dict[str, str]:
        """Return the values of ``github.`` expressions in defaults, by name."""
        names = ("repository", "ref_name", "ref_type", "sha", "event_name", "server_url", "api_url", "token")
        values = {name: getattr(self, name) for name in names}
        return {**values, "event.repository.default_branch": self.default_branch}


def context_of_runner(environ: Mapping[str, str]) -> Context:
    """Return the context from a runner's variables and event file."""

    def read(name: str, default: str = "") -> str:
        return environ.get(f"GITHUB_{name}", default)

    server, repository = read("SERVER_URL", "https://github.com"), read("REPOSITORY")
    run = read("RUN_ID")
    action_repository, action_ref = action_source(environ)
    return Context(
        repository=repository,
        ref_name=read("REF_NAME"),
        ref_type=read("REF_TYPE"),
        sha=read("SHA"),
        event_name=read("EVENT_NAME"),
        default_branch=_default_branch(read("EVENT_PATH")),
        server_url=server,
        api_url=read("API_URL", "https://api.github.com"),
        workflow_ref=read("WORKFLOW_REF"),
        run_url=f"{server}/{repository}/actions/runs/{run}" if run else "",
        action_repository=action_repository,
        action_ref=action_ref,
    )


def context_of_clone(repository: Repository, environ: Mapping[str, str]) -> Context:
    """Return the context of a local clone: the tag at HEAD, the repository of its remote, the token if one is set."""
    head = repository.commit_of("HEAD") or ""
    tags = repository.tags(at=head) if head else ()
    return Context(
        repository=repository_of(repository.remote_url() or ""),
        ref_name=tags[-1] if tags else repository.branch() or "",
        ref_type="tag" if tags else "branch",
        sha=head,
        default_branch=repository.default_branch() or "",
        server_url=environ.get("GITHUB_SERVER_URL", "https://github.com"),
        api_url=environ.get("GITHUB_API_URL", "https://api.github.com"),
        token=environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "",
    )


def repository_of(url: str) -> str:
    """Return the owner/name in the URL of a remote, or an empty text for another kind of URL."""
    match = _REMOTE.fullmatch(url)
    return f"{match['owner']}/{match['name']}" if match else ""


def _default_branch(event_path: str) -> str:
    try:
        event = json.loads(Path(event_path).read_text("utf-8")) if event_path else {}
        return str(event["repository"]["default_branch"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
