"""Parse a changelog into its releases, in file order, and warnings."""

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
    """Parse the releases in ``text``, which may have none.

    Headings are CommonMark ATX and setext headings of any level, outside lists, quotes, code and HTML. A section ends
    at the next release or at a heading of a higher level. ``heading_prefix`` is the text before the version in headings
    that are not recognized otherwise, or that belong to one of several packages.
    """
    start = front_matter_end(text)
    blocks = parse_blocks(text[start:])
    skipped = len(LINE_END.findall(text, 0, start))
    headings = list(top_headings(blocks))
    accepted = _accepted(headings, [_candidate(heading, blocks, heading_prefix) for heading in headings])
    releases: list[Release] = []
    for index, candidate in enumerate(accepted):
        if candidate is not None and not candidate[1].pointer:
            end = _section_end(headings, accepted, index)
            following = headings[end] if end < len(headings) else None
            releases.append(_release(headings[index], following, candidate, blocks, skipped))
    return Changelog(
        releases=tuple(releases), warnings=remarks(releases, headings, skipped), blocks=blocks, skipped=skipped
    )


_Candidate = tuple[str, "Heading"]
_HINT = re.compile(
    r"\d|x\.[xyz]|next|released|coming|dev|head|main|master|trunk|wip|progress|pending|tb[ad]", re.IGNORECASE
)
"""A string that every release heading contains; other headings need no parsing."""


def _candidate(heading: TopHeading, blocks: Blocks, prefix: str) -> _Candidate | None:
    """Return a heading's plain text and its parsed form, or None if it cannot be a release."""
    if len(heading.content) > LONGEST_TITLE or not _HINT.search(heading.content):
        return None
    title = plain_text(heading.content, blocks)
    found = read_heading(title, prefix)
    return None if found is None else (title, found)


def _accepted(headings: Sequence[TopHeading], candidates: Sequence[_Candidate | None]) -> list[_Candidate | None]:
    """Return the candidates that are releases in their context; weak ones must not be nested in a release."""
    plain = {
        heading.level
        for heading, candidate in zip(headings, candidates, strict=True)
        if candidate and candidate[1].weight == "plain"
    }
    accepted: list[_Candidate | None] = []
    inside: int | None = None
    for heading, candidate in zip(headings, candidates, strict=True):
        outermost = inside is None or heading.level <= inside
        weight = candidate[1].weight if candidate else "named"
        holds = (
            outermost or weight == "plain" or (weight == "short" and heading.level in plain and not _titled(candidate))
        )
        accepted.append(candidate if holds else None)
        if candidate is not None and holds:
            inside = None if candidate[1].pointer else heading.level
        elif inside is not None and heading.level < inside:
            inside = None
    return accepted


_WORD = re.compile(r"[^\W\d_]{2,}")


def _titled(candidate: _Candidate | None) -> bool:
    """Return True if words follow a version of two numbers, as in ``3.12 Support``."""
    if candidate is None or candidate[1].version is None or len(candidate[1].version.release) > 2:
        return False
    return _WORD.search(candidate[0].partition(candidate[1].label)[2]) is not None


def _section_end(headings: Sequence[TopHeading], accepted: Sequence[_Candidate | None], index: int) -> int:
    """Return the index of the heading that ends the section at ``index``, or the number of headings."""
    end = index + 1
    while end < len(headings) and accepted[end] is None and headings[end].level >= headings[index].level:
        end += 1
    return end


def _release(
    heading: TopHeading, following: TopHeading | None, candidate: _Candidate, blocks: Blocks, skipped: int
) -> Release:
    title, parsed = candidate
    tokens = blocks.tokens[heading.index + 2 : following.index if following else None]
    body = body_lines(blocks, tokens, heading.end)
    return Release(
        version=parsed.version,
        label=parsed.label,
        title=title,
        package=parsed.package,
        date=parsed.date,
        status=parsed.status,
        level=heading.level,
        line=heading.first + 1 + skipped,
        body=range(body.start + 1 + skipped, body.stop + 1 + skipped),
        empty=not has_content(tokens),
    )


_LONGEST = 1000
_PATH = re.compile(r"(?<![^\s`'\"(<])[\w@+.-]+(?:[/\\][\w@+. -]+)*\.(?:md|markdown)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")


def redirect_target(text: str) -> str | None:
    """Return the relative path that ``text`` redirects to, or None if it has other content.

    A redirect has at most a title and a few lines with one link to a Markdown file, or one path of such a file:
    ``See [the changelog](docs/changes.md).``, or ``docs/changes.md``, which is how git checks out a symbolic link on a
    file system without them.
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
