"""What a configuration puts into the embedded GitHub: tokens, repositories, releases and their files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from tagship.errors import Failure, Problem
from tagship.rehearsal.fake_github.faults import Fault, LimitKind, When
from tagship.rehearsal.fake_github.http import Limits
from tagship.rehearsal.fake_github.models import Asset, AssetState, Level, Put, Release, Repository, Token, TokenKind
from tagship.rehearsal.fake_github.rate_limits import Rates, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import BinaryIO

    from tagship.rehearsal.fake_github.http import Parcel
    from tagship.rehearsal.fake_github.models import Change, State

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
        """Return the changes that bring in tokens and repositories, and the releases of repositories that are new."""
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
    """Return the repository with new settings and everything that happened to it since: its tags are not configured
    away.
    """
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
    """Return the record with the table's entries in place of its own."""
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


T = TypeVar("T")
Table = dict[str, object]
SETTINGS = ("limits", "latency", "lag", "faults")
TOP = ("repositories", "tokens", *SETTINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the embedded GitHub behaves, apart from what is in it. Times in seconds."""

    limits: Limits = field(default_factory=Limits)
    rates: Rates = field(default_factory=Rates)
    faults: tuple[Fault, ...] = ()
    latency: float = 0.0
    lag: float = 0.0


def settings_of(values: Mapping[str, object]) -> Settings:
    """Return the settings that the values under the names of ``SETTINGS`` spell; None and absent are the defaults."""
    limits = table_of(values.get("limits") or {}, "limits")
    primary = table_of(limits.pop("primary", {}), "limits.primary")
    windows = limits.pop("content", None)
    rates = {f"primary_{name}": primary.pop(name) for name in ("status",) if name in primary}
    rates |= {name: limits.pop(name) for name in ("content_status", "retry_after") if name in limits}
    if primary:
        rates["primary"] = made(Window, {"requests": 1000, "seconds": 3600, **primary}, "limits.primary")
    if windows is not None:
        rates["content"] = [made(Window, window, "limits.content") for window in tables_of(windows, "limits.content")]
    times = {name: values[name] for name in ("latency", "lag") if values.get(name) is not None}
    faults = [_fault(rule) for rule in tables_of(values.get("faults"), "faults")]
    rest = {"limits": made(Limits, limits, "limits"), "rates": made(Rates, rates, "limits"), "faults": faults}
    return made(Settings, {**times, **rest}, "the configuration")


def _fault(table: Table) -> Fault:
    fault = made(Fault, table, "faults")
    for name, value, choices in (("when", fault.when, get_args(When)), ("limit", fault.limit, get_args(LimitKind))):
        if value is not None and value not in choices:
            raise wrong(f"faults: {name} is {value!r}, which is none of {', '.join(choices)}")
    return fault


def checked(values: object) -> Table:
    """Return the configuration, if its outermost names are known and its settings can be read; raises Failure if
    not.
    """
    table = table_of(values, "the configuration", TOP)
    settings_of(table)
    return table


def tables_of(value: object, where: str) -> list[Table]:
    """Return the JSON objects of a list; None is an empty one."""
    if not isinstance(value, list | None):
        raise wrong(f"{where} is no list: {value!r}")
    return [table_of(item, where) for item in value or ()]


def table_of(value: object, where: str, known: Iterable[str] = ()) -> Table:
    """Return a copy of the JSON object; raises Failure where it is none or has other names than the known ones."""
    if not isinstance(value, dict):
        raise wrong(f"{where} is no JSON object: {value!r}")
    known = tuple(known) or tuple(value)
    if unknown := sorted(set(value) - set(known)):
        raise wrong(f"{where} has no {', '.join(unknown)}; it has {', '.join(known)}")
    return dict(value)


def made(kind: type[T], table: Table, where: str) -> T:
    """Return the dataclass made of the table; raises Failure for a name it lacks, and for a value unlike its
    default.
    """
    known = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]  # every kind used is a dataclass
    values = table_of(table, where, known)
    for name, value in values.items():
        entry = known[name]
        default = entry.default if entry.default_factory is MISSING else entry.default_factory()
        if default is not MISSING and default is not None:
            check_type(value, default, f"{where}: {name}")
    try:
        return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
    except TypeError as error:
        raise wrong(f"{where}: {error}") from None


def check_type(value: object, example: object, where: str) -> None:
    """Raise Failure where the value's type is not the example's; lists stand for tuples, integers for floats."""
    wanted: tuple[type, ...] = {float: (float, int), tuple: (list, tuple)}.get(type(example), (type(example),))
    if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(example, bool):
        raise wrong(f"{where} is {value!r}, which is no {wanted[0].__name__}")


def wrong(what: str) -> Failure:
    """Return the failure that says what of the configuration cannot be read."""
    return Failure(
        Problem(
            found=f"The configuration of the embedded GitHub is wrong: {what}.",
            remedy="Write it as the docstring of tagship.rehearsal.fake_github shows.",
            topic="embedded-github",
        )
    )
