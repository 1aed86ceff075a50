"""Which rule answers which request, and which permission it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github import assets, notes, references, releases
from tagship.rehearsal.fake_github.assets import upload_ended
from tagship.rehearsal.fake_github.http import Call, Outcome, Refusal, not_found, refused
from tagship.rehearsal.fake_github.permissions import admit, caller_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagship.rehearsal.fake_github.http import GitOf, Limits, Parcel, Request
    from tagship.rehearsal.fake_github.models import Asset, Level, State

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

    def _call(self, request: Request, state: State) -> tuple[Route, Call]:
        if not request.headers.get("user-agent"):
            raise refused(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
            )
        version = request.headers.get("x-github-api-version", VERSIONS[0])
        if version not in VERSIONS:
            raise refused(400, f"{version} is not a supported version.")
        caller = caller_of(request.headers, state)
        request = replace(request, path=_named(request.path, state))
        matched = match(request.method, request.path)
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
    """Return the path by the repository's name where it came by the number."""
    found = NUMBERED.fullmatch(path)
    if found is None:
        return path
    names = [repository.name for repository in state.repositories.values() if repository.id == int(found["id"])]
    return f"/repos/{names[0]}{found['rest'] or ''}" if names else path


PARTS = {
    "{repository}": r"(?P<repository>[^/]+/[^/]+)",
    "{id}": r"(?P<id>\d{1,18})",
    "{sha}": r"(?P<sha>[0-9a-f]{40})",
}
REST = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A method and path, the rule behind it, and what the caller must be allowed; no permission: no repository."""

    method: str
    path: re.Pattern[str]
    rule: Callable[[Call], Outcome]
    permission: str | None
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A route with the parts that the path named."""

    route: Route
    parts: Mapping[str, str]


def _route(
    method: str, path: str, rule: Callable[[Call], Outcome], permission: str | None = "contents", level: Level = "read"
) -> Route:
    pattern = path
    for name, expression in PARTS.items():
        pattern = pattern.replace(name, expression)
    pattern = REST.sub(r"(?P<\1>.+)", pattern)
    return Route(method=method, path=re.compile(pattern), rule=rule, permission=permission, level=level)


REPOSITORY = "/repos/{repository}"
UPLOAD = _route("POST", f"/uploads{REPOSITORY}/releases/{{id}}/assets", assets.upload_begun, level="write")
ROUTES = (
    UPLOAD,
    _route("GET", "/user", references.user, None),
    _route("GET", f"{REPOSITORY}", references.shown),
    _route("GET", f"{REPOSITORY}/immutable-releases", references.immutability, "administration"),
    _route("GET", f"{REPOSITORY}/releases", releases.listed),
    _route("POST", f"{REPOSITORY}/releases", releases.created, level="write"),
    _route("POST", f"{REPOSITORY}/releases/generate-notes", notes.generated_shown, level="write"),
    _route("GET", f"{REPOSITORY}/releases/latest", releases.latest_shown),
    _route("GET", f"{REPOSITORY}/releases/{{id}}", releases.shown),
    _route("PATCH", f"{REPOSITORY}/releases/{{id}}", releases.changed, level="write"),
    _route("DELETE", f"{REPOSITORY}/releases/{{id}}", releases.deleted, level="write"),
    _route("GET", f"{REPOSITORY}/releases/{{id}}/assets", assets.listed),
    _route("GET", f"{REPOSITORY}/releases/assets/{{id}}", assets.shown_or_sent),
    _route("PATCH", f"{REPOSITORY}/releases/assets/{{id}}", assets.changed, level="write"),
    _route("DELETE", f"{REPOSITORY}/releases/assets/{{id}}", assets.deleted, level="write"),
    _route("GET", f"{REPOSITORY}/releases/tags/{{tag}}", releases.by_tag),
    _route("GET", f"{REPOSITORY}/git/ref/{{ref}}", references.reference),
    _route("GET", f"{REPOSITORY}/git/matching-refs/{{ref}}", references.matching),
    _route("GET", f"{REPOSITORY}/git/tags/{{sha}}", references.tag),
    _route("GET", f"{REPOSITORY}/commits/{{ref}}", references.commit),
    _route("GET", f"{REPOSITORY}/compare/{{basehead}}", references.comparison),
    _route("GET", f"{REPOSITORY}/branches", references.branches),
    _route("GET", f"{REPOSITORY}/branches/{{branch}}", references.branch),
    _route("GET", f"{REPOSITORY}/tags", references.tags),
    _route("GET", f"{REPOSITORY}/actions/runs/{{id}}/jobs", references.jobs, "actions"),
)


def match(method: str, path: str) -> Match | None:
    """Return the route that the request takes, or None."""
    for route in ROUTES:
        if route.method == method and (found := route.path.fullmatch(path)):
            return Match(route=route, parts=found.groupdict())
    return None
