"""Agreement between the files of one release: one file of each name, the same metadata, and no lost platform."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from tagship.errors import Graded, Problem

if TYPE_CHECKING:
    from packaging.tags import Tag as PlatformTag

    from tagship.core.distributions.distribution import Distribution
    from tagship.core.index_page import IndexFile

_FIELDS = {"requires_python": "Requires-Python", "requires_dist": "Requires-Dist", "provides_extra": "Provides-Extra"}
"""Fields that a resolver reads from one file of a version, and assumes in all."""


def same_names(found: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Problem]:
    """Yield a problem for each name of several files with different contents.

    ``found`` has the path and the SHA-256 of each file by name.
    """
    for name, places in found.items():
        if len({digest for _, digest in places}) > 1:
            yield Problem(
                found=f"{name} exists {len(places)} times with different contents: "
                f"{', '.join(f'{path} ({digest[:12]})' for path, digest in places)}.",
                remedy="Build each wheel in one job only: remove the duplicate runner, or restrict a job with "
                "CIBW_BUILD or CIBW_ARCHS.",
                topic="same-file-twice",
            )


def metadata_differences(distributions: Sequence[Distribution]) -> Iterator[Graded]:
    """Yield a warning for each field of the metadata that differs between the files and is not dynamic.

    Source: https://packaging.python.org/en/latest/specifications/core-metadata/#dynamic
    """
    dynamic = {name.lower() for item in distributions for name in item.metadata.get("dynamic", [])}
    first = distributions[0]
    for field, name in _FIELDS.items():
        other = next((item for item in distributions if _value(item, field) != _value(first, field)), None)
        if other is not None and name.lower() not in dynamic:
            yield (
                "warning",
                Problem(
                    found=f"{name} differs: {_shown(first, field)} in {first.filename}, {_shown(other, field)} in "
                    f"{other.filename}. Installers read one file of a version and assume the same in all.",
                    remedy="Use environment markers in place of conditions in setup.py, so that all files are equal.",
                    topic="files-disagree",
                ),
            )


def _value(item: Distribution, field: str) -> frozenset[str]:
    value = item.metadata.get(field)
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(_normalised(text) for text in texts)


def _normalised(text: str) -> str:
    try:
        return str(Requirement(text))
    except InvalidRequirement:
        return text


def _shown(item: Distribution, field: str) -> str:
    return ", ".join(sorted(_value(item, field))) or "none"


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
