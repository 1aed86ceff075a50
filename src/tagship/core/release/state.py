"""The current state on GitHub: releases, their assets and the commit of the tag, from one read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """All releases and drafts of a repository, and the other facts that the plan depends on.

    ``commit`` is the SHA that the tag points at; None if the tag does not exist, or if its release is published and no
    commit is required. ``latest`` is the id of the release marked as Latest, None if it was not read.
    """

    releases: tuple[Release, ...] = ()
    commit: str | None = None
    latest: int | None = None


def release_of(data: Mapping[str, Any]) -> Release:
    """Return the release in a JSON object of the API.

    Older GitHub Enterprise Servers omit ``immutable`` and digests.
    """
    return Release(
        id=data["id"],
        tag=data["tag_name"],
        name=data.get("name") or "",
        body=data.get("body") or "",
        draft=data["draft"],
        prerelease=data["prerelease"],
        immutable=bool(data.get("immutable")),
        discussed=bool(data.get("discussion_url")),
        assets=tuple(sorted(map(asset_of, data.get("assets", ())), key=lambda asset: asset.name)),
        url=data.get("html_url") or "",
        upload_url=(data.get("upload_url") or "").partition("{")[0],
    )


def asset_of(data: Mapping[str, Any]) -> Asset:
    """Return the asset in a JSON object of the API."""
    return Asset(
        id=data["id"],
        name=data["name"],
        label=data.get("label") or "",
        size=data["size"],
        digest=data.get("digest"),
        uploaded=data.get("state", "uploaded") == "uploaded",
        created=_seconds(data.get("created_at") or ""),
        content_type=data.get("content_type") or "",
        url=data.get("browser_download_url") or "",
    )


def _seconds(time: str) -> float:
    """Return the seconds since the epoch of a time like ``2026-01-31T12:00:00Z``; 0 if it cannot be parsed."""
    try:
        return datetime.fromisoformat(time).timestamp()
    except ValueError:
        return 0.0
