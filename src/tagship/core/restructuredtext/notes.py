"""The notes of a release out of a reStructuredText changelog, as GitHub's Markdown. This needs docutils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.changelog.content import converted_mentions
from tagship.core.changelog.model import Remark
from tagship.core.restructuredtext.blocks import read_blocks, source_lines
from tagship.core.restructuredtext.excerpt import Source, excerpt
from tagship.core.restructuredtext.states import LONGEST_LINE, UnreadableError, parse
from tagship.core.restructuredtext.writer import write_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagship.core.changelog.model import Release
    from tagship.core.restructuredtext.excerpt import Excerpt
    from tagship.core.restructuredtext.outline import Document
    from tagship.core.restructuredtext.states import Message
    from tagship.core.sphinx.roles import Roles

__all__ = ["Notes", "UnreadableError", "release_notes"]

LONGEST_SECTION = 125_000
"""Characters, with the definitions that the section uses; GitHub's own limit for the text of a release."""
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of one release in Markdown, and what is odd about their source, by lines of the file."""

    text: str
    remarks: tuple[Remark, ...]


def release_notes(document: Document, release: Release, roles: Roles, *, extra: Iterable[str] = ()) -> Notes:
    """Return the section of ``release`` below its title, as GitHub's Markdown.

    ``extra`` are texts with definitions that count for every document of the project: Sphinx's ``rst_prolog`` and
    ``rst_epilog``. Raises UnreadableError if the section exceeds a limit, so that no section takes minutes.
    """
    section = range(release.body.start - 1, release.body.stop - 1)
    if any(len(line) > LONGEST_LINE for line in document.lines[section.start : section.stop]):
        raise UnreadableError(f"a line has more than {LONGEST_LINE} characters")
    others = [Source(lines, read_blocks(lines)) for lines in map(source_lines, extra)]
    part = excerpt(Source(document.lines, document.blocks), section, others=others)
    for size, limit, unit in (
        (len(part.text), LONGEST_SECTION, "characters"),
        (part.text.count("\n"), MOST_LINES, "lines"),
    ):
        if size > limit:
            raise UnreadableError(f"it has more than {limit} {unit}")
    tree, messages = parse(part.text, roles)
    text = write_markdown(tree, level=release.level, end=part.before + part.length)
    remarks = [*_remarks(messages, part, release), *converted_mentions(text, release)]
    return Notes(text=text, remarks=tuple(dict.fromkeys(remarks)))


def _remarks(messages: Iterable[Message], part: Excerpt, release: Release) -> Iterator[Remark]:
    """Yield ``messages`` as remarks; those about definitions elsewhere are at the title of the release."""
    for message in messages:
        line = message.line - part.before
        known = 0 < line <= part.length
        text = " ".join(message.text.split())
        yield Remark(line=release.body.start + line - 1 if known else release.line, text=text)
