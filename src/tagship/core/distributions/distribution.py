"""A built file with its name, version and metadata, and the agreement between several files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from packaging.metadata import RawMetadata, parse_email
from packaging.utils import (
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from tagship.core.versions import parse_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from packaging.tags import Tag as PlatformTag

Kind = Literal["wheel", "sdist"]
SDIST_SUFFIXES = (".tar.gz", ".zip")
DISTRIBUTION_SUFFIXES = (".whl", *SDIST_SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in an archive: ``size`` in bytes, ``time`` in seconds since the epoch, ``sha256`` in hexadecimal."""

    path: str
    size: int
    time: int
    mode: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The container of an archive: every entry's name, the odd ones among them, and faults in PyPI's words.

    ``links`` are symbolic and hard links, ``sparse`` members stored with holes, ``compressed`` those that are neither
    stored nor deflated.
    """

    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sparse: tuple[str, ...] = ()
    compressed: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A wheel or sdist that was read.

    ``texts`` are its metadata files by path in the archive, ``pointers`` the members that are Git LFS pointers.
    """

    filename: str
    size: int
    sha256: str
    members: tuple[Member, ...]
    texts: Mapping[str, bytes]
    structure: Structure = Structure()
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A built file with a valid filename. ``name`` is normalised; ``tags`` is empty for an sdist.

    ``name`` and ``version`` come from the metadata.
    """

    archive: Archive
    kind: Kind
    name: NormalizedName
    version: Version
    tags: frozenset[PlatformTag]
    metadata: RawMetadata

    @property
    def filename(self) -> str:
        return self.archive.filename


def read_distribution(archive: Archive) -> Distribution:
    """Return the distribution in ``archive``, with the name and version of its metadata.

    Raises Failure if the filename is not that of a wheel or sdist, or the metadata has no name or valid version.
    """
    kind: Kind = "wheel" if archive.filename.endswith(".whl") else "sdist"
    tags: frozenset[PlatformTag] = frozenset()
    try:
        if kind == "wheel":
            tags = parse_wheel_filename(archive.filename)[3]
        else:
            parse_sdist_filename(archive.filename)
    except ValueError as error:
        raise Failure.of(
            found=f"{archive.filename} is not a valid filename of a wheel or sdist: {error}.",
            remedy="Remove the file, or restore the name that the build backend gave it: NAME-VERSION.tar.gz or "
            "NAME-VERSION-PYTHON-ABI-PLATFORM.whl",
            topic="not-a-distribution",
        ) from error
    metadata = _metadata(archive, kind)
    return Distribution(
        archive=archive,
        kind=kind,
        name=canonicalize_name(metadata["name"]),
        version=_version(archive, metadata),
        tags=tags,
        metadata=metadata,
    )


def _metadata(archive: Archive, kind: Kind) -> RawMetadata:
    path = ".dist-info/METADATA" if kind == "wheel" else "/PKG-INFO"
    places = [item for item in archive.texts if item.endswith(path) and item.count("/") == 1]
    raw = parse_email(archive.texts[places[0]])[0] if len(places) == 1 else RawMetadata()
    if len(places) != 1 or "name" not in raw or "version" not in raw:
        name = path.lstrip("/")
        cause = f"{len(places)} files {name}" if len(places) != 1 else f"{places[0]} has no Name or Version"
        raise Failure.of(
            found=f"{archive.filename} has no valid metadata: {cause}.",
            remedy=f"Build it again with a current build backend. Installers and indexes require one {name}.",
            topic="not-a-distribution",
        )
    return raw


def _version(archive: Archive, metadata: RawMetadata) -> Version:
    version = parse_version(metadata["version"])
    if version is None:
        raise Failure.of(
            found=f"Version {metadata['version']!r} in {archive.filename} is not valid by PEP 440.",
            remedy="Set a version such as 1.2.0 or 1.2.0rc1 in pyproject.toml, or in the source that the backend "
            "reads.",
            topic="version-mismatch",
        )
    return version


def disagreements(distributions: Sequence[Distribution]) -> tuple[Problem, ...]:
    """Compare the names and versions of the files, by PEP 440 and PEP 503."""
    problems: list[Problem] = []
    first = distributions[0]
    for other in distributions[1:]:
        pairs = (("name", first.name, other.name), ("version", first.version, other.version))
        problems += [
            Problem(
                found=f"The files have different {word}s: {ours} in {first.filename}, {theirs} in {other.filename}.",
                remedy="Include every file in the sdist that the backend reads the version from. To reproduce it: "
                "python -m build",
                topic="files-disagree",
            )
            for word, ours, theirs in pairs
            if ours != theirs
        ]
    return tuple(problems)
