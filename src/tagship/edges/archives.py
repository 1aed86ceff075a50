"""Wheels and sdists: read in place, or unpacked to build a wheel from an sdist."""

from __future__ import annotations

import calendar
import gzip
import hashlib
import mmap
import shlex
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from tagship.core.distributions.distribution import Archive, Member, Structure
from tagship.core.index_rules.zip_framing import framing_faults
from tagship.core.project.content import is_lfs_pointer
from tagship.errors import Failure

_METADATA_FILES = ("METADATA", "PKG-INFO", "WHEEL", "RECORD", "entry_points.txt", "top_level.txt")
_TEXT_LIMIT = 32 * 1024 * 1024
_CHUNK = 1024 * 1024
_DAMAGE = (zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError)
_MOST_MEMBERS = 200_000
"""Maximum number of files and folders in an archive; the largest wheels of PyPI have a tenth of it."""
_RATIO_LIMIT = 50
_RATIO_FROM = 64 * 1024 * 1024
"""Unpacked bytes from which PyPI compares the unpacked size of a zip file to that of the file."""


@dataclass(slots=True)
class _Reading:
    """What is gathered while an archive is read once, from its first member to its last."""

    members: list[Member] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    pointers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    sparse: list[str] = field(default_factory=list)
    compressed: list[str] = field(default_factory=list)

    def read(self, content: IO[bytes], path: str, size: int, *, moment: int, mode: int) -> None:
        """Add the member ``path`` with its digest, and its text if it is a metadata file."""
        is_metadata = PurePosixPath(path).name in _METADATA_FILES and path.count("/") == 1 and size <= _TEXT_LIMIT
        digest, kept, start = hashlib.sha256(), bytearray(), b""
        while chunk := content.read(_CHUNK):
            start = start or chunk
            digest.update(chunk)
            if is_metadata:
                kept += chunk
        member = Member(path=path, size=size, time=moment, mode=stat.S_IMODE(mode), sha256=digest.hexdigest())
        self.members.append(member)
        if is_metadata:
            self.texts[path] = bytes(kept)
        if is_lfs_pointer(start, size):
            self.pointers.append(path)

    def structure(self, faults: tuple[str, ...]) -> Structure:
        """Return the structure of the archive, with ``faults`` in its framing."""
        lists = (self.names, self.links, self.sparse, self.compressed)
        names, links, sparse, compressed = (tuple(each) for each in lists)
        return Structure(names=names, links=links, sparse=sparse, compressed=compressed, faults=faults)


def read_archive(path: Path) -> Archive:
    """Return the archive at ``path``: every file in it with its digest, its metadata files, and its structure.

    Raises Failure if it is damaged or not a ``.whl``, ``.zip`` or ``.tar.gz``.
    """
    reading = _Reading()
    try:
        faults = _read_tar(path, reading) if path.name.endswith(".tar.gz") else _read_zip(path, reading)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (*_DAMAGE, RuntimeError, ValueError) as error:
        # Encryption and unknown compression raise RuntimeError.
        raise _damaged(path, error) from error
    return Archive(
        filename=path.name,
        size=path.stat().st_size,
        sha256=digest,
        members=tuple(reading.members),
        texts=reading.texts,
        structure=reading.structure(faults),
        pointers=tuple(reading.pointers),
    )


def _damaged(path: Path, error: Exception) -> Failure:
    # Python before 3.11.4 has no filters for the extraction.
    if isinstance(error, getattr(tarfile, "LinkOutsideDestinationError", ())):
        link: tarfile.TarInfo = getattr(error, "tarinfo")  # noqa: B009 - unknown to the oldest Python
        file = shlex.quote(link.name.partition("/")[2])
        return Failure.of(
            found=f"{path.name}: {link.name} is a link out of the project, to {link.linkname}.",
            remedy=f"Replace the link by a copy in the folder of the project: cp --remove-destination "
            f'"$(readlink -f {file})" {file}',
            topic="link-out-of-the-project",
        )
    return Failure.of(
        found=f"Reading {path.name} as an archive failed: {error}.",
        remedy="Build it again, and keep other files out of the folder for distributions.",
        topic="not-a-distribution",
    )


