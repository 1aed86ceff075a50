"""Who calls and what they may do, refused in the words that GitHub has for each kind of token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.http import Refusal, not_found, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.rehearsal.fake_github.models import Level, Repository, State, Token

LEVELS: Mapping[Level, int] = {"none": 0, "read": 1, "write": 2}


def bearer(headers: Mapping[str, str]) -> str | None:
    """Return the token that the request carries, as ``Bearer`` or ``token``, or None."""
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() in {"bearer", "token"} else None


def caller_of(headers: Mapping[str, str], state: State) -> Token | None:
    """Whom the request speaks for; None for nobody. Raises the 401 for a token that is not known."""
    if "authorization" not in headers:
        return None
    token = state.tokens.get(bearer(headers) or "")
    if token is None:
        raise refused(401, "Bad credentials")
    return token


def level(caller: Token | None, repository: Repository, permission: str) -> Level:
    """How far the caller's permission for the repository goes; a public one may be read by everybody."""
    granted: dict[str, Level] = {}
    if caller is not None:
        for name, permissions in caller.permissions.items():
            if name == "*" or name.lower() == repository.key:
                granted.update(permissions)
    given = granted.get(permission, "none")
    public = permission in {"contents", "actions"} and not repository.private
    return "read" if public and given == "none" else given


def reads_drafts(caller: Token | None, repository: Repository) -> bool:
    """Return True if drafts exist for the caller: only for who may write contents."""
    return level(caller, repository, "contents") == "write"


def admit(caller: Token | None, repository: Repository | None, permission: str, needed: Level) -> Repository:
    """Return the repository, if the caller may do that; raises GitHub's 401, 403 or 404 if not."""
    if repository is None or level(caller, repository, "contents") == "none":
        raise not_found()
    if LEVELS[level(caller, repository, permission)] < LEVELS[needed]:
        raise forbidden(caller)
    return repository


def forbidden(caller: Token | None) -> Refusal:
    """How GitHub tells this caller that a permission is missing."""
    match caller:
        case None:
            return refused(401, "Requires authentication")
        case _ if caller.kind == "installation":
            return refused(403, "Resource not accessible by integration")
        case _ if caller.kind == "fine-grained":
            return refused(403, "Resource not accessible by personal access token")
        case _:
            return not_found()
