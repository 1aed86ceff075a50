"""Wheels and sdists: read in place, or unpacked to build a wheel from an sdist."""

from __future__ import annotations

import calendar
import hashlib
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from tagship.core.distributions.distribution import Archive, Member
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_METADATA_FILES = ("METADATA", "PKG-INFO", "WHEEL", "RECORD", "entry_points.txt", "top_level.txt")
_TEXT_LIMIT = 32 * 1024 * 1024
_CHUNK = 1024 * 1024


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def read_archive(path: Path) -> Archive:
    """Return the archive at ``path``: every file in it with its digest, and its metadata files as text.

    Raises Failure if it is damaged or not a ``.whl``, ``.zip`` or ``.tar.gz``.
    """
    members: list[Member] = []
    texts: dict[str, bytes] = {}
    try:
        for member, text in _members(path):
            members.append(member)
            if text is not None:
                texts[member.path] = text
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, RuntimeError, ValueError) as error:
        # Encryption and unknown compression raise RuntimeError.
        raise _damaged(path, error) from error
    return Archive(filename=path.name, size=path.stat().st_size, sha256=digest, members=tuple(members), texts=texts)


def _damaged(path: Path, error: Exception) -> Failure:
    return Failure(
        Problem(
            found=f"Reading {path.name} as an archive failed: {error}.",
            remedy="Build it again, and keep other files out of the folder for distributions.",
            topic="not-a-distribution",
        )
    )


def _members(path: Path) -> Iterator[tuple[Member, bytes | None]]:
    return _tar_members(path) if path.name.endswith(".tar.gz") else _zip_members(path)


def _zip_members(path: Path) -> Iterator[tuple[Member, bytes | None]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            moment = _seconds(entry)
            with archive.open(entry) as content:
                yield _read(content, entry.filename, entry.file_size, moment, entry.external_attr >> 16)


def _seconds(entry: zipfile.ZipInfo) -> int:
    """Return the time of the entry; 0 if it is invalid: some tools write month 0 for reproducibility."""
    try:
        return calendar.timegm((*entry.date_time, 0, 0, 0))
    except ValueError:
        return 0


def _tar_members(path: Path) -> Iterator[tuple[Member, bytes | None]]:
    with tarfile.open(path, "r:gz") as archive:
        for entry in archive:
            content = archive.extractfile(entry) if entry.isfile() else None
            if content is not None:
                with content:
                    yield _read(content, entry.name, entry.size, int(entry.mtime), entry.mode)


def _read(content: _Readable, path: str, size: int, moment: int, mode: int) -> tuple[Member, bytes | None]:
    is_metadata = PurePosixPath(path).name in _METADATA_FILES and path.count("/") == 1 and size <= _TEXT_LIMIT
    digest, kept = hashlib.sha256(), bytearray()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        if is_metadata:
            kept += chunk
    member = Member(path=path, size=size, time=moment, mode=stat.S_IMODE(mode), sha256=digest.hexdigest())
    return member, bytes(kept) if is_metadata else None


def unpack_sdist(path: Path, into: Path) -> Path:
    """Unpack the sdist at ``path`` into the new folder ``into`` and return its one top-level folder.

    Raises Failure if the archive does not have exactly one top-level folder, or would write outside of it.
    """
    into.mkdir(parents=True)
    try:
        if path.name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                _check_paths(path, archive.namelist())
                archive.extractall(into)  # noqa: S202
        else:
            with tarfile.open(path, "r:gz") as packed:
                _check_paths(path, packed.getnames())
                _extract(packed, into)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
        raise _damaged(path, error) from error
    (folder,) = into.iterdir()
    return folder


def _check_paths(path: Path, names: Iterable[str]) -> None:
    tops = {PurePosixPath(name).parts[0] for name in names if PurePosixPath(name).parts}
    if len(tops) != 1 or any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in names):
        raise Failure(
            Problem(
                found=f"{path.name} must contain exactly one top-level folder, but has: "
                f"{', '.join(sorted(tops)) or 'none'}.",
                remedy="Build the sdist with a current build backend, which puts every file into NAME-VERSION/.",
                topic="not-a-distribution",
            )
        )


def _extract(packed: tarfile.TarFile, into: Path) -> None:
    if hasattr(tarfile, "data_filter"):
        packed.extractall(into, filter="data")
        return
    # Python 3.11.0 to 3.11.3 have no filters: links and special files are skipped instead.
    packed.extractall(into, members=[entry for entry in packed if entry.isfile() or entry.isdir()])  # noqa: S202
