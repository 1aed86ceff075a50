"""A changelog read: its releases, in the order of the file, and what is odd about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tagship.core.changelog.document import LONGEST_TITLE, front_matter_end, plain_text, top_headings
from tagship.core.changelog.heading import read_heading
from tagship.core.changelog.model import Changelog, Release
from tagship.core.changelog.remarks import remarks
from tagship.core.changelog.sections import body_lines, has_content
from tagship.core.markdown.blocks import LINE_END, parse_blocks
from tagship.core.markdown.destinations import destinations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.core.changelog.document import TopHeading
    from tagship.core.changelog.heading import Heading
    from tagship.core.markdown.blocks import Blocks


def read_changelog(text: str, *, heading_prefix: str = "") -> Changelog:
    """Return the releases that ``text`` tells of. Any text can be read; one without releases has none.

    Headings are CommonMark's, ATX and setext, of any level, in no list, quote, code, comment or other HTML. A section
    ends at the next release or at a heading of a higher level. ``heading_prefix`` is what stands before the version in
    headings that would not be known for releases otherwise, or that belong to one of several packages.
    """
    start = front_matter_end(text)
    blocks = parse_blocks(text[start:])
    skipped = len(LINE_END.findall(text, 0, start))
    headings = list(top_headings(blocks))
    accepted = _accepted(headings, [_claim(heading, blocks, heading_prefix) for heading in headings])
    releases: list[Release] = []
    for index, claim in enumerate(accepted):
        if claim is not None and not claim[1].pointer:
            end = _section_end(headings, accepted, index)
            following = headings[end] if end < len(headings) else None
            releases.append(_release(headings[index], following, claim, blocks, skipped))
    return Changelog(
        releases=tuple(releases), warnings=remarks(releases, headings, skipped), blocks=blocks, skipped=skipped
    )


_Claim = tuple[str, "Heading"]
_TELLING = re.compile(
    r"\d|x\.[xyz]|next|released|coming|dev|head|main|master|trunk|wip|progress|pending|tb[ad]", re.IGNORECASE
)
"""What every heading has that says something: to look for this first spares most headings all the rest."""


def _claim(heading: TopHeading, blocks: Blocks, prefix: str) -> _Claim | None:
    """Return the plain text of a heading and what it says by itself; None where it says nothing about a release."""
    if len(heading.content) > LONGEST_TITLE or not _TELLING.search(heading.content):
        return None
    title = plain_text(heading.content, blocks)
    found = read_heading(title, prefix)
    return None if found is None else (title, found)


def _accepted(headings: Sequence[TopHeading], claims: Sequence[_Claim | None]) -> list[_Claim | None]:
    """Return the claims that hold where they stand: what is weak must not stand deeper, inside the section of a
    release.
    """
    plain = {
        heading.level for heading, claim in zip(headings, claims, strict=True) if claim and claim[1].weight == "plain"
    }
    accepted: list[_Claim | None] = []
    inside: int | None = None
    for heading, claim in zip(headings, claims, strict=True):
        outermost = inside is None or heading.level <= inside
        weight = claim[1].weight if claim else "named"
        holds = outermost or weight == "plain" or (weight == "short" and heading.level in plain and not _titled(claim))
        accepted.append(claim if holds else None)
        if claim is not None and holds:
            inside = None if claim[1].pointer else heading.level
        elif inside is not None and heading.level < inside:
            inside = None
    return accepted


_WORD = re.compile(r"[^\W\d_]{2,}")


def _titled(claim: _Claim | None) -> bool:
    """Return True if words follow a version of two numbers: ``3.12 Support`` is none of the patch releases at its
    level.
    """
    if claim is None or claim[1].version is None or len(claim[1].version.release) > 2:
        return False
    return _WORD.search(claim[0].partition(claim[1].label)[2]) is not None


def _section_end(headings: Sequence[TopHeading], accepted: Sequence[_Claim | None], index: int) -> int:
    """Return the index of the heading that ends the section of the heading at ``index``; past the last where none
    does.
    """
    end = index + 1
    while end < len(headings) and accepted[end] is None and headings[end].level >= headings[index].level:
        end += 1
    return end


def _release(heading: TopHeading, following: TopHeading | None, claim: _Claim, blocks: Blocks, skipped: int) -> Release:
    title, said = claim
    tokens = blocks.tokens[heading.index + 2 : following.index if following else None]
    body = body_lines(blocks, tokens, heading.end)
    return Release(
        version=said.version,
        label=said.label,
        title=title,
        package=said.package,
        date=said.date,
        status=said.status,
        level=heading.level,
        line=heading.first + 1 + skipped,
        body=range(body.start + 1 + skipped, body.stop + 1 + skipped),
        empty=not has_content(tokens),
    )


_LONGEST = 1000
_PATH = re.compile(r"(?<![^\s`'\"(<])[\w@+.-]+(?:[/\\][\w@+. -]+)*\.(?:md|markdown)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")


def redirect_target(text: str) -> str | None:
    """Return the path that ``text`` sends its reader to, relative to its own folder, or None where it is more than
    that.

    That is a text of at most a title and a few lines which hold one link to a Markdown file, or one path of such a
    file: ``See [the changelog](docs/changes.md).``, or ``docs/changes.md``, which is what a symbolic link looks like
    where git could not make one.
    """
    lines = [line for line in text[: _LONGEST + 1].lstrip("\ufeff").splitlines() if line.strip()]
    if len(text) > _LONGEST or len(lines) > 4:
        return None
    linked = {unquote(re.split(r"[?#]", found.href)[0]) for found in destinations(parse_blocks(text))}
    linked = {path for path in linked if path and not _ELSEWHERE.match(path)}
    if not linked:
        linked = {match[0] for line in lines for match in _PATH.finditer(line)}
    if len(linked) != 1:
        return None
    (path,) = linked
    return path.replace("\\", "/") if path.lower().endswith((".md", ".markdown")) else None
