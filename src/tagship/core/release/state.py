"""What GitHub holds: releases, their assets and the commit of the tag, as one reading found them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of a release. ``digest`` is ``sha256:`` and hex, or None where GitHub has none on record (old assets).

    ``uploaded`` is False for an upload that failed or is under way (state ``starter``): no file, but it holds the name.
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
    """A release or a draft. ``url`` is its page, ``upload_url`` where its files go (without the URI template)."""

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
class State:
    """All releases and drafts of a repository, and what was read besides because the plan depends on it.

    ``commit`` is where the tag points; None where there is no such tag, or where a published release carries it and
    nobody says which commit it must be. ``latest`` is the id of the release shown as Latest, where that was asked for.
    """

    releases: tuple[Release, ...] = ()
    commit: str | None = None
    latest: int | None = None


def release_of(data: Mapping[str, Any]) -> Release:
    """Return the release that a JSON object describes.

    Older GitHub Enterprise Servers leave out ``immutable`` and digests.
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
    """Return the asset that a JSON object describes."""
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


def _seconds(moment: str) -> float:
    """Seconds since the epoch of a moment like ``2026-01-31T12:00:00Z``; 0 where it is none."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0.0
