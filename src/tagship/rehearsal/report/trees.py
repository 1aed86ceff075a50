"""The contents of the wheel and the sdist, as trees with sizes."""

from __future__ import annotations

import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tagship.rehearsal.report.markup import Html, count, element, size
from tagship.rehearsal.report.page import section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SHOWN = 60
"""Number of rows of a tree before the collapsed rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a tree: a file or a folder, its depth, and its total size in bytes."""

    name: str
    depth: int
    size: int
    folder: bool


def trees(dist: Iterable[Path]) -> Html | None:
    """Return the section with a tree for each distribution, or None if none was built."""
    cards = [_card(path) for path in sorted(dist, key=lambda path: (path.suffix != ".whl", path.name))]
    if not cards:
        return None
    return section(
        "files",
        "Contents",
        element("div", cards, class_="cards"),
        lead="All files in the built distributions, with their uncompressed sizes.",
    )


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


def _card(path: Path) -> Html:
    sizes = dict(_contents(path))
    rows = rows_of(sizes)
    most = max([row.size for row in rows if not row.folder] + [1])
    lines = [_line(row, most) for row in rows]
    rest = lines[SHOWN:]
    kind = "Wheel" if path.suffix == ".whl" else "Source distribution"
    return element(
        "article",
        element("h3", kind),
        element("p", path.name, class_="file-name"),
        element("p", f"{count(len(sizes), 'file')}, {size(path.stat().st_size)} compressed", class_="size"),
        element("ul", lines[:SHOWN], class_="tree"),
        element("details", element("summary", f"{len(rest)} more"), element("ul", rest, class_="tree"))
        if rest
        else None,
        class_="card",
    )


def _line(row: Row, most: int) -> Html:
    share = 0 if row.folder else row.size / most
    return element(
        "li",
        element("span", f"{row.name}/" if row.folder else row.name, class_="entry", style=f"--depth:{row.depth}"),
        element("span", element("span", class_="bar", style=f"--for:{share:.4f}"), class_="track"),
        element("span", size(row.size), class_="size"),
        class_="folder" if row.folder else None,
    )


def _contents(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the files of an archive with their sizes, without the top folder of an sdist."""
    if path.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(path) as archive:
            yield from ((item.filename, item.file_size) for item in archive.infolist() if not item.is_dir())
        return
    with tarfile.open(path) as tar:
        for member in tar:
            if member.isfile():
                yield member.name.partition("/")[2] or member.name, member.size
