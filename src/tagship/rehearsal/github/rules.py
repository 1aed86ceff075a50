"""The way from a request and the state to an outcome: who calls, what is there, what is allowed, then the rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagship.rehearsal.github import routes
from tagship.rehearsal.github.access import admit, caller_of
from tagship.rehearsal.github.assets import upload_ended
from tagship.rehearsal.github.messages import Call, Outcome, Refusal, not_found, refused

if TYPE_CHECKING:
    from tagship.rehearsal.github.messages import GitOf, Limits, Parcel, Request
    from tagship.rehearsal.github.values import Asset, State

VERSIONS = ("2022-11-28", "2026-03-10")
NUMBERED = re.compile(r"/repositories/(?P<id>\d+)(?P<rest>/.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is the same for every request: the limits, and the way to a repository's commits."""

    limits: Limits
    commits_of: GitOf

    def outcome(self, request: Request, state: State) -> Outcome:
        """What the request does and is answered. For an upload: whether it may begin."""
        try:
            matched = self._call(request, state)
            return matched[0].rule(matched[1])
        except Refusal as refusal:
            return Outcome(answer=refusal.answer, changes=refusal.changes)

    def upload_outcome(self, request: Request, state: State, asset: Asset, parcel: Parcel) -> Outcome:
        """What an upload that began does when its bytes are there."""
        try:
            return upload_ended(self._call(request, state)[1], asset, parcel)
        except Refusal as refusal:
            return Outcome(answer=refusal.answer, changes=refusal.changes)

    def _call(self, request: Request, state: State) -> tuple[routes.Route, Call]:
        if not request.headers.get("user-agent"):
            raise refused(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
            )
        version = request.headers.get("x-github-api-version", VERSIONS[0])
        if version not in VERSIONS:
            raise refused(400, f"{version} is not a supported version.")
        caller = caller_of(request.headers, state)
        request = replace(request, path=_named(request.path, state))
        matched = routes.match(request.method, request.path)
        if matched is None:
            raise not_found()
        route, parts = matched.route, matched.parts
        call = Call(
            request=request, state=state, limits=self.limits, commits_of=self.commits_of, parts=parts, caller=caller
        )
        if route.permission is None:
            return route, call
        found = state.repositories.get(parts["repository"].lower())
        return route, replace(call, found=admit(caller, found, route.permission, route.level))


def _named(path: str, state: State) -> str:
    """The path by the repository's name where it came by the number."""
    found = NUMBERED.fullmatch(path)
    if found is None:
        return path
    names = [repository.name for repository in state.repositories.values() if repository.id == int(found["id"])]
    return f"/repos/{names[0]}{found['rest'] or ''}" if names else path
