"""The release that a run requests: its text and its files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from packaging.version import Version


class OnExisting(Enum):
    """Policy for a tag that already has a release, other than an unfinished draft of a tagship run."""

    UPDATE = "update"
    UNRELEASED = "unreleased"
    SKIP = "skip"
    FAIL = "fail"


class OnDraft(Enum):
    """Policy for a draft of the tag that no tagship run created."""

    ADOPT = "adopt"
    FAIL = "fail"
    NEW = "new"


class NotesMode(Enum):
    """Ways to combine the notes with the text of an existing release."""

    REPLACE = "replace"
    KEEP = "keep"
    APPEND = "append"
    PREPEND = "prepend"


class AssetsMode(Enum):
    """Policy for assets of a published release.

    ``KEEP`` changes none of them; ``REPLACE`` replaces those with a desired name and other content; ``EXACT`` also
    deletes every other asset. In a draft, assets with a desired name and other content are replaced in every mode.
    """

    KEEP = "keep"
    REPLACE = "replace"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to attach: ``name`` as requested, ``digest`` in GitHub's form (``sha256:`` and hex), size in bytes."""

    path: str
    name: str
    size: int
    digest: str
    content_type: str = "application/octet-stream"
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredRelease:
    """One release as a run requests it. None always means: not requested, leave it unchanged.

    ``version`` is the tag's PEP 440 version, if it has one: it decides ``prerelease`` and ``latest`` if they are None.
    ``commit`` is the SHA that the tag must point at, or is moved to with ``move_tag``; ``target`` is where GitHub may
    create a missing tag. ``keep_last`` is the number of pre-releases to keep, 0 for all.
    """

    tag: str
    version: Version | None = None
    tag_prefix: str = "v"
    name: str | None = None
    notes: str | None = None
    notes_mode: NotesMode = NotesMode.REPLACE
    notes_link: str | None = None
    files: tuple[File, ...] = ()
    assets: AssetsMode = AssetsMode.KEEP
    draft: bool = False
    prerelease: bool | None = None
    latest: bool | Literal["legacy"] | None = None
    on_existing: OnExisting = OnExisting.UPDATE
    on_draft: OnDraft = OnDraft.ADOPT
    discussion: str | None = None
    require_tag: bool = True
    target: str | None = None
    commit: str | None = None
    move_tag: bool = False
    keep_last: int = 0
