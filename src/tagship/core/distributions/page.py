"""What was built, as a page for the step's summary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.core.distributions.trees import human_size, tree
from tagship.core.markdown.cut import contained, cut_markdown
from tagship.core.summary import digests_folded, fenced, files_table, folded, joined, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagship.core.distributions.distribution import Distribution
    from tagship.errors import Problem

_README_LIMIT = 200_000
"""Bytes of a README that are shown: a step's summary holds 1 MiB in all."""
_METADATA_LIMIT = 50_000
_CUT = "*Cut here: the whole of it is shown on the index.*"
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
    distributions: Sequence[Distribution], notes: Sequence[str], warnings: Sequence[Problem] = ()
) -> str:
    """Markdown: the files, ``notes`` and ``warnings``, and folded the digests, trees, metadata and the README."""
    first = distributions[0]
    files = [(item.filename, human_size(item.archive.size), item.archive.sha256) for item in distributions]
    readme = (first.metadata.get("description") or "").strip()
    return joined(
        files_table(files),
        listed(notes),
        listed((str(warning) for warning in warnings), verdict="warned"),
        digests_folded(files),
        *(folded(f"What is in {item.filename}", fenced(tree(item.archive.members))) for item in distributions),
        folded("Metadata", fenced("\n".join(_metadata(first))[:_METADATA_LIMIT])),
        folded("The page on the index", _shown_readme(first, readme)) if readme else "",
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
    """Markdown as it is, since the summary renders it as the index does; anything else as its source."""
    if (item.metadata.get("description_content_type") or "").startswith("text/markdown"):
        return contained(cut_markdown(readme, _README_LIMIT, more=_CUT))
    return fenced(readme[:_README_LIMIT])


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_SHOWN = 5


def relative_links(item: Distribution) -> str:
    """Return a sentence about the links and images of the Markdown description that lead nowhere on the index, or
    nothing.

    An index shows the description away from the repository, so that only absolute addresses and anchors hold.
    """
    readme = item.metadata.get("description") or ""
    if not (item.metadata.get("description_content_type") or "").startswith("text/markdown"):
        return ""
    from tagship.core.markdown.blocks import parse_blocks
    from tagship.core.markdown.destinations import destinations

    found = list(dict.fromkeys(link.href for link in destinations(parse_blocks(readme)) if link.href))
    relative = [href for href in found if not _SCHEME.match(href)]
    if not relative:
        return ""
    more = f" and {len(relative) - _SHOWN} more" if relative[_SHOWN:] else ""
    return f"Links of the README that lead nowhere on the index: {', '.join(relative[:_SHOWN])}{more}."
