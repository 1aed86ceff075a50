"""Which rule answers which request, and which permission it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.rehearsal.github import assets, notes, references, releases, repositories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagship.rehearsal.github.messages import Call, Outcome
    from tagship.rehearsal.github.values import Level

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
    _route("GET", "/user", repositories.user, None),
    _route("GET", f"{REPOSITORY}", repositories.shown),
    _route("GET", f"{REPOSITORY}/immutable-releases", repositories.immutability, "administration"),
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
    _route("GET", f"{REPOSITORY}/actions/runs/{{id}}/jobs", repositories.jobs, "actions"),
)


def match(method: str, path: str) -> Match | None:
    """The route that the request takes, or None."""
    for route in ROUTES:
        if route.method == method and (found := route.path.fullmatch(path)):
            return Match(route=route, parts=found.groupdict())
    return None
