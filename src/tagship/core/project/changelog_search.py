"""The rule by which the changelog of a project is found, in a checkout or in the tree of a tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from operator import itemgetter
from posixpath import dirname, join, normpath
from typing import Protocol

from tagship.core.changelog.document import Changelog, section_between
from tagship.core.changelog.reader import is_discontinued, redirect_targets, refers_to_github
from tagship.core.changelog_text import ChangelogText, Fragments
from tagship.core.project.changelog_paths import (
    CONFIGURATION_FILES,
    changelog_paths,
    configured_paths,
    expanded,
    fragment_folders,
    fragments_in,
    version_paths,
)
from tagship.core.versions import parse_version
from tagship.errors import Failure

_MOST_REDIRECTS = 5
_MOST_PAGES = 40
_COMMANDS = {
    "towncrier": "towncrier build --yes --version {}",
    "scriv": "scriv collect --version {}",
    "changie": "changie batch {} && changie merge",
}


class Files(Protocol):
    """The files of a repository. All paths are relative to its top."""

    def paths(self, bases: Sequence[str], /) -> Sequence[str]:
        """Return the paths of the files in the folders ``bases``, and below those of their folders with documents."""
        ...

    def below(self, folder: str) -> Sequence[str]:
        """Return the paths of the files below ``folder``."""
        ...

    def has(self, path: str) -> bool:
        """Return True if ``path`` is a file."""
        ...

    def read(self, path: str) -> ChangelogText:
        """Return the text of the file, with its path behind symbolic links. Raises Failure if it cannot be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogQuery:
    """The changelog to find: at the path ``named``, or with a usual name if that is ``auto``.

    ``version`` is the version to find in it, as spelled in the tag; empty for any. ``inside`` is the project's folder.
    """

    named: str = "auto"
    version: str = ""
    inside: str = "."
    heading_prefix: str = ""
    project: str = ""


class _Rank(IntEnum):
    """The reason to take a page for the changelog, the best one first."""

    SECTION = 0
    EMPTY_SECTION = 1
    RELEASES = 2
    NAME = 3
    PROSE = 4


def find_changelog(files: Files, query: ChangelogQuery) -> ChangelogText:
    """Return the changelog that has the section for the version, else the first one with releases.

    Pages that include or refer to another file are followed. Raises Failure if none is found, or if it cannot
    be read.
    """
    ranked: list[tuple[_Rank, ChangelogText]] = []
    failures: list[Failure] = []
    for path, version in _automatic(files, query) if query.named == "auto" else [_named(files, query)]:
        try:
            for page in _followed(files, replace(files.read(path), version=version), 0):
                rank = _rank(page, query)
                if rank is _Rank.SECTION:
                    return page
                ranked.append((rank, page))
        except Failure as failure:
            failures.append(failure)
    rank, best = min(ranked, key=itemgetter(0), default=(_Rank.PROSE, None))
    if failures and rank >= _Rank.NAME:
        raise failures[0]
    fragments = _fragments(files, query)
    if best is None or rank is _Rank.PROSE:
        best = _unwritten(files, query, fragments, best)
    pages = [page for rank, page in ranked if rank < _Rank.PROSE and page.path != best.path]
    others = tuple(dict.fromkeys(page.path for page in pages))
    return replace(best, others=others, fragments=fragments)


def _rank(page: ChangelogText, query: ChangelogQuery) -> _Rank:
    parsed = page.parse(heading_prefix=query.heading_prefix, project=query.project)
    if not parsed.changelog.releases:
        return _rank_without_releases(page, parsed.changelog, query)
    if not query.version:
        return _Rank.SECTION
    try:
        release = parsed.release(query.version, package=query.heading_prefix, preferred=query.project)
    except Failure as failure:
        if failure.problems[0].topic != "missing-section":
            return _Rank.SECTION  # Several sections for the version are a problem of the right file.
        discontinued = query.named == "auto" and is_discontinued(page.text, parsed.changelog)
        return _Rank.PROSE if discontinued else _Rank.RELEASES
    return _Rank.EMPTY_SECTION if release.empty else _Rank.SECTION


def _rank_without_releases(page: ChangelogText, changelog: Changelog, query: ChangelogQuery) -> _Rank:
    """Return the rank of a file with the name of a changelog: PROSE if it has text, but no misspelled heading.

    A file deep in the documentation may be about another subject in spite of its name.
    """
    if query.named != "auto":
        return _Rank.NAME
    _, empty = section_between(changelog.blocks, None, None)
    begun = empty or (query.version and re.search(rf"(?m)^#.*{re.escape(query.version)}", page.text))
    deep = "/" in page.path.removeprefix(f"{query.inside}/")
    return _Rank.PROSE if deep or not begun or refers_to_github(page.text) else _Rank.NAME