def _read_zip(path: Path, reading: _Reading) -> tuple[str, ...]:
    """Read every member of a zip file, and return the faults in its framing."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_count(path, len(entries))
        _check_ratio(path, sum(entry.file_size for entry in entries))
        for entry in entries:
            mode = entry.external_attr >> 16
            reading.names.append(entry.filename)
            if stat.S_ISLNK(mode):
                reading.links.append(entry.filename)
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                reading.compressed.append(entry.filename)
            if not entry.is_dir():
                with archive.open(entry) as content:
                    reading.read(content, entry.filename, entry.file_size, moment=_seconds(entry), mode=mode)
        sizes = {entry.orig_filename: (entry.compress_size, entry.file_size) for entry in entries}
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return framing_faults(data, sizes)


def _check_ratio(path: Path, unpacked: int) -> None:
    """Raise Failure before anything is unpacked, if the archive is a decompression bomb."""
    size = path.stat().st_size
    if unpacked > max(_RATIO_FROM, _RATIO_LIMIT * size):
        raise Failure.of(
            found=f"{path.name} has {unpacked} bytes unpacked and {size} packed. PyPI refuses it: File exceeds "
            f"compression ratio of {_RATIO_LIMIT}.",
            remedy="Leave generated or repetitive data out of the distribution.",
            topic="refused-by-pypi",
        )


def _check_count(path: Path, members: int) -> None:
    if members > _MOST_MEMBERS:
        raise _damaged(path, ValueError(f"it has more than {_MOST_MEMBERS} members"))


class _Bounded(gzip.GzipFile):
    """A gzip file that refuses to be a decompression bomb.

    Its unpacked bytes are counted, because no size in a tar file covers the extended headers.
    """

    _count = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self._count += len(piece)
        _check_ratio(Path(self.name), self._count)
        return piece


@contextmanager
def _unpacked_tar(path: Path) -> Iterator[tarfile.TarFile]:
    """Open a ``.tar.gz`` file to read it from its beginning to its end."""
    with _Bounded(path) as content, tarfile.open(fileobj=content, mode="r|") as archive:
        yield archive


def _seconds(entry: zipfile.ZipInfo) -> int:
    """Return the time of the entry; 0 if it is invalid: some tools write month 0 for reproducibility."""
    try:
        return calendar.timegm((*entry.date_time, 0, 0, 0))
    except ValueError:
        return 0


def _read_tar(path: Path, reading: _Reading) -> tuple[str, ...]:
    """Read every file of a tar file; its framing has no faults that zip files have."""
    with _unpacked_tar(path) as archive:
        for entry in archive:
            _check_count(path, len(reading.names))
            reading.names.append(entry.name)
            if entry.issym() or entry.islnk():
                reading.links.append(entry.name)
            if entry.issparse():
                reading.sparse.append(entry.name)
            content = archive.extractfile(entry) if entry.isfile() else None
            if content is not None:
                with content:
                    reading.read(content, entry.name, entry.size, moment=int(entry.mtime), mode=entry.mode)
    return ()


def unpack_sdist(path: Path, into: Path) -> Path:
    """Unpack the sdist at ``path`` into the new folder ``into`` and return its one top-level folder.

    Raises Failure if the archive does not have exactly one top-level folder, or would write outside of it.
    """
    into.mkdir(parents=True)
    try:
        if path.name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                _check_paths(path, archive.namelist())
                _check_ratio(path, sum(entry.file_size for entry in archive.infolist()))
                archive.extractall(into)  # noqa: S202
        else:
            with _unpacked_tar(path) as packed:
                _check_paths(path, packed.getnames())
            with _unpacked_tar(path) as packed:
                _extract(packed, into)
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    (folder,) = into.iterdir()
    return folder


def normalise_sdist(path: Path, time: int) -> None:
    """Rewrite the sdist at ``path`` with ``time`` for every member, no owner, and plain permissions."""
    copy = path.with_suffix(".new")
    with (
        tarfile.open(path) as old,
        copy.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=time) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for entry in old:
            entry.mtime, entry.pax_headers = time, {}
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
            new.addfile(entry, old.extractfile(entry) if entry.isfile() else None)
    copy.replace(path)


def _check_paths(path: Path, names: Iterable[str]) -> None:
    tops = {PurePosixPath(name).parts[0] for name in names if PurePosixPath(name).parts}
    if len(tops) != 1 or any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in names):
        raise Failure.of(
            found=f"{path.name} must contain exactly one top-level folder, but has: "
            f"{', '.join(sorted(tops)) or 'none'}.",
            remedy="Build the sdist with a current build backend, which puts every file into NAME-VERSION/.",
            topic="not-a-distribution",
        )


def _extract(packed: tarfile.TarFile, into: Path) -> None:
    if hasattr(tarfile, "data_filter"):
        packed.extractall(into, filter="data")
        return
    # Python 3.11.0 to 3.11.3 have no filters: links and special files are skipped instead.
    packed.extractall(into, members=(entry for entry in packed if entry.isfile() or entry.isdir()))  # noqa: S202
