"""What was built, as a page for the step's summary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.core.escaping import escaped
from tagship.core.trees import human_size, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagship.core.distributions import Distribution

_README_LIMIT = 200_000
"""Characters of a README that are shown: a step's summary holds 1 MiB in all."""
_METADATA_LIMIT = 50_000
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


def distribution_summary(distributions: Sequence[Distribution], notes: Sequence[str]) -> str:
    """Markdown: the files with sizes and digests, ``notes``, and folded the trees, the metadata and the README."""
    first = distributions[0]
    parts = [*_table(distributions), "", *(f"- {escaped(note)}" for note in notes)]
    for item in distributions:
        parts += _folded(f"What is in {item.filename}", fenced(tree(item.archive.members)))
    parts += _folded("Metadata", fenced("\n".join(_metadata(first))[:_METADATA_LIMIT]))
    readme = (first.metadata.get("description") or "").strip()
    if readme:
        parts += _folded("The page on the index", _shown_readme(first, readme))
    return "\n".join(parts)


def fenced(text: str) -> str:
    """``text`` as a code block whose fence it cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _table(distributions: Sequence[Distribution]) -> Iterator[str]:
    yield "| File | Size | SHA-256 |"
    yield "| --- | ---: | --- |"
    for item in distributions:
        yield f"| `{item.filename}` | {human_size(item.archive.size)} | `{item.archive.sha256}` |"


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
    """Markdown as it is, since the summary renders it as the index does; anything else as its source.

    Markdown is left to the end of the page: what it leaves open can spoil nothing that follows.
    """
    shown = readme[:_README_LIMIT]
    markdown = (item.metadata.get("description_content_type") or "").startswith("text/markdown")
    return shown if markdown else fenced(shown)


def _folded(title: str, body: str) -> list[str]:
    return ["", f"<details><summary>{escaped(title)}</summary>", "", body, "", "</details>"]
