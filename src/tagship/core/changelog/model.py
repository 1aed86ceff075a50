"""What a changelog is once it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from packaging.version import Version

    from tagship.core.changelog.heading import Status
    from tagship.core.markdown.blocks import Blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The section of one release, or of what is not released yet.

    ``version`` is None where the heading names none, or none that PEP 440 knows; ``label`` is how the heading spells
    it, ``title`` the heading's whole text without markup, ``package`` the name in front of the version, if any.
    ``line`` is that of the heading and ``body`` the lines of what belongs to it, both counted from 1. An ``empty``
    section has nothing but headings, rules and comments.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something odd about a changelog that stops nobody: a sentence, and the line it is about, counted from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """A changelog as it was read. ``blocks`` are those of the text behind its front matter, ``skipped`` lines long."""

    releases: tuple[Release, ...]
    warnings: tuple[Remark, ...]
    blocks: Blocks = field(repr=False)
    skipped: int = 0

    def body(self, release: Release) -> str:
        """Return the source of the release's section below its heading, byte for byte, without the end of its last
        line.
        """
        return self.blocks.between(release.body.start - 1 - self.skipped, release.body.stop - 1 - self.skipped)
