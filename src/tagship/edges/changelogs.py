"""The files of a checkout, or of a tag, among which a changelog is found. Nothing outside of them is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from tagship.core.changelog.heading import read_heading
from tagship.core.changelog_text import ChangelogText
from tagship.core.project.changelog_paths import FOLDERS, STEMS, spelled
from tagship.edges.confinement import inside, read
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.project.changelog_search import Files
    from tagship.core.sphinx.markup import Roles
    from tagship.edges.git import Repository


def tag_text(repository: Repository, tag: str, version: str) -> ChangelogText:
    """Return the message of the annotated ``tag``, without a title that has only the version.

    Raises Failure if the tag has no message.
    """
    message = repository.tag_message(tag)
    if not message:
        missing = repository.commit_of(f"refs/tags/{tag}") is None
        raise Failure.of(
            found=f"The tag {tag} is not in this checkout." if missing else f"The tag {tag} has no message.",
            remedy=f"Create an annotated tag: git tag --annotate {tag}"
            + (", and set fetch-depth: 0 for actions/checkout." if missing else ""),
            topic="tag-without-a-message",
        )
    title, _, rest = message.partition("\n")
    heading = read_heading(title.strip())
    titled = heading is not None and not heading.titled and rest.strip()
    return ChangelogText(path="", text=rest.strip() if titled else message, version=version)


def project_roles(files: Files, changelog: str, repository_url: str) -> tuple[Roles, tuple[str, ...]]:
    """Return the roles of the project, and the text that its Sphinx configuration adds to every document.

    The configuration is the ``conf.py`` in the folder of ``changelog`` or in a usual one. It is read, not executed.
    """
    # Most projects keep plain Markdown, which has no roles.
    from tagship.core.sphinx.configuration import read_sphinx_configuration
    from tagship.core.sphinx.markup import Roles

    places = [join(folder, "conf.py") for folder in (dirname(changelog), *_SPHINX)]
    path = next(filter(files.has, places), "")
    settings = read_sphinx_configuration(files.read(path).text if path else "")
    roles = Roles(
        repository_url=f"https://github.com/{settings.repository}" if settings.repository else repository_url,
        extlinks=settings.extlinks,
        default=settings.default_role or "title",
    )
    return roles, tuple(filter(None, (settings.prolog, settings.epilog)))


_SPHINX = ("docs", "docs/source", "docs/src", "doc", "doc/source", "doc/en", "docs/en")
_DEEPEST = 4
"""Maximum number of folders between a file of the documentation and the project."""
_MOST_FILES = 20_000
_NOT_WRITTEN = {"node_modules", "_build", "_static", "__pycache__", "site-packages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutFiles:
    """The files in the checkout at ``workspace``."""

    workspace: Path

    def paths(self, bases: Sequence[str], /) -> list[str]:
        found: list[str] = []
        for base in bases:
            for entry in sorted((self.workspace / base).iterdir()):
                path = normpath(join(base, entry.name))
                if entry.is_dir() and (entry.name.lower() in FOLDERS or spelled(entry.name) in (*STEMS, "versions")):
                    found += self.below(path)
                elif entry.is_file():
                    found.append(path)
        return found

    def below(self, folder: str) -> list[str]:
        return [path for _, path in zip(range(_MOST_FILES), self._walk(folder), strict=False)]

    def _walk(self, folder: str) -> Iterator[str]:
        top = self.workspace / folder
        for parent, folders, files in os.walk(top):
            below = Path(parent).relative_to(top)
            deep = len(below.parts) >= _DEEPEST
            folders[:] = [] if deep else sorted(name for name in folders if name not in _NOT_WRITTEN)
            yield from (normpath(join(folder, below.as_posix(), name)) for name in sorted(files))

    def has(self, path: str) -> bool:
        return (self.workspace / path).is_file()

    def read(self, path: str) -> ChangelogText:
        real = inside(self.workspace, path)
        relative = Path(os.path.relpath(real, self.workspace.resolve())).as_posix()
        data = read(real)
        try:
            return ChangelogText(path=relative, text=data.decode("utf-8"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise Failure.of(
                found=f"{relative} is not UTF-8: line {line} contains byte 0x{data[error.start]:02x}.",
                remedy=f"Convert it, for example from Latin-1: iconv -f latin1 -t utf-8 {relative} > utf-8.md",
                topic="changelog-is-not-utf-8",
                file=relative,
                line=line,
            ) from error


@dataclass(frozen=True, kw_only=True)
class TaggedFiles:
    """The files in the commit of a tag, below the top of the repository."""

    repository: Repository
    tag: str

    @cached_property
    def _paths(self) -> dict[str, None]:
        return dict.fromkeys(self.repository.files_of(self.tag))

    def paths(self, _bases: Sequence[str], /) -> list[str]:
        return list(self._paths)

    def below(self, folder: str) -> list[str]:
        return [path for path in self._paths if path.startswith(f"{folder}/")]

    def has(self, path: str) -> bool:
        return path in self._paths

    def read(self, path: str) -> ChangelogText:
        return ChangelogText(path=path, text=self.repository.text_of(self.tag, path))
