"""What a run asks for: one release, its text and its files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version


class OnExisting(Enum):
    """What to do where the tag has a release already that was not left unfinished by us."""

    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


class NotesMode(Enum):
    """How the notes meet the text that a release has already."""

    REPLACE = "replace"
    KEEP = "keep"
    APPEND = "append"
    PREPEND = "prepend"


class AssetsMode(Enum):
    """What becomes of files that are there already.

    ``KEEP`` touches none of them; ``REPLACE`` replaces those of a wanted name and other content; ``EXACT`` does that
    and removes every other file. Drafts of our own are unfinished work: their files are replaced in every mode.
    """

    KEEP = "keep"
    REPLACE = "replace"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to attach: ``name`` as asked for, ``digest`` as GitHub writes it (``sha256:`` and hex), size in bytes."""

    path: str
    name: str
    size: int
    digest: str
    content_type: str = "application/octet-stream"
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredRelease:
    """One release as a run asks for it. None everywhere means: not asked for, so leave it as it is.

    ``version`` is what the tag spells by PEP 440, if anything: from it follow ``prerelease`` and ``latest`` where they
    are None. ``commit`` is where the tag must point; ``target`` is where GitHub may make the tag if there is none.
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
    latest: bool | None = None
    on_existing: OnExisting = OnExisting.UPDATE
    discussion: str | None = None
    require_tag: bool = True
    target: str | None = None
    commit: str | None = None
