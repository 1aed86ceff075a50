"""The releases of a reStructuredText changelog, found without docutils.

The outline is written as Markdown, line for line: a heading for a title, and a word for a line with content. The
reader of Markdown changelogs then finds the same releases in it, by the same rules, at the lines of the original file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tagship.core.changelog.document import LONGEST_TITLE, Changelog, Release
from tagship.core.changelog.heading import read_heading
from tagship.core.changelog.parts import find_date
from tagship.core.changelog.reader import read_changelog
from tagship.core.restructuredtext.blocks import Block, read_blocks, source_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A reStructuredText changelog: its ``lines`` as docutils sees them, and the releases in it.

    ``changelog`` has the line numbers of the file; its blocks are those of the outline, not of the file.
    """

    changelog: Changelog
    lines: tuple[str, ...] = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)


def read_document(text: str, *, heading_prefix: str = "", project: str = "") -> Document:
    """Return the releases of ``text``, a reStructuredText file. Any text can be read; some have no releases.

    A release is a section title, as in Markdown a heading, or a line with only the version and its date. If no title
    names a version, a paragraph that is bold as a whole counts as well: ``**1.2.0**``. A release date or status may
    also be the first paragraph below the title: ``Released 2026-02-19``, ``:Date: 2026-02-19`` or ``Unreleased``.
    """
    lines = source_lines(text)
    blocks = read_blocks(lines, partial(_unmarked_title, bare=False))
    marked = (block for block in blocks if block.style and _names_version(plain_title(block.text), heading_prefix))
    if model := next(marked, None):
        blocks = [block if block.style else replace(block, level=model.level) for block in blocks]
    else:
        blocks = read_blocks(lines, partial(_unmarked_title, bare=True))
    changelog = read_changelog(_outline(blocks, lines), heading_prefix=heading_prefix, project=project)
    releases = tuple(_dated(release, lines) for release in changelog.releases)
    changelog = replace(changelog, releases=releases, underlined=True)
    return Document(changelog=changelog, lines=tuple(lines), blocks=tuple(blocks))


_PHRASE = re.compile(
    r"(?<![\w`]):[\w:+.-]{1,60}:`(?P<role>[^`]+)`|`(?P<link>[^`<]+?)\s*<[^`>]*>`__?|``(?P<literal>.+?)``"
    r"|`(?P<text>[^`]+)`(?:__?)?|\*\*(?P<strong>[^*]+)\*\*|\*(?P<emphasis>[^*\s][^*]*)\*|\|(?P<name>[^|\s][^|]*)\|_{0,2}"
    r"|(?P<word>\w+)_{1,2}(?!\w)|\\(?P<escaped>.)"
)


def plain_title(source: str) -> str:
    """Return the text of a title as a reader sees it, without inline markup."""
    if len(source) > LONGEST_TITLE or not re.search(r"[`*|\\_]", source):
        return " ".join(source.split())
    return " ".join(_PHRASE.sub(lambda match: (match[match.lastgroup or 0] or "").strip(), source).split())


def _names_version(title: str, prefix: str) -> bool:
    found = read_heading(title, prefix) if title else None
    return found is not None and (found.version is not None or found.pointer)


_SHORT = 120
_LIKE_VERSION = re.compile(r"\d\.\d")
_BOLD = re.compile(r"\*\*(?!\s)(?P<title>[^*]+)(?<!\s)\*\*(?P<rest>.{0,40})")


def _unmarked_title(line: str, following: str, *, bare: bool) -> str:
    """Return the title in a ``line`` that is not underlined; empty if it is part of the text.

    It has only a version and a date, and is above a list or a paragraph. A ``bare`` one needs no date, and may be bold.
    """
    bold = _BOLD.fullmatch(line) if bare and not following else None
    title = f"{bold['title']}{bold['rest']}" if bold else line
    begins = len(title) <= _SHORT and (bold or (_LIKE_VERSION.search(line) and not following[:1].isalnum()))
    found = read_heading(title) if begins else None
    if found is None or not (bold or (found.version is not None and not found.titled)):
        return ""
    return title if bare or found.weight == "plain" else ""


_DEEPEST = 6
_SILENT = re.compile(
    r"\.\. (?:contents|currentmodule|py:currentmodule|highlight|default-role|role|index|meta|module|sectnum)::"
)
_DIRECTIVE = re.compile(r"\.\. (?:[^\W_](?:[-._+:]?[^\W_])*) ?::(?: |$)")


_LIKE_TITLE = re.compile(r"(?:[-*] )?(?:\*\*)?(?:(?:version|release) )?v?\d+\.\d[\w*.() ,:/-]*", re.IGNORECASE)
"""A line that may be meant as the title of a release, and is the same in Markdown."""


def _outline(blocks: Sequence[Block], lines: Sequence[str]) -> str:
    """Return Markdown with a heading at the line of every title, and a word where content begins and ends below it.

    Lines that look like a title are kept, for the warnings of the reader.
    """
    outline = [""] * len(lines)
    begin = end = -1
    for block in blocks:
        if block.kind == "title" and block.level <= _DEEPEST:
            title = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", plain_title(block.text))
            outline[block.line] = f"{'#' * block.level} {title}"
            begin = end = -1
        elif block.kind != "transition" and not (block.kind == "explicit" and _is_silent(lines[block.first])):
            if begin < 0:
                begin = end = block.first
            outline[end] = ""
            end = max(number for number in range(block.first, block.end) if lines[number])
            outline[begin] = outline[end] = "x"
    for block in blocks:
        if block.kind in {"text", "other"} and _LIKE_TITLE.fullmatch(lines[block.first]):
            outline[block.first] = lines[block.first]
    return "\n".join(outline)


def _is_silent(line: str) -> bool:
    """Return True if the explicit block that begins with ``line`` shows nothing: a comment, a target, a definition."""
    return not _DIRECTIVE.match(line) or bool(_SILENT.match(line))


_RELEASED = re.compile(r"[\W_]*(?:release[ds]?(?:[ _-]?date| on)?|date)\b[\W_]*(.*)", re.IGNORECASE)
_UNRELEASED = re.compile(
    r"[\W_]*(?:un-?released|not (?:yet )?released|(?:in|under) development|to be released)\b.{0,20}", re.IGNORECASE
)


def _dated(release: Release, lines: Sequence[str]) -> Release:
    """Return ``release`` with the date and status that the first line of its section has, if its title has none."""
    first = lines[release.body.start - 1] if release.body else ""
    if release.date is not None or len(first) > _SHORT or release.status in {"unreleased", "yanked"}:
        return release
    if _UNRELEASED.fullmatch(first):
        return replace(release, status="unreleased")
    match = _RELEASED.fullmatch(first)
    if match and _UNRELEASED.fullmatch(match[1]):
        return replace(release, status="unreleased")
    dated = find_date(match[1]) if match else None
    return replace(release, date=dated.date) if dated and not dated.start else release


_MARKDOWN = re.compile(r"^#{1,6} |^(?:```|~~~)|\]\(", re.MULTILINE)
_RESTRUCTUREDTEXT = re.compile(r"^\.\. |``[^`]|`__?(?!\w)|(?<!\w):[\w:+.-]{1,60}:`|::$", re.MULTILINE)


def has_more_markdown(text: str) -> bool:
    """Return True if ``text`` has more markup of Markdown than of reStructuredText."""
    return len(_MARKDOWN.findall(text)) > len(_RESTRUCTUREDTEXT.findall(text))
