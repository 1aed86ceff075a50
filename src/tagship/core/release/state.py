"""What GitHub holds: releases, their assets and the commit of the tag, as one reading found them."""

from __future__ import annotations

from dataclasses import dataclass


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
