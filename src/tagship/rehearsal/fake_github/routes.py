"""Routes of the API: the handler of each request, and the permission that it requires."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github import assets, graphql, references, releases
from tagship.rehearsal.fake_github.http import Answer, Call, Limits, Refusal, Request, not_found, refused
from tagship.rehearsal.fake_github.permissions import authorize, caller_of

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Asset, Level, State
    from tagship.rehearsal.fake_github.store import StoredFile

VERSIONS = ("2022-11-28", "2026-03-10")
NUMBERED = re.compile(r"/repositories/(?P<id>\d+)(?P<rest>/.*)?")
PARAMETERS = {
    "{repository}": r"(?P<repository>[^/]+/[^/]+)",
    "{id}": r"(?P<id>\d{1,18})",
    "{sha}": r"(?P<sha>[0-9a-f]{40})",
}
REST = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Method and path of requests, their handler, and the permission that they require."""

    method: str
    path: re.Pattern[str]
    handler: Callable[[Call], Answer]
    permission: str
    level: Level


def _route(
    method: str, path: str, handler: Callable[[Call], Answer], permission: str = "contents", level: Level = "read"
) -> Route:
    pattern = "/repos/{repository}" + path
    for name, expression in PARAMETERS.items():
        pattern = pattern.replace(name, expression)
    pattern = REST.sub(r"(?P<\1>.+)", pattern)
    return Route(method=method, path=re.compile(pattern), handler=handler, permission=permission, level=level)


UPLOAD = replace(
    _route("POST", "/releases/{id}/assets", assets.begin_upload, level="write"),
    path=re.compile(rf"/uploads/repos/{PARAMETERS['{repository}']}/releases/{PARAMETERS['{id}']}/assets"),
)
ROUTES = (
    UPLOAD,
    _route("GET", "", references.get_repository),
    _route("GET", "/releases", releases.list_releases),
    _route("POST", "/releases", releases.create_release, level="write"),
    _route("POST", "/releases/generate-notes", releases.generate_notes, level="write"),
    _route("GET", "/releases/latest", releases.get_latest_release),
    _route("GET", "/releases/{id}", releases.get_release),
    _route("PATCH", "/releases/{id}", releases.update_release, level="write"),
    _route("DELETE", "/releases/{id}", releases.delete_release, level="write"),
    _route("GET", "/releases/{id}/assets", assets.list_assets),
    _route("GET", "/releases/assets/{id}", assets.get_asset),
    _route("PATCH", "/releases/assets/{id}", assets.update_asset, level="write"),
    _route("DELETE", "/releases/assets/{id}", assets.delete_asset, level="write"),
    _route("GET", "/releases/tags/{tag}", releases.get_release_by_tag),
    _route("GET", "/attestations/{digest}", releases.list_attestations),
    _route("GET", "/git/ref/{ref}", references.get_reference),
    _route("GET", "/git/refs/{ref}", references.get_reference),
    _route("POST", "/git/refs", references.create_reference, level="write"),
    _route("PATCH", "/git/refs/{ref}", references.update_reference, level="write"),
    _route("DELETE", "/git/refs/{ref}", references.delete_reference, level="write"),
    _route("GET", "/git/matching-refs/{ref}", references.list_matching_references),
    _route("GET", "/git/tags/{sha}", references.get_tag),
    _route("GET", "/commits/{ref}", references.get_commit),
    _route("GET", "/tags", references.list_tags),
    _route("GET", "/actions/runs/{id}/jobs", references.list_jobs, "actions"),
)


def outcome(request: Request, state: State, limits: Limits) -> Answer:
    """Return the outcome of the request; for an upload, of its beginning."""
    try:
        if (request.method, request.path) == ("POST", graphql.PATH):
            return _query(request, state, limits)
        route, call = _call(request, state, limits)
        return route.handler(call)
    except Refusal as refusal:
        return refusal.answer


def upload_outcome(request: Request, state: State, limits: Limits, asset: Asset, file: StoredFile) -> Answer:
    """Return the outcome of an upload whose bytes are stored."""
    try:
        return assets.finish_upload(_call(request, state, limits)[1], asset, file)
    except Refusal as refusal:
        return refusal.answer


def _query(request: Request, state: State, limits: Limits) -> Answer:
    query, variables = graphql.query_of(request.body)
    name = graphql.repository_name(variables)
    if caller_of(request.headers, state) is None:
        raise refused(401, "This endpoint requires you to be authenticated.")
    try:
        _, call = _call(replace(request, method="GET", path=f"/repos/{name}"), state, limits)
    except Refusal:
        return graphql.unresolved(name)
    return graphql.resolve(call, query, variables)


def _call(request: Request, state: State, limits: Limits) -> tuple[Route, Call]:
    """Return the route and the authorized request; raise the error that GitHub answers."""
    if not request.headers.get("user-agent"):
        raise refused(
            403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
        )
    version = request.headers.get("x-github-api-version", VERSIONS[0])
    if version not in VERSIONS:
        raise refused(400, f"{version} is not a supported version.")
    caller = caller_of(request.headers, state)
    request = replace(request, path=_by_name(request.path, state))
    for route in ROUTES:
        if route.method == request.method and (found := route.path.fullmatch(request.path)):
            named = state.repositories.get(found["repository"].lower())
            return route, Call(
                request=request,
                state=state,
                limits=limits,
                parameters=found.groupdict(),
                caller=caller,
                repository=authorize(caller, named, route.permission, route.level),
            )
    raise not_found()


def _by_name(path: str, state: State) -> str:
    """Return the path with the name of the repository instead of its id."""
    found = NUMBERED.fullmatch(path)
    if found is None:
        return path
    names = [repository.name for repository in state.repositories.values() if repository.id == int(found["id"])]
    return f"/repos/{names[0]}{found['rest'] or ''}" if names else path
