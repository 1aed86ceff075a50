"""Submodules and files in Git LFS: content of a project that ``actions/checkout`` does not fetch by default."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tagship.core.formatting import some
from tagship.errors import Graded, Problem

TOPIC = "submodule-or-git-lfs-file-not-fetched"
POINTER_LIMIT = 1024
"""Maximum size of a Git LFS pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md)."""
_NOT_INSTALLED = {"test", "tests", "testing", "docs", "doc", "examples", "benchmarks"}
"""Folders at the top of a project that are not installed, even with an ``__init__.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The submodules of a project, its files in Git LFS, and those of both that are ``absent``, by path.

    ``packages`` are the folders with an ``__init__.py``.
    """

    submodules: tuple[str, ...] = ()
    lfs: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()

    def packaged(self, paths: Sequence[str]) -> list[str]:
        """Return those of ``paths`` that a distribution installs: in a package, but not of tests, or in ``src``."""
        return [
            path for path in paths if path.startswith("src/") or any(map(self._is_package, PurePosixPath(path).parents))
        ]

    def _is_package(self, folder: PurePosixPath) -> bool:
        return str(folder) in self.packages and not _NOT_INSTALLED.intersection(folder.parts[:1])


def is_lfs_pointer(start: bytes, size: int) -> bool:
    """Return True if a file of ``size`` bytes that begins with ``start`` is a Git LFS pointer."""
    return size <= POINTER_LIMIT and start.startswith(b"version https://git-lfs.github.com/spec/v1")


def unset_options(content: Content, given: Collection[str]) -> Iterator[tuple[str, Problem]]:
    """Yield each option of a checkout that packages need and that is not among ``given``, and the problem."""
    for option, kind, paths in (("submodules", "Submodule", content.submodules), ("lfs", "Git LFS file", content.lfs)):
        packaged = content.packaged(paths)
        if packaged and option not in given:
            yield option, _problem(kind, packaged, "The package would be published without its content.")


def content_findings(content: Content) -> Iterator[Graded]:
    """Yield an error for content of packages that was not fetched, and a warning for any other."""
    kinds = (("Submodule", content.submodules), ("Git LFS file", content.lfs))
    for kind, paths in kinds:
        absent = [path for path in paths if path in content.absent]
        packaged = content.packaged(absent)
        others = [path for path in absent if path not in packaged]
        if packaged:
            yield "error", _problem(kind, packaged, "The package would be published without its content.")
        if others:
            yield "warning", _problem(kind, others, "The build and the checks may need its content.")


def _problem(kind: str, paths: Sequence[str], effect: str) -> Problem:
    setting, command = ("submodules", "git submodule update --init") if kind == "Submodule" else ("lfs", "git lfs pull")
    return Problem(
        found=f"{kind} not fetched: {some(paths)}. {effect}",
        remedy=f"Set `{setting}: true` for actions/checkout or our reusable workflow; locally run: {command}",
        topic=TOPIC,
    )
