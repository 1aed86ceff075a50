"""Records of the embedded GitHub, and the state that they form. All are immutable."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Level = Literal["none", "read", "write"]
TokenKind = Literal["installation", "fine-grained", "classic"]
AssetState = Literal["starter", "uploaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A credential and its account. ``permissions``: repository (or ``*``) -> permission -> level."""

    token: str = field(repr=False)
    login: str = "github-actions[bot]"
    kind: TokenKind = "installation"
    permissions: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository, its settings and its references.

    ``name`` is ``owner/name``. ``tags`` and ``branches`` map to commit SHAs, ``commits`` are further SHAs that exist,
    and ``git`` is the path of a clone whose references and commits are added. Publishing creates no tag that matches a
    pattern of ``tag_rules``. ``burnt_tags`` were used by deleted immutable releases. ``workflow_commits`` change
    workflow files, so that GITHUB_TOKEN may not tag them. ``latest`` is the id of the
    release last marked as Latest, or None if GitHub chooses it.
    """

    id: int = 0
    name: str
    created_at: float = field(default_factory=time.time)
    private: bool = False
    default_branch: str = "main"
    branches: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    commits: tuple[str, ...] = ()
    git: str | None = None
    immutable_releases: bool = False
    tag_rules: tuple[str, ...] = ()
    burnt_tags: tuple[str, ...] = ()
    workflow_commits: tuple[str, ...] = ()
    discussion_categories: tuple[str, ...] = ()
    latest: int | None = None

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of the repository with that name. Times are in seconds since the epoch."""

    id: int = 0
    repository: str
    tag_name: str
    target_commitish: str = "main"
    author: str = "octocat"
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    published_at: float | None = None
    name: str | None = None
    body: str | None = None
    draft: bool = False
    prerelease: bool = False
    immutable: bool = False
    discussion: str | None = None

    @property
    def page_name(self) -> str:
        """Name of the release in web addresses: its tag, or an unguessable ``untagged-...`` for a draft."""
        if not self.draft:
            return self.tag_name
        seed = f"{self.repository} {self.id} {self.created_at}"
        return f"untagged-{hashlib.sha256(seed.encode()).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of a release. ``content`` is the SHA-256 of the stored bytes, ``digest`` is the one that the API shows.

    An upload that has not finished has the state ``starter`` and no content.
    """

    id: int = 0
    release: int
    name: str
    label: str | None = None
    state: AssetState = "uploaded"
    content_type: str = "application/octet-stream"
    uploader: str = "octocat"
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    size: int = 0
    content: str | None = None
    digest: str | None = None


Record = Token | Repository | Release | Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A change that adds the record, or replaces the one with its id."""

    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A change that removes the record."""

    record: Record


Change = Put | Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All records at one moment. ``serial`` is the highest id that was ever assigned."""

    tokens: Mapping[str, Token] = field(default_factory=dict)
    repositories: Mapping[str, Repository] = field(default_factory=dict)
    releases: Mapping[int, Release] = field(default_factory=dict)
    assets: Mapping[int, Asset] = field(default_factory=dict)
    serial: int = 1000

    def changed(self, changes: Iterable[Change]) -> State:
        """Return the state after the changes, in order."""
        state = self
        for change in changes:
            state = _with(state, change)
        return state

    def releases_of(self, repository: Repository) -> list[Release]:
        """Return its releases in GitHub's order: drafts first, then the newest commit first."""
        found = [release for release in self.releases.values() if release.repository.lower() == repository.key]
        return sorted(found, key=lambda release: (release.draft, release.created_at, release.id), reverse=True)

    def assets_of(self, release: Release) -> list[Asset]:
        """Return its assets in the order of their creation, including unfinished uploads."""
        found = [asset for asset in self.assets.values() if asset.release == release.id]
        return sorted(found, key=lambda asset: asset.id)


def _with(state: State, change: Change) -> State:
    record = change.record
    kind, key = _place(record)
    records = {name: value for name, value in getattr(state, kind).items() if name != key}
    if isinstance(change, Put):
        records[key] = record
    number = 0 if isinstance(record, Token) else record.id
    return replace(state, serial=max(state.serial, number), **{kind: records})


def _place(record: Record) -> tuple[str, str | int]:
    """Return the field of the state that has the record, and the record's key there."""
    match record:
        case Token():
            return "tokens", record.token
        case Repository():
            return "repositories", record.key
        case Release():
            return "releases", record.id
        case Asset():
            return "assets", record.id
