"""The built files as a Markdown report for the step summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tagship.core.formatting import human_size, some
from tagship.core.summary import digests_folded, fenced, files_table, folded, joined, listed
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution, Member

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_README_LIMIT = 200_000
"""Maximum size of a README in the report: a step summary is limited to 1 MiB."""
_METADATA_LIMIT = 50_000
_CUT = "*Truncated. The project page on the index shows all of it.*"
_Folder = dict[str, "_Folder | int"]
TREE_LIMIT = 400
"""Maximum number of lines in a tree; the rest is counted."""
_FIELDS = {
    "metadata_version": "Metadata-Version",
    "summary": "Summary",
    "requires_python": "Requires-Python",
    "license_expression": "License-Expression",
    "license": "License",
    "keywords": "Keywords",
    "import_names": "Import-Name",
    "provides_extra": "Provides-Extra",
    "requires_dist": "Requires-Dist",
    "classifiers": "Classifier",
    "project_urls": "Project-URL",
}


def distribution_summary(
    distributions: Sequence[Distribution],
    notes: Sequence[str],
    warnings: Sequence[Problem] = (),
    left_out: Sequence[str] = (),
) -> str:
    """Return Markdown: the files, ``notes`` and ``warnings``; then folded the digests, trees, metadata and README.

    ``left_out`` are files under version control that the sdist does not contain, also folded.
    """
    first = distributions[0]
    files = [(item.filename, human_size(item.archive.size), item.archive.sha256) for item in distributions]
    readme = (first.metadata.get("description") or "").strip()
    return joined(
        files_table(files),
        listed(notes),
        listed((str(warning) for warning in warnings), verdict="warned"),
        digests_folded(files),
        *(folded(f"Contents of {item.filename}", fenced(tree(item.archive.members))) for item in distributions),
        folded(f"Not in the sdist: {len(left_out)} files", fenced("\n".join(left_out[:TREE_LIMIT])))
        if left_out
        else "",
        folded("Metadata", fenced("\n".join(_metadata(first))[:_METADATA_LIMIT])),
        folded("Project page on the index", _shown_readme(first, readme)) if readme else "",
    )


def _metadata(item: Distribution) -> Iterator[str]:
    for field, label in _FIELDS.items():
        value = item.metadata.get(field)
        if isinstance(value, str):
            yield f"{label}: {value}"
        elif isinstance(value, dict):
            yield from (f"{label}: {name}, {address}" for name, address in value.items())
        elif isinstance(value, list):
            yield from (f"{label}: {entry}" for entry in value)


def _shown_readme(item: Distribution, readme: str) -> str:
    """Return a Markdown README as it is, since the summary renders it like the index; any other as source."""
    if (item.metadata.get("description_content_type") or "").startswith("text/markdown"):
        from tagship.core.markdown.cut import contained, cut_markdown

        return contained(cut_markdown(readme, _README_LIMIT, more=_CUT))
    return fenced(readme[:_README_LIMIT])


def tree(members: Iterable[Member]) -> str:
    """Return the files as a tree, sorted by name, one line for each folder and file with its size."""
    root: _Folder = {}
    for member in members:
        folder = root
        *parents, name = [part for part in member.path.split("/") if part] or ["?"]
        for parent in parents:
            inner = folder.setdefault(parent, {})
            folder = inner if isinstance(inner, dict) else folder
        folder[name] = member.size
    lines = list(_lines(root, ""))
    if len(lines) > TREE_LIMIT:
        lines[TREE_LIMIT:] = [f"… and {len(lines) - TREE_LIMIT} more"]
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


def relative_links(item: Distribution) -> str:
    """Return a sentence about relative links and images in the Markdown description; empty without any.

    On the index only absolute URLs and anchors work, because the files of the repository are not there.
    """
    readme = item.metadata.get("description") or ""
    if not (item.metadata.get("description_content_type") or "").startswith("text/markdown"):
        return ""
    from tagship.core.markdown.blocks import parse_blocks
    from tagship.core.markdown.inlines import destinations

    found = list(dict.fromkeys(link.href for link in destinations(parse_blocks(readme)) if link.href))
    relative = [href for href in found if not _SCHEME.match(href)]
    return f"Relative links in the README, broken on the index: {some(relative)}." if relative else ""
