"""The platforms of wheels, and those that a release has no longer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tagship.errors import Graded, Problem

if TYPE_CHECKING:
    from packaging.tags import Tag as PlatformTag

    from tagship.core.distributions.distribution import Distribution
    from tagship.core.index_page import IndexFile

_LINUX = re.compile(
    r"(?P<libc>manylinux|musllinux)\w*?_(?P<arch>x86_64|i686|aarch64|armv7l|ppc64le|ppc64|s390x|riscv64)"
)
_MACOS = re.compile(r"macosx_\d+_\d+_(?P<arch>\w+)")
_FAT = {"universal2": ("arm64", "x86_64"), "intel": ("x86_64", "i386")}


def platforms(tags: Iterable[PlatformTag]) -> frozenset[str]:
    """Return the platforms of ``tags`` without versions, for example ``manylinux_x86_64`` and ``macosx_arm64``."""
    return frozenset(name for tag in tags for name in _names(tag.platform))


def _names(platform: str) -> Iterator[str]:
    if linux := _LINUX.fullmatch(platform):
        yield f"{linux['libc']}_{linux['arch']}"
    elif macos := _MACOS.fullmatch(platform):
        yield from (f"macosx_{arch}" for arch in _FAT.get(macos["arch"], (macos["arch"],)))
    else:
        yield platform


def missing_platforms(built: Sequence[Distribution], published: Sequence[IndexFile], index: str) -> Iterator[Graded]:
    """Yield a warning if the last final version on ``index`` has wheels for platforms that ``built`` has none for."""
    own = built[0].version
    earlier = [file.version for file in published if file.version and file.version < own and file.tags]
    last = max((version for version in earlier if not version.is_prerelease), default=None)
    before = platforms(tag for file in published if file.version == last for tag in file.tags)
    now = platforms(tag for item in built for tag in item.tags)
    missing = sorted(before - now)
    if last and missing and "any" not in now:
        yield (
            "warning",
            Problem(
                found=f"{built[0].name} {last} on {index} has wheels for {', '.join(missing)}, and {own} has none. pip "
                "compiles the sdist there.",
                remedy="Add a runner for each of them to wheel-runners, or their architecture to wheel-archs.",
                topic="missing-platform",
            ),
        )
