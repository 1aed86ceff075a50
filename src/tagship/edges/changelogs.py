"""The changelog of a project, found and read, and nothing outside of the checkout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.changelog.reader import read_changelog, redirect_target
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("changelog", "changes", "history", "news", "milestones", "releases", "release-notes", "release_notes")
"""What changelogs are called, without ending and case, the likeliest first."""

FOLDERS = (".", ".planning", "docs", "doc")
"""Where they stand in a project, the likeliest first."""

_ENDINGS = (".md", ".markdown")
_FOREIGN = (".rst", ".txt", ".adoc", "")
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogFile:
    """The text of a changelog. ``path`` is that of the file that was read, from the top of the checkout."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelogs:
    """The changelogs of the checkout ``workspace``, as seen from its folder ``inside``."""

    workspace: Path
    inside: str

    def read(self, named: str) -> ChangelogFile:
        """Return the changelog at the path ``named``, or where that is empty the first file called like one.

        Symbolic links and files that only name another file are followed. Raises Failure where there is no changelog,
        where it is no UTF-8, and where it lies outside of the checkout.
        """
        path = self._named(named) if named else self._found()
        for _ in range(_MOST_REDIRECTS):
            file = self._read(path)
            target = redirect_target(file.text)
            onward = (self.workspace / file.path).parent / target if target else None
            if onward is None or not onward.is_file() or read_changelog(file.text).releases:
                return file
            path = onward
        raise Failure(
            Problem(
                found=f"{named or 'The changelog'} leads from file to file, at last to {path.name}, without an end.",
                remedy="Set changelog to the path of the file that holds the notes.",
                topic="no-changelog",
            )
        )

    def _named(self, named: str) -> Path:
        for base in (self.workspace / self.inside, self.workspace):
            if (base / named).is_file():
                return base / named
        raise Failure(
            Problem(
                found=f"There is no file {named} in {self._place}.",
                remedy="Set changelog to the path of your changelog, or leave it out to have it looked for.",
                topic="no-changelog",
            )
        )

    def _found(self) -> Path:
        bases = dict.fromkeys((self.workspace / self.inside, self.workspace))
        found = next((path for base in bases for path in _candidates(base, _ENDINGS)), None)
        if found is not None:
            return found
        foreign = next((path for base in bases for path in _candidates(base, _FOREIGN)), None)
        other = f" {foreign.name} is there, but only Markdown can be read." if foreign else ""
        raise Failure(
            Problem(
                found=f"No changelog was found in {self._place}.{other}",
                remedy="Add a CHANGELOG.md with a heading for each release, or set changelog to the path of yours. "
                "GitHub can write the notes instead: changelog: none, and generate-notes: true for the release.",
                topic="no-changelog",
            )
        )

    def _read(self, path: Path) -> ChangelogFile:
        top, real = self.workspace.resolve(), path.resolve()
        if not real.is_relative_to(top):
            raise Failure(
                Problem(
                    found=f"The changelog {path.name} leads out of the checkout, to {real}.",
                    remedy="Put the changelog itself into the repository, or link to a file that is in it.",
                    topic="changelog-outside",
                )
            )
        relative = real.relative_to(top).as_posix()
        data = real.read_bytes()
        try:
            return ChangelogFile(path=relative, text=data.decode("utf-8"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise Failure(
                Problem(
                    found=f"{relative} is not UTF-8: line {line} has the byte 0x{data[error.start]:02x}.",
                    remedy=f"Save the file as UTF-8: iconv -f ENCODING -t UTF-8 {relative}",
                    topic="changelog-encoding",
                    file=relative,
                    line=line,
                )
            ) from error

    @property
    def _place(self) -> str:
        return "the checkout" if self.inside == "." else f"{self.inside} and the top of the checkout"


def _candidates(base: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files below ``base`` that are called like a changelog, the likeliest first."""
    for folder in FOLDERS:
        place = base / folder
        files = {path.name.lower(): path for path in place.iterdir() if path.is_file()} if place.is_dir() else {}
        yield from (files[name] for stem in NAMES for ending in endings if (name := f"{stem}{ending}") in files)
