"""The release that a project's changelog announces next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.changelog import read_changelog
from tagship.edges.changelogs import Changelogs
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path


def newest_release(project: Path, inside: str) -> str | None:
    """The version of the first section that is marked as nothing but a release; None where there is none.

    The changelog is the one that the actions find for the folder ``inside`` the project.
    """
    try:
        text = Changelogs(workspace=project, inside=inside).read("").text
    except Failure:
        return None
    releases = read_changelog(text).releases
    return next((str(one.version) for one in releases if one.version and one.status != "unreleased"), None)
