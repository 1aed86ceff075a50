"""The current state on GitHub: releases, their assets and the commit of the tag, from one read."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of a release. ``digest`` is ``sha256:`` and hex, or None if GitHub has none (old assets).

    ``uploaded`` is False for a failed or unfinished upload (state ``starter``): it has no content, but blocks the name.
    ``created`` is in seconds since the epoch.
    """

    id: int
    name: str
    label: str = ""
    size: int
    digest: str | None
    uploaded: bool = True
    created: float = 0.0
    content_type: str = "application/octet-stream"
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release or a draft. ``url`` is its page, ``upload_url`` its upload endpoint without the URI template."""

    id: int
    tag: str
    name: str
    body: str
    draft: bool
    prerelease: bool
    immutable: bool = False
    discussed: bool = False
    assets: tuple[Asset, ...] = ()
    url: str = ""
    upload_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentReleases:
    """The releases that the plan depends on: those of the tag, and the newest and the latest of the repository.

    ``commit`` is the SHA of the commit that the tag points at; None if the tag does not exist, or if its release is
    published and no commit is required. ``latest`` is the id of the release marked as Latest, None if it was not read.
    """

    releases: tuple[Release, ...] = ()
    commit: str | None = None
    latest: int | None = None
    created: frozenset[int] = frozenset()
    """Ids of the drafts that this run created."""


def release_of(data: Mapping[str, Any]) -> Release:
    """Return the release in a JSON object of the API.

    Older GitHub Enterprise Servers omit ``immutable`` and digests. Raises ValueError for other JSON.
    """
    return Release(
        id=field(data, "id", int),
        tag=field(data, "tag_name", str),
        name=field(data, "name", str, ""),
        body=field(data, "body", str, ""),
        draft=field(data, "draft", bool),
        prerelease=field(data, "prerelease", bool),
        immutable=bool(data.get("immutable")),
        discussed=bool(data.get("discussion_url")),
        assets=tuple(sorted(map(asset_of, field(data, "assets", list, [])), key=lambda asset: asset.name)),
        url=field(data, "html_url", str, ""),
        upload_url=field(data, "upload_url", str, "").partition("{")[0],
    )


def asset_of(data: Mapping[str, Any]) -> Asset:
    """Return the asset in a JSON object of the API. Raises ValueError for other JSON."""
    return Asset(
        id=field(data, "id", int),
        name=field(data, "name", str),
        label=field(data, "label", str, ""),
        size=field(data, "size", int),
        digest=field(data, "digest", str, "") or None,
        uploaded=data.get("state", "uploaded") == "uploaded",
        created=seconds(field(data, "created_at", str, "")),
        content_type=field(data, "content_type", str, ""),
        url=field(data, "browser_download_url", str, ""),
    )


def field(data: object, name: str, kind: type[T], default: T | None = None) -> T:
    """Return the value of that type, or the default if it is null or missing. Raises ValueError if it is neither."""
    value = data.get(name) if isinstance(data, dict) else data
    if value is None and default is not None:
        return default
    if type(value) is not kind:
        raise ValueError(f"{name} is {reprlib.repr(value)}")
    if isinstance(value, str):
        value.encode()  # a lone surrogate is a ValueError too
    return value


def seconds(time: object) -> float:
    """Return the seconds since the epoch of a time like ``2026-01-31T12:00:00Z``; 0 if it cannot be parsed."""
    try:
        return datetime.fromisoformat(str(time)).timestamp()
    except ValueError:
        return 0.0
