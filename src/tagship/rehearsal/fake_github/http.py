"""Requests, answers and errors in the form that GitHub gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.rehearsal.fake_github.git import Commits, commits_of

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Change, Release, Repository, State, Token

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """First part of the URLs in an answer: of the API, of uploads, and of the web pages."""

    api: str
    uploads: str
    web: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. ``path`` has no API prefix, names of ``headers`` are in lower case, ``now`` is in seconds.

    ``body`` is empty for an upload, whose bytes go to the store.
    """

    method: str
    path: str
    links: Links
    now: float
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer: JSON ``content``, or the SHA-256 of a stored ``file``, and the ``changes`` to apply with it."""

    status: int = 200
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    file: str | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Maximum sizes of a release. Source: platform limits of https://docs.github.com, "About releases".

    ``page`` is the number of items that the server can list in time; where releases are large it is small.
    """

    assets: int = 1000
    asset_bytes: int = 2_147_483_648
    body_characters: int = 125_000
    page: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An authorized request, with its caller, its repository and the parameters of its path."""

    request: Request
    state: State
    limits: Limits
    parameters: Mapping[str, str]
    caller: Token | None
    repository: Repository

    @property
    def commits(self) -> Commits:
        return commits_of(self.repository)

    @property
    def author(self) -> str:
        """Login of the caller."""
        return self.caller.login if self.caller else "ghost"

    @property
    def new_id(self) -> int:
        """An id that was never assigned."""
        return self.state.serial + 1

    def release(self) -> Release:
        """Return the release with the id of the path, or raise the 404."""
        release = self.state.releases.get(int(self.parameters["id"]))
        if release is None or release.repository.lower() != self.repository.key:
            raise not_found()
        return release


class Refusal(Exception):
    """An error answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refused(status: int, message: str, **more: object) -> Refusal:
    """Return an error with GitHub's properties: message, documentation_url and the status as a string."""
    content = {"message": message, **more, "documentation_url": DOCUMENTATION, "status": str(status)}
    return Refusal(Answer(status=status, content=content))


def not_found() -> Refusal:
    """Return the 404, which GitHub also sends if the caller may not know that something exists."""
    return refused(404, "Not Found")


def invalid(*errors: Mapping[str, str]) -> Refusal:
    """Return the 422 with a list of errors."""
    return refused(422, "Validation Failed", errors=list(errors))


def custom(message: str, *, field: str | None = None, resource: str = "Release") -> dict[str, str]:
    """Return an error of a 422 that has a message."""
    where = {"field": field} if field else {}
    return {"resource": resource, "code": "custom", **where, "message": message}


def coded(code: str, field: str, *, resource: str = "Release") -> dict[str, str]:
    """Return an error of a 422 that has a code: ``already_exists``, ``invalid``, ``missing_field``."""
    return {"resource": resource, "code": code, "field": field}


def malformed(complaints: Sequence[str]) -> Refusal:
    """Return the 422 for a body with values of the wrong type."""
    return refused(422, "Invalid request.\n\n" + "\n".join(complaints))
