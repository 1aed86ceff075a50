"""What the embedded GitHub remembers: frozen records, and the state they make up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K = TypeVar("K")
V = TypeVar("V")
Level = Literal["none", "read", "write"]
TokenKind = Literal["installation", "fine-grained", "classic"]
AssetState = Literal["starter", "uploaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A credential, whom it speaks for, and what it may do: repository (or ``*``) -> permission -> level."""

    token: str = field(repr=False)
    login: str = "github-actions[bot]"
    kind: TokenKind = "installation"
    permissions: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells this record from others of its kind."""
        return self.token


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository: its settings, the references it is known to have, and which release was made the latest.

    ``name`` is ``owner/name``. ``tags`` and ``branches`` map to commit SHAs. ``git`` is the path of a repository that
    is read besides. ``latest`` is the id of the release last marked so, or None where GitHub decides.
    """

    id: int
    name: str
    created_at: float
    private: bool = False
    default_branch: str = "main"
    branches: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    commits: tuple[str, ...] = ()
    git: str | None = None
    immutable_releases: bool = False
    tag_rules: tuple[str, ...] = ()
    burnt_tags: tuple[str, ...] = ()
    discussion_categories: tuple[str, ...] = ()
    latest: int | None = None

    @property
    def key(self) -> str:
        """What tells this record from others of its kind."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release. ``draft_name`` is the ``untagged-...`` by which the page of a draft is found. Instants in seconds."""

    id: int
    repository: str
    tag_name: str
    target_commitish: str
    draft_name: str
    author: str
    created_at: float
    updated_at: float
    published_at: float | None = None
    name: str | None = None
    body: str | None = None
    draft: bool = False
    prerelease: bool = False
    immutable: bool = False
    discussion: str | None = None

    @property
    def key(self) -> str:
        """What tells this record from others of its kind."""
        return str(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of a release. ``content`` is the SHA-256 its bytes are stored under; ``digest`` is what the API shows."""

    id: int
    release: int
    name: str
    label: str | None
    state: AssetState
    content_type: str
    uploader: str
    created_at: float
    updated_at: float
    size: int = 0
    content: str | None = None
    digest: str | None = None

    @property
    def key(self) -> str:
        """What tells this record from others of its kind."""
        return str(self.id)


Record = Token | Repository | Release | Asset
KINDS: dict[str, type[Token] | type[Repository] | type[Release] | type[Asset]] = {
    "token": Token,
    "repository": Repository,
    "release": Release,
    "asset": Asset,
}


def kind_of(record: Record) -> str:
    """Return the name under which records of this type are stored."""
    return type(record).__name__.lower()


def to_fields(record: Record) -> dict[str, object]:
    """Return the record as plain JSON values."""
    return asdict(record)


def from_fields(kind: str, fields: Mapping[str, object]) -> Record:
    """Return the record that ``to_fields`` took apart."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return KINDS[kind](**values)  # type: ignore[arg-type]  # the fields come from to_fields of the same type


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A change: the record is new, or takes the place of the one with its key."""

    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A change: the record is gone."""

    record: Record


Change = Put | Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything there is at one moment. ``serial`` is the highest id ever given."""

    tokens: Mapping[str, Token] = field(default_factory=dict)
    repositories: Mapping[str, Repository] = field(default_factory=dict)
    releases: Mapping[int, Release] = field(default_factory=dict)
    assets: Mapping[int, Asset] = field(default_factory=dict)
    serial: int = 1000

    def changed(self, changes: Iterable[Change]) -> State:
        """Return the state after the changes, in order; this one stays as it is."""
        state = self
        for change in changes:
            state = _with(state, change)
        return state

    def releases_of(self, repository: Repository) -> list[Release]:
        """Return its releases, drafts too, as GitHub lists them: drafts first, then the newest commit first."""
        found = [release for release in self.releases.values() if release.repository == repository.name]
        return sorted(found, key=lambda release: (release.draft, release.created_at, release.id), reverse=True)

    def assets_of(self, release: Release) -> list[Asset]:
        """Return the release's assets in the order of their creation, starters too."""
        found = [asset for asset in self.assets.values() if asset.release == release.id]
        return sorted(found, key=lambda asset: asset.id)


def _with(state: State, change: Change) -> State:
    record = change.record
    gone = isinstance(change, Drop)
    match record:
        case Token():
            return replace(state, tokens=_altered(state.tokens, record.token, record, gone=gone))
        case Repository():
            altered = _altered(state.repositories, record.key, record, gone=gone)
            return replace(state, repositories=altered, serial=max(state.serial, record.id))
        case Release():
            releases = _altered(state.releases, record.id, record, gone=gone)
            return replace(state, releases=releases, serial=max(state.serial, record.id))
        case Asset():
            assets = _altered(state.assets, record.id, record, gone=gone)
            return replace(state, assets=assets, serial=max(state.serial, record.id))


def _altered(records: Mapping[K, V], key: K, record: V, *, gone: bool) -> dict[K, V]:
    rest = {name: value for name, value in records.items() if name != key}
    return rest if gone else {**rest, key: record}
