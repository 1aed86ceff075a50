"""The contents of the wheel and the sdist, as trees with sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tagship.edges.archives import read_archive

SHOWN = 60
"""Number of rows of a tree before the collapsed rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a tree: a file or a folder, its depth, and its total size in bytes."""

    name: str
    depth: int
    size: int
    folder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The contents of a distribution: its kind and name, number of files, sizes in bytes, and rows."""

    kind: str
    name: str
    files: int
    compressed: int
    most: int
    rows: tuple[Row, ...]


def trees(dist: Iterable[Path]) -> list[Tree]:
    """Return a tree for each distribution, wheels first."""
    return [_tree(path) for path in sorted(dist, key=lambda path: (path.suffix != ".whl", path.name))]


def rows_of(sizes: Mapping[str, int]) -> tuple[Row, ...]:
    """Return the rows of a tree from the sizes by path; a folder precedes its contents."""
    folders: dict[PurePosixPath, int] = {}
    for name, weight in sizes.items():
        for parent in list(PurePosixPath(name).parents)[:-1]:
            folders[parent] = folders.get(parent, 0) + weight
    entries = [(PurePosixPath(name), weight, False) for name, weight in sizes.items()]
    entries += [(path, weight, True) for path, weight in folders.items()]
    return tuple(
        Row(name=path.name, depth=len(path.parts) - 1, size=weight, folder=folder)
        for path, weight, folder in sorted(entries, key=lambda entry: entry[0].parts)
    )


def _tree(path: Path) -> Tree:
    is_wheel = path.suffix == ".whl"
    # All files of an sdist are in one folder.
    members = read_archive(path).members
    sizes = {member.path if is_wheel else member.path.partition("/")[2]: member.size for member in members}
    return Tree(
        kind="Wheel" if is_wheel else "Source distribution",
        name=path.name,
        files=len(sizes),
        compressed=path.stat().st_size,
        most=max([*sizes.values(), 1]),
        rows=rows_of(sizes),
    )
