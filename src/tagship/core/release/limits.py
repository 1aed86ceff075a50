"""What cannot be had of GitHub, whatever is there already: seen before the first request."""

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
    """Return everything that GitHub would refuse about ``desired`` by itself."""
    return (*_sizes(desired.files), *_clashes(desired.files), *_count(desired), *_latest(desired))


def _sizes(files: tuple[File, ...]) -> Iterator[Problem]:
    for file in files:
        if file.size == 0:
            yield Problem(
                found=f"The file {file.path} is empty, and GitHub takes no empty files.",
                remedy="Leave it out of files, or write a line into it.",
                topic="empty-file",
            )
        if file.size > MAX_ASSET_BYTES:
            yield Problem(
                found=f"The file {file.path} has {file.size:,} bytes, and GitHub takes files below 2 GiB.",
                remedy="Compress or split it, or leave it out of files.",
                topic="file-too-large",
            )


def _clashes(files: tuple[File, ...]) -> Iterator[Problem]:
    paths = defaultdict(list)
    for file in files:
        paths[asset_name(file.name)].append(file.path)
    for name, clashing in paths.items():
        if len(clashing) > 1:
            yield Problem(
                found=f"{len(clashing)} files would become the one asset {name}: {', '.join(sorted(clashing))}.",
                remedy=f"Give each a name of its own in files, like {min(clashing)} => other-{name}.",
                topic="same-asset-name",
            )


def _count(desired: DesiredRelease) -> Iterator[Problem]:
    if len(desired.files) > MAX_ASSETS:
        yield Problem(
            found=f"{len(desired.files)} files are to be attached, and GitHub takes {MAX_ASSETS} for a release.",
            remedy="Pack several of them into one archive.",
            topic="too-many-files",
        )


def _latest(desired: DesiredRelease) -> Iterator[Problem]:
    automatic = desired.version is not None and is_prerelease(desired.version)
    if desired.latest and (automatic if desired.prerelease is None else desired.prerelease):
        yield Problem(
            found=f"{desired.tag} is a pre-release and is to be the latest release, which GitHub does not allow.",
            remedy="Set latest to auto or false, or prerelease to false.",
            topic="latest-prerelease",
        )
