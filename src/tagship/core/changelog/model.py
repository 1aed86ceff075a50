"""The parsed changelog."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from packaging.version import Version

    from tagship.core.changelog.parts import Status
    from tagship.core.markdown.blocks import Blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The section of a release or of unreleased changes.

    ``version`` is None if the heading has no PEP 440 version. ``label`` is its spelling in the heading, ``title`` the
    heading's text without markup, ``package`` the name before the version, if any. ``line`` is the heading's line and
    ``body`` the lines of the section below it, both counted from 1. An ``empty`` section has only headings, rules and
    comments. ``covers`` has the lowest and highest version of each range that the section is for as well.
    """

    version: Version | None
    label: str
    title: str
    package: str
    date: datetime.date | None
    status: Status
    level: int
    line: int
    body: range
    empty: bool
    covers: tuple[tuple[Version, Version], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A warning about the changelog: a sentence, and its line, counted from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """A parsed changelog. ``blocks`` is its text, with blank lines in place of the front matter.

    ``ranges`` are the sections for a range of versions, which have no version of their own. ``underlined`` says that
    headings have no ``#``, as in reStructuredText.
    """

    releases: tuple[Release, ...]
    warnings: tuple[Remark, ...]
    blocks: Blocks = field(repr=False)
    ranges: tuple[Release, ...] = ()
    underlined: bool = False

    def body(self, release: Release) -> str:
        """Return the exact source of the section below its heading, without the final line end."""
        return self.blocks.between(release.body.start - 1, release.body.stop - 1)
