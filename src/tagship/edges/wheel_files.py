"""Built files in a checkout, and the source files that a wheel installs."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tagship.edges.confinement import given

if TYPE_CHECKING:
    from pathlib import Path

SOURCE_FOLDERS = ("", "src/", "lib/", "python/")
"""Folders of a project, relative to it, whose content a wheel may install at its top level."""


def find_files(workspace: Path, pattern: str, *, suffix: str = "") -> tuple[Path, ...]:
    """Return the files with ``suffix`` that ``pattern`` matches from ``workspace``, sorted by name.

    ``pattern`` is a file, a glob, or a folder with all files below it. Raises Failure if a link in the checkout leads
    to a file outside.
    """
    # A name such as `di[s]t` is not a pattern if it exists. Unlike pathlib's, this glob accepts absolute patterns.
    names = [pattern] if (workspace / pattern).exists() else glob.iglob(pattern, root_dir=workspace, recursive=True)  # noqa: PTH207
    matches = [workspace / name for name in names]
    inner = (file for path in matches for file in (path.rglob("*") if path.is_dir() else (path,)))
    found = {path for path in inner if path.name.endswith(suffix) and path.is_file()}
    for path in found:
        given(workspace, path)
    return tuple(sorted(found, key=lambda path: (path.name, str(path))))


def find_source(project: Path, installed: str) -> str | None:
    """Return the path, relative to ``project``, of the file that a wheel installs at ``installed``; None if absent."""
    places = (f"{parent}{installed}" for parent in SOURCE_FOLDERS)
    return next((place for place in places if (project / place).is_file()), None)


def installable_paths(files: Iterable[str]) -> tuple[str, ...]:
    """Return the paths at which a wheel may install the project's ``files``."""
    return tuple(path.removeprefix(parent) for path in files for parent in SOURCE_FOLDERS if path.startswith(parent))
