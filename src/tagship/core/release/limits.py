"""Requests that GitHub refuses for every repository, found before the first request is sent."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tagship.core.release.assets import asset_name
from tagship.core.versions import is_prerelease
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.release.desired import DesiredRelease, File

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
    automatic = desired.version is not None and is_prerelease(desired.version)
    if desired.latest is True and (automatic if desired.prerelease is None else desired.prerelease):
        yield Problem(
            found=f"{desired.tag} is a pre-release and latest is true. GitHub refuses that combination.",
            remedy="Set latest to auto or false, or prerelease to false.",
            topic="latest-release-cannot-be-draft-or-prerelease",
        )
