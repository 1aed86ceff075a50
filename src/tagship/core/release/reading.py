"""From the JSON of GitHub's REST API to releases and assets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tagship.core.release.state import Asset, Release

if TYPE_CHECKING:
    from collections.abc import Mapping


def release_of(data: Mapping[str, Any]) -> Release:
    """The release that a JSON object describes.

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
    """The asset that a JSON object describes."""
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
