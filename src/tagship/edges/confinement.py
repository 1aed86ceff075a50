"""Paths and files of a checkout, which a link in it cannot lead outside, and whose size is limited.

A checkout is hostile: a committed link may lead to a file with credentials, or to one without an end.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.errors import Failure

if TYPE_CHECKING:
    from io import BufferedReader, BufferedWriter

TEXT_LIMIT = 8 << 20
"""Maximum size in bytes of a text file that is read; the largest changelogs of real projects have half of it."""
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def inside(top: Path, path: str | Path) -> Path:
    """Return the real path of ``path`` in ``top``, a folder of a checkout. Raises Failure if that is outside."""
    # The links of a package in a monorepo may lead to the other folders of the repository.
    limit = next((folder for folder in (top, *top.parents) if (folder / ".git").exists()), top)
    real = Path(os.path.realpath(top / path)) if "\0" not in str(path) else limit.parent
    if not real.is_relative_to(os.path.realpath(limit)):
        raise Failure.of(
            found=f"{os.fspath(path)!r} is outside the checkout: it leads to {real}.",
            remedy="Replace the symbolic link by the file or folder itself, or correct the path.",
            topic="path-outside-the-checkout",
        )
    return real


def given(top: Path, path: str | Path) -> Path:
    """Return the real path of an input. The author of a workflow may name a path outside ``top``, a link may not."""
    named = Path(os.path.normpath(top / path))
    return inside(top, path) if named.is_relative_to(top) or "\0" in str(path) else Path(os.path.realpath(named))


def opened(real: Path) -> BufferedReader:
    """Open a regular file by its real path. Raises OSError if a part of the path is a link by now."""
    number = _descriptor(real, _READ)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "not a regular file", str(real))
    return os.fdopen(number, "rb")


def created(real: Path) -> BufferedWriter:
    """Create a file at a real path, in place of one there. Raises OSError if a part of the path is a link by now."""
    return os.fdopen(_descriptor(real, _CREATE), "wb")


def _descriptor(real: Path, flags: int) -> int:
    """Open ``real`` from the root, folder by folder, so that none of them can be replaced by a link in between."""
    if os.open not in os.supports_dir_fd:
        if os.path.realpath(real.parent) != str(real.parent):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(real))
        if flags == _CREATE:
            real.unlink(missing_ok=True)
        return os.open(real, flags, 0o666)
    folder = os.open(real.anchor, _FOLDER)
    try:
        for part in real.parts[1:-1]:
            inner = os.open(part, _FOLDER | _NO_LINK, dir_fd=folder)
            os.close(folder)
            folder = inner
        if flags == _CREATE:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(real.name, dir_fd=folder)
        return os.open(real.name, flags | _NO_LINK, 0o666, dir_fd=folder)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(real)) from error
    finally:
        os.close(folder)


def read(real: Path, *, limit: int = TEXT_LIMIT) -> bytes:
    """Return the content of the regular file at a real path. Raises Failure if it has more than ``limit`` bytes."""
    with opened(real) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Failure.of(
            found=f"{real} is larger than {limit >> 20} MiB, the limit for a text file.",
            remedy="Check that the path is the right one, or split the file.",
            topic="text-file-too-large",
        )
    return data


def texts(top: Path, folder: str, names: Iterable[str], *, limit: int = TEXT_LIMIT) -> dict[str, str]:
    """Return the texts of the files ``names`` that exist in ``folder`` of ``top``, by name.

    Bytes that are not UTF-8 are replaced. Raises Failure for a file outside the checkout, or a too large one.
    """
    present = [name for name in names if (top / folder / name).is_file()]
    return {name: read(inside(top, Path(folder, name)), limit=limit).decode("utf-8-sig", "replace") for name in present}
