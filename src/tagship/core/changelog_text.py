"""The text of a changelog in either form, and the section of a release in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tagship.core.changelog.document import Changelog, Release, Remark, plain_text, section_between, top_headings
from tagship.core.changelog.heading import read_heading
from tagship.core.changelog.reader import read_changelog
from tagship.core.changelog.search import find_release
from tagship.core.notes import section_notes
from tagship.core.versions import parse_version
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.restructuredtext.outline import Document
    from tagship.core.sphinx.markup import Roles

_MARKDOWN = (".md", ".markdown")
_RESTRUCTUREDTEXT = (".rst", ".rest")
_DIALECT = re.compile(
    r"\{[A-Za-z][\w:+.-]*\}`|^ *(?:`{3,}|~{3,}|:{3,}) *\{|^ *(?:!!!|\?\?\?\+?) |^ *=== ?\+?!? ?\"|^\([\w.:-]+\)=$"
    r"|\{ ?[:#.][^{}\n]*\}|\{ *\w+=\"[^{}\n]*\}|:(?:material|octicons|fontawesome|simple)-|^ *-+8<-+ |\{\{",
    re.MULTILINE,
)
"""Markup of MyST and Material for MkDocs, whose converter is imported only for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragments:
    """Fragments of a changelog that are not built yet. ``command`` builds them."""

    tool: str
    folder: str
    count: int
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogText:
    """The text of a changelog. ``path`` is relative to the top of the checkout.

    If ``version`` is set, the whole text is about that version. ``others`` are the files that were searched as well.
    """

    path: str
    text: str
    version: str = ""
    others: tuple[str, ...] = ()
    fragments: Fragments | None = None

    def parse(self, *, heading_prefix: str = "", project: str = "") -> ParsedChangelog:
        """Return the releases in the text, in file order."""
        return _parse(self, heading_prefix, project)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedChangelog:
    """A changelog and its releases. ``document`` is the reStructuredText document, or None for Markdown."""

    source: ChangelogText
    changelog: Changelog
    document: Document | None = field(default=None, repr=False)

    def release(self, wanted: str, *, package: str = "", preferred: str = "") -> Release:
        """Return the section for ``wanted``, as `find_release` does. Raises Failure."""
        source = self.source
        try:
            return find_release(self.changelog, wanted, file=source.path, package=package, preferred=preferred)
        except Failure as failure:
            problem = failure.problems[0]
            if problem.topic != "missing-section":
                raise
            searched = f" Also searched: {', '.join(source.others)}." if source.others else ""
            problem = replace(problem, found=problem.found + searched)
            if made := source.fragments:
                waiting = f" Fragments of {made.tool} in {made.folder} that are not built yet: {made.count}."
                remedy = f"Run `{made.command}`, commit the result, and tag that commit."
                problem = replace(problem, found=problem.found + waiting, remedy=remedy)
            raise Failure(problem) from failure

    def notes(
        self, release: Release, project: Callable[[], tuple[Roles, Iterable[str]]]
    ) -> tuple[str, tuple[Remark, ...]]:
        """Return the section of ``release`` as GitHub's Markdown, and what is odd about its markup.

        ``project`` returns the roles of the project, and texts with definitions for every document. It is called only
        for markup that GitHub does not have. reStructuredText needs docutils. Raises Failure if the section cannot be
        converted.
        """
        if self.document is None:
            text = section_notes(self.changelog, release)
            if not _DIALECT.search(text):
                return text, ()
            from tagship.core.markdown.dialects import github_markdown

            converted = github_markdown(text, project()[0])
            return converted.text, tuple(Remark(line=release.line, text=remark) for remark in converted.remarks)
        from tagship.core.restructuredtext.notes import UnreadableError, release_notes

        try:
            roles, extra = project()
            made = release_notes(self.document, release, roles, extra=extra)
        except UnreadableError as error:
            raise Failure.of(
                found=f"The section {release.title!r} of {self.source.path} cannot be converted: {error}.",
                remedy="Simplify the section, or write the notes of this release by hand and set notes-file.",
                topic="unreadable-section",
                file=self.source.path,
                line=release.line,
            ) from error
        return made.text, made.remarks


@lru_cache(maxsize=8)
def _parse(source: ChangelogText, heading_prefix: str, project: str) -> ParsedChangelog:
    document = _document(source, heading_prefix, project)
    changelog = (
        document.changelog if document else read_changelog(source.text, heading_prefix=heading_prefix, project=project)
    )
    if source.version and len({release.version for release in changelog.releases} - {None}) < 2:
        changelog = replace(changelog, releases=(_whole(changelog, source.version),), ranges=(), warnings=())
    return ParsedChangelog(source=source, changelog=changelog, document=document)


def _document(source: ChangelogText, heading_prefix: str, project: str) -> Document | None:
    """Return the text as reStructuredText, or None for Markdown.

    The ending of the name decides, if it is one of a form. In other files, such as ``CHANGES`` or ``NEWS.txt``, the
    headings decide, and for underlined headings, which both forms have, the rest of the markup.
    """
    path = source.path.lower()
    if path.endswith(_MARKDOWN) or not path:
        return None
    # The reader of the other form is not imported for Markdown.
    from tagship.core.restructuredtext.outline import has_more_markdown, read_document

    document = read_document(source.text, heading_prefix=heading_prefix, project=project)
    if path.endswith(_RESTRUCTUREDTEXT):
        return document
    markdown = read_changelog(source.text, heading_prefix=heading_prefix, project=project).releases
    return document if document.changelog.releases and not (markdown and has_more_markdown(source.text)) else None


def _whole(changelog: Changelog, label: str) -> Release:
    """Return the whole text as the section of the version ``label``, below the title at its top.

    A title contains the version, or is the only heading of its level above others.
    """
    blocks = changelog.blocks
    headings = list(top_headings(blocks))
    heading = headings[0] if headings else None
    title = plain_text(heading.content, blocks) if heading else label
    alone = len(headings) > 1 and all(other.level > 1 for other in headings[1:])
    above = any(blocks.line(number).strip() for number in range(heading.first)) if heading else True
    if above or not (label in title or alone):
        heading, title = None, label
    body, empty = section_between(blocks, heading, None)
    version, parsed = parse_version(label), read_heading(title)
    known = parsed if parsed and parsed.version == version else None
    return Release(
        version=version,
        label=label,
        title=title,
        package="",
        date=known.date if known else None,
        status=known.status if known else "prerelease" if version and version.is_prerelease else "released",
        level=heading.level if heading else 1,
        line=(heading.first if heading else 0) + 1,
        body=body,
        empty=empty,
    )
