"""Permissions of tokens, and GitHub's refusal for each kind of token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Refusal, not_found, refused

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Level, Repository, State, Token

LEVELS: Mapping[Level, int] = {"none": 0, "read": 1, "write": 2}


def bearer(headers: Mapping[str, str]) -> str | None:
    """Return the credential of a ``Bearer`` or ``token`` header, or None."""
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() in {"bearer", "token"} else None


def caller_of(headers: Mapping[str, str], state: State) -> Token | None:
    """Return the token of the request, or None if it has none. Raise the 401 for an unknown token."""
    if "authorization" not in headers:
        return None
    token = state.tokens.get(bearer(headers) or "")
    if token is None:
        raise refused(401, "Bad credentials")
    return token


def level(caller: Token | None, repository: Repository, permission: str) -> Level:
    """Return the caller's level of the permission; anyone can read a public repository."""
    granted: dict[str, Level] = {}
    if caller is not None:
        for name, permissions in caller.permissions.items():
            if name == "*" or name.lower() == repository.key:
                granted.update(permissions)
    own = granted.get(permission, "none")
    public = permission in {"contents", "actions"} and not repository.private
    return "read" if public and own == "none" else own


def reads_drafts(caller: Token | None, repository: Repository) -> bool:
    """Return True if the caller sees drafts, which requires ``contents: write``."""
    return level(caller, repository, "contents") == "write"


def authorize(caller: Token | None, repository: Repository | None, permission: str, needed: Level) -> Repository:
    """Return the repository if the caller has the permission; raise GitHub's 401, 403 or 404 if not."""
    if repository is None or level(caller, repository, "contents") == "none":
        raise not_found()
    if LEVELS[level(caller, repository, permission)] < LEVELS[needed]:
        raise forbidden(caller, f"{permission}={needed}")
    return repository


def forbidden(caller: Token | None, accepted: str) -> Refusal:
    """Return GitHub's refusal of a caller without the permission; a header lists the ``accepted`` ones."""
    if caller is None:
        return refused(401, "Requires authentication")
    if caller.kind == "classic":
        return not_found()
    party = "integration" if caller.kind == "installation" else "personal access token"
    answer = refused(403, f"Resource not accessible by {party}").answer
    return Refusal(replace(answer, headers={"x-accepted-github-permissions": accepted}))
