"""The recipes in the docs: headings, and the file of each."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FILE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(page: Path) -> dict[str, str]:
    """Return the text below each heading of the second and third level."""
    parts = re.split(r"^###? (.+)\n", page.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchor(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def files() -> dict[str, str]:
    """Return the one workflow file of each recipe, by heading; it may be on the page that the recipe links."""
    found = {}
    for heading, text in sections(DOCS / "recipes.md").items():
        files = _FILE.findall(text)
        if not files:
            page, _, target = re.findall(r"\]\(([^)]+)\)", text)[0].partition("#")
            linked = {anchor(name): body for name, body in sections(DOCS / page).items()}
            files = _FILE.findall(linked[target])[:1]
        (found[heading],) = files
    return found
