"""The configuration, read strictly: JSON in, records and settings out; the format stands in the package's docstring."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from tagship.errors import Failure, Problem
from tagship.rehearsal.github.faults import Fault
from tagship.rehearsal.github.messages import Limits
from tagship.rehearsal.github.throttle import Rates, Window
from tagship.rehearsal.github.values import Asset, Put, Release, Repository, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import BinaryIO

    from tagship.rehearsal.github.messages import Parcel
    from tagship.rehearsal.github.values import Change, State

T = TypeVar("T")
Table = dict[str, object]
TOP = ("repositories", "tokens", "limits", "latency", "lag", "faults")
LIMITS = ("primary", "content", "content_status", "retry_after", "assets", "asset_bytes", "body_characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the embedded GitHub behaves, apart from what is in it. Times in seconds."""

    limits: Limits = field(default_factory=Limits)
    rates: Rates = field(default_factory=Rates)
    faults: tuple[Fault, ...] = ()
    latency: float = 0.0
    lag: float = 0.0


def settings_of(values: Mapping[str, object]) -> Settings:
    """The settings that the values (of the keys ``limits``, ``faults``, ``latency``, ``lag``) spell."""
    limits = _table(values.get("limits") or {}, "limits", LIMITS)
    primary = _table(limits.pop("primary", None) or {}, "limits.primary", ("requests", "seconds", "status"))
    standard = Rates()
    rates = Rates(
        primary=Window(
            requests=cast("int", primary.get("requests", standard.primary.requests)),
            seconds=cast("float", primary.get("seconds", standard.primary.seconds)),
        ),
        primary_status=cast("int", primary.get("status", standard.primary_status)),
        content=_windows(limits.pop("content", None)) or standard.content,
        content_status=cast("int", limits.pop("content_status", standard.content_status)),
        retry_after=bool(limits.pop("retry_after", True)),
    )
    return Settings(
        limits=_made(Limits, limits, "limits"),
        rates=rates,
        faults=tuple(_made(Fault, rule, "faults") for rule in _tables(values.get("faults"), "faults")),
        latency=float(cast("float", values.get("latency") or 0)),
        lag=float(cast("float", values.get("lag") or 0)),
    )


def _windows(value: object) -> tuple[Window, ...]:
    return tuple(_made(Window, window, "limits.content") for window in _tables(value, "limits.content"))


def checked(values: object) -> Table:
    """The configuration, if its outermost keys are known and its settings can be read."""
    table = _table(values, "the configuration", TOP)
    settings_of(table)
    return table


def provisions(
    values: Mapping[str, object], state: State, now: float, receive: Callable[[BinaryIO, int], Parcel | None]
) -> list[Change]:
    """The changes that bring in the configured tokens and repositories, and the releases of those that are new.

    ``receive`` stores the bytes of an asset.
    """
    changes: list[Change] = [
        Put(record=_made(Token, token, "tokens")) for token in _tables(values.get("tokens"), "tokens")
    ]
    identity = state.serial
    for table in _tables(values.get("repositories"), "repositories"):
        releases = _tables(table.pop("releases", None), "releases")
        name = str(table.get("name", ""))
        before = state.repositories.get(name.lower())
        identity += 1
        fresh = Repository(id=identity, name=name, created_at=now)
        repository = _altered(before or fresh, table, "repositories")
        for release in releases if before is None else ():
            identity, repository, more = _release(release, repository, identity, now, receive)
            changes += more
        changes.append(Put(record=repository))
    return changes


def _release(
    table: Table, repository: Repository, identity: int, now: float, receive: Callable[[BinaryIO, int], Parcel | None]
) -> tuple[int, Repository, list[Change]]:
    """The records of one configured release; its repository, marked where this is the latest; the last id given."""
    assets = _tables(table.pop("assets", None), "assets")
    latest = table.pop("latest", False)
    for name in ("created_at", "updated_at", "published_at"):
        if name in table:
            table[name] = _seconds(table[name])
    identity += 1
    release = Release(
        id=identity,
        repository=repository.name,
        tag_name=str(table.get("tag_name", "")),
        target_commitish=repository.default_branch,
        draft_name=f"untagged-{hashlib.sha256(f'{repository.name} {identity}'.encode()).hexdigest()[:20]}",
        author="octocat",
        created_at=now,
        updated_at=now,
        published_at=None if table.get("draft") else now,
    )
    release = _altered(release, table, "releases")
    changes: list[Change] = [Put(record=release)]
    for asset in assets:
        identity += 1
        changes.append(Put(record=_asset(asset, release, identity, receive)))
    return identity, replace(repository, latest=release.id) if latest else repository, changes


def _asset(table: Table, release: Release, identity: int, receive: Callable[[BinaryIO, int], Parcel | None]) -> Asset:
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
    asset = _altered(asset, table, "assets")
    parcel = receive(BytesIO(content), len(content))
    if asset.state == "starter" or parcel is None:
        return asset
    return replace(asset, content=parcel.sha256, digest=f"sha256:{parcel.sha256}" if has_digest else None)


def _bytes(table: Table) -> bytes:
    text, encoded, file = table.pop("content", ""), table.pop("content_base64", None), table.pop("file", None)
    if file is not None:
        return Path(str(file)).read_bytes()
    return base64.b64decode(str(encoded)) if encoded is not None else str(text).encode()


def _seconds(value: object) -> float | None:
    return None if value is None else datetime.fromisoformat(str(value)).timestamp()


def _tables(value: object, where: str) -> list[Table]:
    if not isinstance(value, list | None):
        raise _wrong(f"{where} is no list: {value!r}")
    return [_table(item, where) for item in value or ()]


def _table(value: object, where: str, known: Iterable[str] = ()) -> Table:
    """A copy of the JSON object; raises Failure where it is none or has other keys than the known ones."""
    if not isinstance(value, dict):
        raise _wrong(f"{where} is no JSON object: {value!r}")
    known = tuple(known)
    if known and (unknown := sorted(set(value) - set(known))):
        raise _wrong(f"{where} has no {', '.join(unknown)}; it has {', '.join(known)}")
    return dict(value)


def _made(kind: Callable[..., T], table: Table, where: str) -> T:
    """The value made of the table's entries; lists become tuples."""
    try:
        return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in table.items()})
    except TypeError as error:
        raise _wrong(f"{where}: {error}") from None


R = TypeVar("R", Repository, Release, Asset)


def _altered(record: R, table: Table, where: str) -> R:
    """The record with the table's entries in place of its own."""
    known = {entry.name for entry in fields(record)} - {"id", "repository", "release"}
    if unknown := sorted(set(table) - known):
        raise _wrong(f"{where} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return replace(record, **values)  # type: ignore[arg-type]  # the names are those of the fields


def _wrong(what: str) -> Failure:
    return Failure(
        Problem(
            found=f"The configuration of the embedded GitHub is wrong: {what}.",
            remedy="Write it as the docstring of tagship.rehearsal.github shows.",
            topic="embedded-github",
        )
    )
