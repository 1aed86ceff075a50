"""The files of an archive drawn as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.core.distributions.distribution import Member

_Folder = dict[str, "_Folder | int"]
LIMIT = 400
"""Lines a tree may have; the rest is counted."""


def tree(members: Iterable[Member]) -> str:
    """Return one line a file or folder, folders first opened where they stand, files with their sizes."""
    root: _Folder = {}
    for member in members:
        folder = root
        *parents, name = [part for part in member.path.split("/") if part] or ["?"]
        for parent in parents:
            inner = folder.setdefault(parent, {})
            folder = inner if isinstance(inner, dict) else folder
        folder[name] = member.size
    lines = list(_lines(root, ""))
    if len(lines) > LIMIT:
        lines[LIMIT:] = [f"… and {len(lines) - LIMIT} more"]
    return "\n".join(lines)


def _lines(folder: _Folder, indent: str) -> Iterable[str]:
    entries = sorted(folder.items())
    for position, (name, inner) in enumerate(entries, 1):
        last = position == len(entries)
        branch, follow = ("└── ", "    ") if last else ("├── ", "│   ")
        if isinstance(inner, dict):
            yield f"{indent}{branch}{name}/"
            yield from _lines(inner, indent + follow)
        else:
            yield f"{indent}{branch}{name} ({human_size(inner)})"


def human_size(size: int) -> str:
    """``size`` bytes in the largest unit that keeps the number above one: ``512 B``, ``1.5 KiB``, ``20.0 MiB``."""
    number, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{size} B" if unit == "B" else f"{number:.1f} {unit}"
