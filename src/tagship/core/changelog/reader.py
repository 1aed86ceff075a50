"""Parse a changelog into its releases, in file order, and warnings."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from tagship.core.changelog.document import (
    LONGEST_TITLE,
    Changelog,
    Release,
    TopHeading,
    front_matter_end,
    plain_text,
    section_between,
    top_headings,
)
from tagship.core.changelog.heading import Heading, read_heading, same_name
from tagship.core.changelog.remarks import remarks
from tagship.core.markdown.blocks import LINE_END, Blocks, parse_blocks
from tagship.core.markdown.inlines import destinations


class _Entry(NamedTuple):
    """A heading that can be a release: its position, visible text and parsed form."""

    heading: TopHeading
    title: str
    parsed: Heading


def read_changelog(text: str, *, heading_prefix: str = "", project: str = "") -> Changelog:
    """Parse the releases in ``text``, which may have none.

    Headings are CommonMark ATX and setext headings of any level, outside lists, quotes, code and HTML. A section ends
    at the next release or at a heading of a higher level. ``heading_prefix`` is the text before the version in headings
    that are not recognized otherwise, or that belong to one of several packages. ``project`` is the name of the
    project, which is recognized before a version in any spelling.
    """
    start = front_matter_end(text)
    # Blank lines in place of the front matter keep the numbers of the lines below it.
    blocks = parse_blocks("\n" * len(LINE_END.findall(text, 0, start)) + text[start:])
    headings = list(top_headings(blocks))
    accepted = _accepted(headings, [_entry(heading, blocks, heading_prefix, project) for heading in headings])
    releases: list[Release] = []
    ranges: list[Release] = []
    for index, entry in enumerate(accepted):
        if entry is not None and (entry.parsed.covers or not entry.parsed.pointer):
            end = _section_end(headings, accepted, index)
            following = headings[end] if end < len(headings) else None
            kind = ranges if entry.parsed.pointer else releases
            kind.append(_release(entry, following, blocks))
    plain = [heading for heading, entry in zip(headings, accepted, strict=True) if entry is None]
    return Changelog(
        releases=tuple(releases),
        ranges=tuple(ranges),
        warnings=remarks(releases, plain, blocks),
        blocks=blocks,
    )


_HINT = re.compile(
    r"\d|x\.[xyz]|next|released|coming|dev|head|main|master|trunk|wip|progress|pending|tb[ad]", re.IGNORECASE
)
"""A string that every release heading contains; other headings need no parsing."""


def _entry(heading: TopHeading, blocks: Blocks, prefix: str, project: str) -> _Entry | None:
    """Parse a heading; None if it cannot be a release."""
    if len(heading.content) > LONGEST_TITLE or not _HINT.search(heading.content):
        return None
    title = plain_text(heading.content, blocks)
    parsed = read_heading(title, prefix, project)
    return None if parsed is None else _Entry(heading, title, parsed)


def _accepted(headings: Sequence[TopHeading], entries: Sequence[_Entry | None]) -> list[_Entry | None]:
    """Return the entries that are releases in their context; ``outer`` has the releases that each is nested in."""
    plain = {entry.heading.level for entry in entries if entry and entry.parsed.weight == "plain"}
    accepted: list[_Entry | None] = []
    outer: list[_Entry] = []
    for heading, entry in zip(headings, entries, strict=True):
        while outer and heading.level < outer[-1].heading.level + (entry is not None):
            outer.pop()
        holds = entry is not None and (not outer or _is_release_inside(entry, outer[-1].parsed, plain))
        accepted.append(entry if holds else None)
        if entry is not None and holds and not entry.parsed.pointer:
            outer.append(entry)
    return accepted


def _is_release_inside(entry: _Entry, outer: Heading, plain: Container[int]) -> bool:
    """Return True for a release below the heading ``outer`` of another one; ``plain`` has the levels of sure releases.

    ``3.12 Support`` is a subheading, and so are ``1.9.0 Changes`` and ``v1.9.0`` below ``1.9.0``.
    """
    parsed = entry.parsed
    alike = parsed.label.lower().lstrip("v. ") == outer.label.lower().lstrip("v. ")
    if parsed.version is not None and parsed.version == outer.version and (parsed.titled or alike):
        return False
    if parsed.weight == "named":
        same = bool(parsed.package) and same_name(parsed.package, outer.package)
        return same and parsed.version not in {None, outer.version} and not parsed.titled
    short = parsed.version is not None and len(parsed.version.release) <= 2
    return parsed.weight == "plain" or (entry.heading.level in plain and not (short and parsed.titled))


def _section_end(headings: Sequence[TopHeading], accepted: Sequence[_Entry | None], index: int) -> int:
    """Return the index of the heading that ends the section at ``index``, or the number of headings."""
    end = index + 1
    while end < len(headings) and accepted[end] is None and headings[end].level >= headings[index].level:
        end += 1
    return end


def _release(entry: _Entry, following: TopHeading | None, blocks: Blocks) -> Release:
    heading, parsed = entry.heading, entry.parsed
    body, empty = section_between(blocks, heading, following)
    return Release(
        version=parsed.version,
        label=parsed.label,
        title=entry.title,
        package=parsed.package,
        date=parsed.date,
        status=parsed.status,
        level=heading.level,
        line=heading.first + 1,
        body=body,
        empty=empty,
        covers=parsed.covers,
    )


_LONGEST = 1000
_PATH = re.compile(r"(?<![^\s`'\"(<])[\w@+.-]+(?:[/\\][\w@+. -]+)*\.(?:md|markdown|rst)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_INCLUDE = re.compile(
    r"^ *\.\. +(?:md)?include:: *(?P<directive>\S+)"
    r"|^ *(?:`{3,}|:{3,}|~{3,}) *\{(?:md)?include\} *(?P<myst>\S+)"
    r"|\{% *-? *include(?:-markdown)? +[\"'](?P<plugin>[^\"']+)[\"']"
    r"|^ *-+8<-+ *[\"'](?P<snippet>[^\"':]+)",
    re.MULTILINE,
)


def redirect_targets(text: str) -> list[str]:
    """Return the paths of the files that ``text`` includes, or else of the one that it redirects to.

    A redirect has at most a title and a few lines with one link to a changelog, or one path of such a file:
    ``See [the changelog](docs/changes.md).``, or ``docs/changes.md``, which is how git checks out a symbolic link on a
    file system without them. Included are files by the directives of reStructuredText, MyST and MkDocs.
    """
    included = [match[match.lastgroup or 0] for match in _INCLUDE.finditer(text)]
    if included:
        return list(dict.fromkeys(included))
    lines = [line for line in text[: _LONGEST + 1].lstrip("\ufeff").splitlines() if line.strip()]
    if len(text) > _LONGEST or len(lines) > 4:
        return []
    linked = {unquote(re.split(r"[?#]", found.href)[0]) for found in destinations(parse_blocks(text))}
    linked = {path for path in linked if path and not _ELSEWHERE.match(path)}
    if not linked:
        linked = {match[0] for line in lines for match in _PATH.finditer(line)}
    if len(linked) != 1:
        return []
    (path,) = linked
    return [path.replace("\\", "/")] if path.lower().endswith((".md", ".markdown", ".rst")) else []


def refers_to_github(text: str) -> bool:
    """Return True if ``text`` is a short page, or starts with a paragraph, that refers to the releases on GitHub."""
    if len(text) <= _LONGEST and re.search(r"github\.com/[^/\s]+/[^/\s]+/releases\b", text):
        return True
    first = text.strip().partition("\n\n")[0]
    return len(first) <= _LONGEST and re.search(r"(?i)\breleases?\b[^.]{0,40}\bgithub\b", first) is not None


def is_discontinued(text: str, changelog: Changelog) -> bool:
    """Return True if later releases than those of ``changelog`` are on GitHub, as the lines above the first one say."""
    first = changelog.releases[0]
    return first.status != "unreleased" and refers_to_github("\n".join(text.splitlines()[: first.line - 1]))
