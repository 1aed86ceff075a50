"""The release that a project's changelog announces next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.changelog import read_changelog

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md", "MILESTONES.md", ".planning/MILESTONES.md")


def newest_release(project: Path) -> str | None:
    """The version of the first section that is marked as nothing but a release; None where there is none."""
    path = next((project / name for name in NAMES if (project / name).is_file()), None)
    if path is None:
        return None
    changelog = read_changelog(path.read_text("utf-8", errors="replace"))
    ready = (release.version for release in changelog.releases if release.version and release.status != "unreleased")
    return next((str(version) for version in ready), None)
