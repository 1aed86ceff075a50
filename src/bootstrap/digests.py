"""The digests of installed libraries, so that a step with a token uses none that another step has changed."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

_LIST = ".tagship-digests"
_ATTEMPTS = 20
"""Another rehearsal that shares the libraries may write compiled modules at the same time."""


def record_digests(folder: Path) -> None:
    """Write the digest of every file in ``folder`` to a file in it."""
    lines = (f"{_digest(path)}  {name}\n" for name, path in sorted(_files(folder).items()))
    (folder / _LIST).write_text("".join(lines), "utf-8", newline="\n")


def refuse_changes(folder: Path) -> None:
    """Raise Failure if a file in ``folder`` differs from its digest, is missing, or was added.

    Compiled modules are deleted: Python writes them at an import, and they could contain anything.
    """
    files = _without_compiled(folder)
    recorded = files.pop(_LIST, None)
    lines = recorded.read_text("utf-8").splitlines() if recorded else []
    digests = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted(digests.keys() | files.keys() or {_LIST}):
        if name not in files or _digest(files[name]) != digests.get(name):
            raise Failure.of(
                found=f"The library file {name} in {folder} has changed since its installation by an earlier step.",
                remedy="Find the program that changes it. Run code of the project in another job than the token, "
                "for example with python-release.yml.",
                topic="changed-library-file",
            )


def _without_compiled(folder: Path) -> dict[str, Path]:
    """Delete the compiled modules and return the other files; compiled ones only if they cannot be deleted."""
    files: dict[str, Path] = {}
    for _ in range(_ATTEMPTS):
        try:
            for cache in list(folder.rglob("__pycache__")):
                shutil.rmtree(cache, ignore_errors=True)
            files = _files(folder)
        except FileNotFoundError:
            continue
        if not any("__pycache__" in path.parts for path in files.values()):
            break
    return files


def _files(folder: Path) -> dict[str, Path]:
    """Return the files in ``folder`` by path. A link to a folder is a file, because its modules can be imported."""
    paths = folder.rglob("*")
    return {path.relative_to(folder).as_posix(): path for path in paths if path.is_symlink() or not path.is_dir()}


def _digest(path: Path) -> str:
    if path.is_dir():
        return "of a folder"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
