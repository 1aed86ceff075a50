"""Files to attach to a release, found by globs, with their sizes and digests."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.release.assets import content_type
from tagship.core.release.desired import File
from tagship.edges.confinement import given, opened
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Base of globs: ``path`` for relative ones, ``home`` for those that begin with ``~/``."""

    path: Path
    home: Path

    def attachments(self, patterns: Sequence[Pattern]) -> tuple[File, ...]:
        """Return the files that the globs match, each once, ordered by glob and then by path.

        Raises Failure with a problem for every glob without a file, and for every asset name with several files.
        """
        problems: list[Problem] = []
        chosen: dict[Path, Pattern] = {}
        for pattern in (pattern for pattern in patterns if not pattern.excludes):
            found = sorted(self._found(pattern))
            problems += self._wrong(pattern, found)
            renames = (pattern.name, pattern.content_type, pattern.label) != (None, None, None)
            chosen |= {path: pattern for path in found if renames or path not in chosen}
        if problems:
            raise Failure(*problems)
        excluded = {path for pattern in patterns if pattern.excludes for path in self._found(pattern)}
        kept = ((path, pattern) for path, pattern in chosen.items() if path not in excluded)
        return tuple(_file(given(self.path, path), path.name, pattern) for path, pattern in kept)

    def _found(self, pattern: Pattern) -> set[Path]:
        return {path for text in pattern.globs for path in self._matching(text) if path.is_file()}

    def _matching(self, text: str) -> Iterator[Path]:
        """Yield the file with the path ``text`` if there is one, else the paths that match it as a glob.

        As in a shell, a wildcard does not match a leading dot.
        """
        base, rest = (self.home, text[2:]) if text.startswith("~/") else (self.path, text)
        if (base / rest).is_file():
            yield _plain(base / rest)
            return
        matches = glob.iglob(rest, root_dir=base, recursive=True)  # noqa: PTH207  # pathlib matches hidden names
        yield from (_plain(base / match) for match in matches)

    def _wrong(self, pattern: Pattern, found: Sequence[Path]) -> list[Problem]:
        if not found:
            return [] if pattern.optional else [self._nothing(pattern)]
        return [_several(pattern, found)] if pattern.name is not None and len(found) > 1 else []

    def _nothing(self, pattern: Pattern) -> Problem:
        folders = [path for text in pattern.globs for path in self._matching(text) if path.is_dir()]
        only = f" It matches the folder {folders[0]}, but folders cannot be attached." if folders else ""
        hint = f" To attach the files in the folder, use {pattern.globs[0].rstrip('/')}/*." if folders else ""
        return Problem(
            found=f"No file in {self.path} matches the glob {pattern.text!r} in files.{only}",
            remedy=f"Correct the glob, or build the file first.{hint} Quote a name that contains a comma.",
            topic="no-file-matches",
        )


def attachment(path: Path) -> File:
    """Return one file with its own name."""
    return _file(path.resolve(), path.name, None)


def _plain(path: Path) -> Path:
    """Return the path without ``.`` and ``..``, so that each file has one path."""
    return Path(os.path.normpath(path))


def _several(pattern: Pattern, found: Sequence[Path]) -> Problem:
    names = ", ".join(path.name for path in found)
    return Problem(
        found=f"{pattern.text!r} sets one asset name for {len(found)} files: {names}.",
        remedy="Use one line for each file.",
        topic="same-asset-name",
    )


def _file(real: Path, name: str, pattern: Pattern | None) -> File:
    with opened(real) as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
    name = (pattern.name if pattern else None) or name
    return File(
        path=str(real),
        name=name,
        size=size,
        digest=f"sha256:{digest}",
        content_type=(pattern.content_type if pattern else None) or content_type(name),
        label=pattern.label if pattern else None,
    )
