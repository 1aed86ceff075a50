"""Wheels and sdists written without a build backend, for tests that need a file only."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"


def write_wheel(
    folder: Path,
    name: str,
    version: str,
    files: Mapping[str, str] | None = None,
    *,
    tag: str = "py3-none-any",
    metadata: str = "",
    entry_points: str = "",
    top_level: str = "",
    requires: Sequence[str] = (),
    record: str | None = None,
    encoding: str = "utf-8",
) -> Path:
    """Write a wheel with ``files`` (text by path) and metadata into ``folder``, and return its path.

    ``metadata`` are further fields, then an empty line and the description; ``record`` replaces the RECORD.
    """
    info = f"{name}-{version}.dist-info"
    head = METADATA.format(name=name, version=version) + "".join(f"Requires-Dist: {item}\n" for item in requires)
    contents = {
        **(files or {}),
        f"{info}/METADATA": head + metadata,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if entry_points:
        contents[f"{info}/entry_points.txt"] = entry_points
    if top_level:
        contents[f"{info}/top_level.txt"] = top_level
    encoded = {path: text.encode(encoding) for path, text in contents.items()}
    rows = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in encoded.items()]
    listed = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n" if record is None else record
    encoded[f"{info}/RECORD"] = listed.encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, data in encoded.items():
            archive.writestr(zipfile.ZipInfo(inner, (2024, 5, 6, 7, 8, 10)), data)
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def write_sdist(
    folder: Path,
    name: str,
    version: str,
    files: Mapping[str, str] | None = None,
    *,
    metadata: str | None = None,
    filename: str = "",
) -> Path:
    """Write a ``.tar.gz`` sdist with ``files`` and a PKG-INFO into ``folder``, and return its path."""
    contents = {
        **(files or {}),
        "PKG-INFO": METADATA.format(name=name, version=version) if metadata is None else metadata,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (filename or f"{name}-{version}.tar.gz")
    with tarfile.open(path, "w:gz") as archive:
        for inner, text in contents.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{inner}")
            entry.size, entry.mtime = len(text.encode()), 1_700_000_000
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path
