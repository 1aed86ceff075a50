"""The release that a run requests: its text and its files, and what GitHub refuses of it for every repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from packaging.version import Version

from tagship.core.release.assets import asset_name
from tagship.errors import Problem

OnExisting = Literal["update", "unreleased", "skip", "fail"]
"""Policies for a tag that already has a release, other than an unfinished draft of a tagship run."""
OnDraft = Literal["adopt", "fail", "new"]
"""Policies for a draft of the tag that no tagship run created."""
NotesMode = Literal["replace", "keep", "append", "prepend"]
"""Ways to combine the notes with the text of an existing release."""
AssetsMode = Literal["keep", "replace", "exact"]
"""Policies for assets of a published release.

``keep`` changes none of them; ``replace`` replaces those with a desired name and other content; ``exact`` also deletes
every other asset. In a draft, assets with a desired name and other content are replaced in every mode.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to attach: ``name`` as requested, ``digest`` in GitHub's form (``sha256:`` and hex), size in bytes."""

    path: str
    name: str
    size: int
    digest: str
    content_type: str = "application/octet-stream"
    label: str | None = None

    def label_as(self, name: str) -> str | None:
        """Return the label of the asset: as requested, else the file's name if GitHub changed it to ``name``."""
        return self.label if self.label is not None or name == self.name else self.name


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
    notes_mode: NotesMode = "replace"
    notes_link: str | None = None
    files: tuple[File, ...] = ()
    assets: AssetsMode = "keep"
    draft: bool = False
    prerelease: bool | None = None
    latest: bool | Literal["legacy"] | None = None
    on_existing: OnExisting = "update"
    on_draft: OnDraft = "adopt"
    discussion: str | None = None
    require_tag: bool = True
    target: str | None = None
    commit: str | None = None
    move_tag: bool = False
    keep_last: int = 0


MAX_ASSETS = 1000
MAX_ASSET_BYTES = 2 * 1024**3 - 1
"""Source of both: https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases."""


def problems_of(desired: DesiredRelease) -> tuple[Problem, ...]:
    """Return everything about ``desired`` that GitHub would refuse."""
    return (*_sizes(desired.files), *_clashes(desired.files), *_count(desired), *_latest(desired))


def _sizes(files: tuple[File, ...]) -> Iterator[Problem]:
    for file in files:
        if file.size == 0:
            yield Problem(
                found=f"The file {file.path} is empty. GitHub refuses empty assets.",
                remedy="Remove it from files, or write at least one byte into it.",
                topic="empty-file",
            )
        if file.size > MAX_ASSET_BYTES:
            yield Problem(
                found=f"The file {file.path} has {file.size:,} bytes. GitHub's limit for an asset is 2 GiB.",
                remedy="Compress or split it, or remove it from files.",
                topic="file-too-large",
            )


def _clashes(files: tuple[File, ...]) -> Iterator[Problem]:
    paths = defaultdict(list)
    for file in files:
        paths[asset_name(file.name)].append(file.path)
    for name, clashing in paths.items():
        if len(clashing) > 1:
            yield Problem(
                found=f"{len(clashing)} files have the same asset name {name}: {', '.join(sorted(clashing))}.",
                remedy=f"Rename them in files: {min(clashing)} => other-{name}",
                topic="same-asset-name",
            )


def _count(desired: DesiredRelease) -> Iterator[Problem]:
    if len(desired.files) > MAX_ASSETS:
        yield Problem(
            found=f"{len(desired.files)} files were requested. GitHub's limit is {MAX_ASSETS} assets per release.",
            remedy="Pack several of them into one archive, or narrow the globs in files.",
            topic="more-than-1000-assets",
        )


def _latest(desired: DesiredRelease) -> Iterator[Problem]:
    automatic = desired.version is not None and desired.version.is_prerelease
    if desired.latest is True and (automatic if desired.prerelease is None else desired.prerelease):
        yield Problem(
            found=f"{desired.tag} is a pre-release and latest is true. GitHub refuses that combination.",
            remedy="Set latest to auto or false, or prerelease to false.",
            topic="latest-release-cannot-be-draft-or-prerelease",
        )
