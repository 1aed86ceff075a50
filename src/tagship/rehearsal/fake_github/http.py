"""What goes in and comes out of a rule: a request, an answer, and the refusals in GitHub's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.rehearsal.fake_github.git import Commits
    from tagship.rehearsal.fake_github.models import Change, Release, Repository, State, Token

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How the URLs in an answer begin: those of the API, of uploads, and of pages for people."""

    api: str
    uploads: str
    web: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An upload that came in whole: its size and the SHA-256 under which its bytes are stored."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. ``path`` is without the API's prefix, names of ``headers`` are in lower case, ``now`` in seconds.

    The body of an upload is not in ``body``: it goes to the store, and comes to the rules as a Parcel.
    """

    method: str
    path: str
    links: Links
    now: float
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def enterprise(self) -> bool:
        """Whether it came to the API as GitHub Enterprise Server has it."""
        return self.links.api != self.links.web


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: JSON ``content``, else a ``page`` of HTML, ``plain`` text, or a ``file`` of the store (SHA-256)."""

    status: int = 200
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: str | None = None
    plain: bytes | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rule decided: the answer, and what changes with it."""

    answer: Answer
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The sizes at which GitHub says no to a release."""

    assets: int = 1000
    asset_bytes: int = 2_147_483_648
    body_characters: int = 125_000


class GitOf(Protocol):
    """Gives access to the commits of a repository."""

    def __call__(self, repository: Repository, /) -> Commits:
        """Return the commits, branches and tags that the repository is known to have."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that has been let in: who calls, which repository, and the parts that its path named."""

    request: Request
    state: State
    limits: Limits
    commits_of: GitOf
    parts: Mapping[str, str]
    caller: Token | None = None
    found: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        if self.found is None:
            raise not_found()
        return self.found

    @property
    def commits(self) -> Commits:
        """The commits of the repository that the path names."""
        return self.commits_of(self.repository)

    @property
    def author(self) -> str:
        """The login of whoever calls."""
        return self.caller.login if self.caller else "ghost"

    def identity(self, offset: int = 1) -> int:
        """Return an id that nothing has had before."""
        return self.state.serial + offset

    def release(self) -> Release:
        """Return the release whose id the path names; raises the 404 where there is none."""
        release = self.state.releases.get(int(self.parts["id"]))
        if release is None or release.repository != self.repository.name:
            raise not_found()
        return release


class Refusal(Exception):
    """A rule says no; the answer says why, and ``changes`` are what happens nevertheless."""

    def __init__(self, answer: Answer, changes: tuple[Change, ...] = ()) -> None:
        super().__init__(answer.status)
        self.answer = answer
        self.changes = changes


def refused(status: int, message: str, **more: object) -> Refusal:
    """Return a refusal in GitHub's shape: message, documentation_url and the status as a string."""
    content = {"message": message, **more, "documentation_url": DOCUMENTATION, "status": str(status)}
    return Refusal(Answer(status=status, content=content))


def not_found() -> Refusal:
    """Return the 404 that also stands for "you may not know"."""
    return refused(404, "Not Found")


def invalid(*errors: Mapping[str, str]) -> Refusal:
    """Return the 422 with a list of what is wrong."""
    return refused(422, "Validation Failed", errors=list(errors))


def custom(message: str, *, field: str | None = None, resource: str = "Release") -> dict[str, str]:
    """Return one error of a 422 that is told in a sentence."""
    where = {"field": field} if field else {}
    return {"resource": resource, "code": "custom", **where, "message": message}


def coded(code: str, field: str, *, resource: str = "Release") -> dict[str, str]:
    """Return one error of a 422 that is told by a code: ``already_exists``, ``invalid``, ``missing_field``."""
    return {"resource": resource, "code": code, "field": field}


def malformed(complaints: Sequence[str]) -> Refusal:
    """Return the 422 for a body whose values are of the wrong type."""
    return refused(422, "Invalid request.\n\n" + "\n".join(complaints))
