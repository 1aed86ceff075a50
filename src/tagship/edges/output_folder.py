"""Built files in a checkout: found by a pattern, or put into a folder of their own."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tagship.core.distributions.distribution import DISTRIBUTION_SUFFIXES
from tagship.core.formatting import some
from tagship.edges.confinement import created, given, inside, opened
from tagship.errors import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFolder:
    """The folder ``name`` below ``top``."""

    top: Path
    name: str

    def empty(self) -> None:
        """Create the folder, and remove the distributions in it.

        Raises Failure if it is not a folder, is outside of ``top``, or contains any other file: that file may not be
        ours, and later steps would publish it.
        """
        folder = inside(self.top, self.name)
        if folder.exists() and not folder.is_dir():
            raise self._refusal("is a file")
        present = sorted(folder.iterdir()) if folder.is_dir() else []
        others = [path.name for path in present if not path.is_file() or not _is_from_a_build(path.name)]
        if others:
            raise self._refusal(f"contains {some(others)}")
        for path in present:
            path.unlink()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, paths: Iterable[Path]) -> None:
        """Copy the files into the folder. Raises Failure if it leads outside of ``top`` by now: the build ran since."""
        folder = inside(self.top, self.name)
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            with opened(path.resolve()) as source, created(folder / path.name) as target:
                shutil.copyfileobj(source, target)

    def _refusal(self, what: str) -> Failure:
        return Failure.of(
            found=f"{self.name} must be a folder for built files only, but it {what}.",
            remedy="Remove it in an earlier step, or use another folder, for example out-dir: build/dist",
            topic="out-dir-not-empty",
        )


def _is_from_a_build(name: str) -> bool:
    # uv adds a .gitignore to its output folder; attestations are next to their files.
    return name == ".gitignore" or name.endswith((*DISTRIBUTION_SUFFIXES, ".attestation"))


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
