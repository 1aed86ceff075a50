"""What a built file says about itself: its name, version and metadata, and whether several files agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from packaging.metadata import RawMetadata, parse_email
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from tagship.core.versions import parse_version
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from packaging.tags import Tag as PlatformTag
    from packaging.version import Version

Kind = Literal["wheel", "sdist"]
SDIST_SUFFIXES = (".tar.gz", ".zip")
DISTRIBUTION_SUFFIXES = (".whl", *SDIST_SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file inside an archive. ``size`` in bytes, ``time`` in seconds since 1970, ``sha256`` in hexadecimal."""

    path: str
    size: int
    time: int
    mode: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A wheel or sdist as it was read. ``texts`` are the small files that describe it, by their path inside."""

    filename: str
    size: int
    sha256: str
    members: tuple[Member, ...]
    texts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A built file whose name and metadata could be read. ``name`` is normalised; ``tags`` are a wheel's, else empty.

    ``filename_version`` and ``version`` are what the file's name and its metadata say, and can differ.
    """

    archive: Archive
    kind: Kind
    name: NormalizedName
    version: Version
    filename_name: NormalizedName
    filename_version: Version
    tags: frozenset[PlatformTag]
    metadata: RawMetadata

    @property
    def filename(self) -> str:
        """The file's name without its folder."""
        return self.archive.filename


def read_distribution(archive: Archive) -> Distribution:
    """Return the distribution that ``archive`` holds, named and versioned by its own metadata.

    Raises Failure where the filename is none of a wheel or sdist, or the metadata is missing or without a version.
    """
    kind: Kind = "wheel" if archive.filename.endswith(".whl") else "sdist"
    tags: frozenset[PlatformTag] = frozenset()
    try:
        if kind == "wheel":
            name, version, _, tags = parse_wheel_filename(archive.filename)
        else:
            name, version = parse_sdist_filename(archive.filename)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        raise Failure(
            Problem(
                found=f"{archive.filename} is no name of a wheel or sdist: {error}.",
                remedy="Keep only what the build backend wrote: NAME-VERSION.tar.gz and "
                "NAME-VERSION-PYTHON-ABI-PLATFORM.whl.",
                topic="not-a-distribution",
            )
        ) from error
    metadata = _metadata(archive, kind)
    return Distribution(
        archive=archive,
        kind=kind,
        name=canonicalize_name(metadata["name"]),
        version=_version(archive, metadata),
        filename_name=name,
        filename_version=version,
        tags=tags,
        metadata=metadata,
    )


def _metadata(archive: Archive, kind: Kind) -> RawMetadata:
    wanted = ".dist-info/METADATA" if kind == "wheel" else "/PKG-INFO"
    places = [path for path in archive.texts if path.endswith(wanted) and path.count("/") == 1]
    raw = parse_email(archive.texts[places[0]])[0] if len(places) == 1 else RawMetadata()
    if len(places) != 1 or "name" not in raw or "version" not in raw:
        fault = f"holds {len(places)} of it" if len(places) != 1 else f"its {places[0]} lacks Name or Version"
        raise Failure(
            Problem(
                found=f"{archive.filename} has no metadata that can be read: {fault}.",
                remedy="Build it anew with a current build backend; nothing installs or takes a file without "
                f"{wanted.lstrip('/')}.",
                topic="not-a-distribution",
            )
        )
    return raw


def _version(archive: Archive, metadata: RawMetadata) -> Version:
    version = parse_version(metadata["version"])
    if version is None:
        raise Failure(
            Problem(
                found=f"{archive.filename} says it is version {metadata['version']!r}, which is none by PEP 440.",
                remedy="Set a version like 1.2.0 or 1.2.0rc1 in pyproject.toml, or where the backend takes it from.",
                topic="version-mismatch",
            )
        )
    return version


def disagreements(distributions: Sequence[Distribution]) -> tuple[Problem, ...]:
    """What the files say differently: each against its own name, all against the first. Compared by PEP 440 and 503."""
    problems = [problem for item in distributions for problem in _against_itself(item)]
    first = distributions[0]
    for other in distributions[1:]:
        pairs = (("name", first.name, other.name), ("version", first.version, other.version))
        problems += [
            Problem(
                found=f"The files are of different {word}s: {first.filename} says {ours}, {other.filename} {theirs}.",
                remedy="The sdist must hold everything the backend takes the version from: build the wheel from the "
                "sdist by hand (python -m build) and compare the two.",
                topic="files-disagree",
            )
            for word, ours, theirs in pairs
            if ours != theirs
        ]
    return tuple(problems)


def _against_itself(item: Distribution) -> Iterable[Problem]:
    if (item.name, item.version) != (item.filename_name, item.filename_version):
        yield Problem(
            found=f"{item.filename} is named for {item.filename_name} {item.filename_version}, but its metadata says "
            f"{item.name} {item.version}.",
            remedy="Build it anew and do not rename files: installers refuse a file that is not what its name says.",
            topic="files-disagree",
        )
