"""The release that a project's changelog announces next."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from tagship.core.versions import parse_version

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md", "MILESTONES.md", ".planning/MILESTONES.md")


def newest_release(project: Path) -> str | None:
    """The version of the first heading that names one, in the first changelog there is; None without either."""
    path = next((project / name for name in NAMES if (project / name).is_file()), None)
    if path is None:
        return None
    tokens = MarkdownIt().disable("inline").parse(path.read_text("utf-8", errors="replace"))
    headings = (after.content for token, after in pairwise(tokens) if token.type == "heading_open")
    for heading in headings:
        for word in re.findall(r"[0-9][0-9A-Za-z.+!-]*", heading):
            version = parse_version(word)
            if version and "." in word:
                return str(version)
    return None
