"""Parse changelogs and find the section of a release."""

from tagship.core.changelog.document import Changelog, Release, Remark
from tagship.core.changelog.parts import Status
from tagship.core.changelog.reader import read_changelog
from tagship.core.changelog.search import find_latest, find_previous, find_release, find_unreleased

__all__ = [
    "Changelog",
    "Release",
    "Remark",
    "Status",
    "find_latest",
    "find_previous",
    "find_release",
    "find_unreleased",
    "read_changelog",
]
