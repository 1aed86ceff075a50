"""What a configuration puts into the embedded GitHub: tokens, repositories, releases and their files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from tagship.rehearsal.github.configuration import check_type, made, table_of, tables_of, wrong
from tagship.rehearsal.github.values import Asset, AssetState, Level, Put, Release, Repository, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import BinaryIO

    from tagship.rehearsal.github.configuration import Table
    from tagship.rehearsal.github.messages import Parcel
    from tagship.rehearsal.github.values import Change, State

R = TypeVar("R", Repository, Release, Asset)
TIMES = ("created_at", "updated_at", "published_at")
OF_A_REPOSITORY = (
    "name",
    "private",
    "default_branch",
    "branches",
    "tags",
    "commits",
    "git",
    "immutable_releases",
    "tag_rules",
    "burnt_tags",
    "discussion_categories",
)
OF_A_RELEASE = (
    "tag_name",
    "target_commitish",
    "name",
    "body",
    "draft",
    "prerelease",
    "immutable",
    "discussion",
    "author",
    *TIMES,
)
OF_AN_ASSET = ("name", "label", "state", "content_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Makes records of configuration. ``receive`` stores the bytes of an asset, ``now`` is in seconds."""

    state: State
    now: float
    receive: Callable[[BinaryIO, int], Parcel | None]

    def changes(self, values: Mapping[str, object]) -> list[Change]:
        """The changes that bring in tokens and repositories, and the releases of repositories that are new."""
        changes: list[Change] = [Put(record=_token(table)) for table in tables_of(values.get("tokens"), "tokens")]
        identity = self.state.serial
        for table in tables_of(values.get("repositories"), "repositories"):
            added = self._repository(table, identity)
            identity += sum(not isinstance(change.record, Token) for change in added)
            changes += added
        return changes

    def _repository(self, table: Table, identity: int) -> list[Change]:
        releases = tables_of(table.pop("releases", None), "releases")
        name = str(table.get("name", ""))
        before = self.state.repositories.get(name.lower())
        if before is not None:
            return [Put(record=_kept(before, _altered(before, table, "repositories", OF_A_REPOSITORY)))]
        fresh = Repository(id=identity + 1, name=name, created_at=self.now)
        repository = _altered(fresh, table, "repositories", OF_A_REPOSITORY)
        records: list[Release | Asset] = []
        for entry in releases:
            latest = bool(entry.pop("latest", False))
            release, files = self._release(entry, repository, fresh.id + len(records))
            repository = replace(repository, latest=release.id) if latest else repository
            records += [release, *files]
        return [Put(record=repository), *(Put(record=record) for record in records)]

    def _release(self, table: Table, repository: Repository, identity: int) -> tuple[Release, list[Asset]]:
        assets = tables_of(table.pop("assets", None), "assets")
        table |= {name: _seconds(table[name], name) for name in TIMES if name in table}
        number = identity + 1
        seed = f"{repository.name} {number}"
        release = Release(
            id=number,
            repository=repository.name,
            tag_name=str(table.get("tag_name", "")),
            target_commitish=repository.default_branch,
            draft_name=f"untagged-{hashlib.sha256(seed.encode()).hexdigest()[:20]}",
            author="octocat",
            created_at=self.now,
            updated_at=self.now,
            published_at=None if table.get("draft") else self.now,
        )
        release = _altered(release, table, "releases", OF_A_RELEASE)
        return release, [self._asset(asset, release, number + place) for place, asset in enumerate(assets, 1)]

    def _asset(self, table: Table, release: Release, identity: int) -> Asset:
        content = _bytes(table)
        has_digest = table.pop("digest", True)
        asset = Asset(
            id=identity,
            release=release.id,
            name=str(table.get("name", "")),
            label=None,
            state="uploaded",
            content_type="application/octet-stream",
            uploader=release.author,
            created_at=release.created_at,
            updated_at=release.created_at,
            size=len(content),
        )
        asset = _altered(asset, table, "assets", OF_AN_ASSET)
        if asset.state not in get_args(AssetState):
            raise wrong(f"assets: state is {asset.state!r}")
        parcel = self.receive(BytesIO(content), len(content))
        if asset.state == "starter" or parcel is None:
            return asset
        return replace(asset, content=parcel.sha256, digest=f"sha256:{parcel.sha256}" if has_digest else None)


def _kept(before: Repository, after: Repository) -> Repository:
    """The repository with new settings and everything that happened to it since: its tags are not configured away."""
    return replace(
        after,
        name=before.name,
        tags={**after.tags, **before.tags},
        burnt_tags=tuple(dict.fromkeys((*before.burnt_tags, *after.burnt_tags))),
    )


def _token(table: Table) -> Token:
    token = made(Token, table, "tokens")
    if token.kind not in get_args(TokenKind):
        raise wrong(f"tokens: kind is {token.kind!r}, which is none of {', '.join(get_args(TokenKind))}")
    for repository, permissions in table_of(token.permissions, "permissions").items():
        for name, level in table_of(permissions, f"permissions: {repository}").items():
            if level not in get_args(Level):
                raise wrong(f"permissions: {name} is {level!r}, which is none of {', '.join(get_args(Level))}")
    return token


def _altered(record: R, table: Table, where: str, known: tuple[str, ...]) -> R:
    """The record with the table's entries in place of its own."""
    values = table_of(table, where, known)
    for name, value in values.items():
        example = getattr(record, name)
        if example is not None:
            check_type(value, example, f"{where}: {name}")
    tuples = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return replace(record, **tuples)  # type: ignore[arg-type]  # their types have just been checked


def _bytes(table: Table) -> bytes:
    text, encoded, file = table.pop("content", ""), table.pop("content_base64", None), table.pop("file", None)
    if file is not None:
        return Path(str(file)).read_bytes()
    return base64.b64decode(str(encoded)) if encoded is not None else str(text).encode()


def _seconds(value: object, name: str) -> float | None:
    try:
        return None if value is None else datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        raise wrong(f"releases: {name} is {value!r}, which is no date and time") from None