def _unwritten(
    files: Files, query: ChangelogQuery, fragments: Fragments | None, prose: ChangelogText | None
) -> ChangelogText:
    """Return the changelog that ``fragments`` will become. Raises Failure without them; it names ``prose``, if any."""
    if fragments is None:
        cause = f": {prose.path} has no release headings, or refers to the releases on GitHub" if prose else ""
        raise Failure.of(
            found=f"No changelog found in {_searched(query)}{cause}.",
            remedy="Add a CHANGELOG.md with a heading for each release, or set changelog to its path. Without a "
            "changelog, the release has the notes that GitHub generates.",
            topic="no-changelog",
        )
    configured = configured_paths(_configuration(files, query.inside))
    return ChangelogText(path=next(iter(configured), "NEWS.rst"), text="")


def _searched(query: ChangelogQuery) -> str:
    return "the checkout" if query.inside == "." else f"{query.inside} or the top of the checkout"


def _named(files: Files, query: ChangelogQuery) -> tuple[str, str]:
    """Return the path that the query contains, and the version that the file is about, if any. Raises Failure."""
    named = query.named
    if "{" in named and not query.version:
        raise Failure.of(
            found=f"The path {named} depends on the version, which is unknown.",
            remedy="Set a tag, like v1.2.0.",
            topic="changelog-not-found",
        )
    version = parse_version(query.version)
    path = expanded(named, version, query.version)
    for base in (query.inside, "."):
        place = normpath(join(base, path))
        if files.has(place):
            return place, query.version if "{version}" in named else ""
    raise Failure.of(
        found=f"File {path} not found in {_searched(query)}.",
        remedy="Set changelog to the path of the changelog, or remove it to search for the usual names.",
        topic="missing-section" if path != named else "changelog-not-found",
    )


def _automatic(files: Files, query: ChangelogQuery) -> Iterator[tuple[str, str]]:
    """Yield the paths of files that may be the changelog, in order of preference.

    Each comes with the version that the file is about as a whole, or an empty string.
    """
    bases = list(dict.fromkeys((query.inside, ".")))
    paths = files.paths(bases)
    seen: set[str] = set()
    for base in bases:
        configured = [normpath(join(base, path)) for path in configured_paths(_configuration(files, base))]
        usual = changelog_paths(paths, "" if base == "." else f"{base}/", query.project)
        for path in (*filter(files.has, configured), *usual):
            if path not in seen:
                seen.add(path)
                yield path, ""
    version = parse_version(query.version)
    if version is not None:
        exact, minor = version_paths([path for path in paths if path not in seen], version)
        yield from ((path, query.version) for path in exact)
        yield from ((path, "") for path in minor)


def _configuration(files: Files, base: str) -> dict[str, str]:
    paths = {name: normpath(join(base, name)) for name in CONFIGURATION_FILES}
    return {name: files.read(path).text for name, path in paths.items() if files.has(path)}


def _followed(files: Files, page: ChangelogText, depth: int) -> Iterator[ChangelogText]:
    """Yield ``page``, or the pages that it includes or refers to if they exist."""
    targets = redirect_targets(page.text) if not page.version else []
    onward = [path for target in targets[:_MOST_PAGES] if (path := _target(files, page, target))]
    if not onward or page.parse().changelog.releases:
        yield page
        return
    if depth == _MOST_REDIRECTS:
        raise Failure.of(
            found=f"The changelog redirects more than {_MOST_REDIRECTS} times, last to {page.path}.",
            remedy="Set changelog to the path of the file that contains the notes.",
            topic="changelog-not-found",
        )
    for path in onward:
        yield from _followed(files, files.read(path), depth + 1)


def _target(files: Files, page: ChangelogText, target: str) -> str:
    """Return the path of the file that ``page`` includes as ``target``; empty if there is none."""
    places = (join(dirname(page.path), target), target.lstrip("/"))
    return next((path for place in places if files.has(path := normpath(place)) and path != page.path), "")


def _fragments(files: Files, query: ChangelogQuery) -> Fragments | None:
    """Return the fragments that are not built yet, if the version is known and there are some."""
    for base in dict.fromkeys((query.inside, ".")) if query.version else ():
        folders = fragment_folders(_configuration(files, base))
        for folder, tool in folders.items():
            place = normpath(join(base, folder))
            if found := fragments_in(files.below(place), place):
                command = _COMMANDS[tool].format(query.version)
                return Fragments(tool=tool, folder=place, count=len(found), command=command)
    return None
