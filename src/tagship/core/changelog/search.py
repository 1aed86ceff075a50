"""Find the section of a release in a changelog."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.changelog.heading import prefix_name, same_name
from tagship.core.markdown.blocks import LINE_END
from tagship.core.versions import parse_version
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.changelog.document import Changelog, Release


def find_release(changelog: Changelog, wanted: str, *, file: str, package: str = "", preferred: str = "") -> Release:
    """Return the section for the version ``wanted``, which is a tag without its prefix.

    The same spelling wins, then one that differs by a ``v``, then an equal PEP 440 version; ``1.1`` never matches
    ``1.1.10``. With ``package``, which may be the heading prefix of the changelog, only its headings count; else
    headings of the package ``preferred`` and headings without a package come first. ``file`` is the changelog's path,
    for messages.

    Raises Failure if there is no such section or several.
    """
    mine = _of(changelog.releases, package)
    version = parse_version(wanted)
    found = [release for release in mine if _rank(release, wanted, version) < 3]
    found = [one for one in found if not one.package or same_name(one.package, preferred)] or found
    if not found:
        found = _covering(changelog, package, version)
    if not found:
        raise _missing(changelog, mine, wanted, version, file)
    # Of two headings for one version, such as a title and the section itself, only one may have content.
    found = [release for release in found if not release.empty] or found
    deepest = max(release.level for release in found)

    def order(release: Release) -> tuple[bool, bool, int]:
        rank = _rank(release, wanted, version)
        titles = rank == 2 and release.level < deepest  # "# What's new in pkg 1.2" above "## 1.2.0"
        return titles, not same_name(release.package, preferred), rank

    best = min(map(order, found))
    found = [release for release in found if order(release) == best]
    if len(found) > 1:
        raise _several(found, wanted, file)
    return found[0]


def find_unreleased(changelog: Changelog, *, package: str = "") -> Release | None:
    """Return the first section marked as unreleased, or None."""
    return next((release for release in _of(changelog.releases, package) if release.status == "unreleased"), None)


def find_latest(changelog: Changelog, *, package: str = "") -> Release | None:
    """Return the released section with the highest final version, else the highest version, or None."""
    known = [
        release for release in _of(changelog.releases, package) if release.version and release.status != "unreleased"
    ]
    finals = [release for release in known if release.status == "released"]
    return max(finals or known, key=_version, default=None)


def find_previous(changelog: Changelog, release: Release) -> Release | None:
    """Return the next lower release, which for a final version is a final one if possible; or None."""
    if release.version is None:
        return None
    lower = [
        other
        for other in _of(changelog.releases, release.package)
        if other.version and other.version < release.version and other.status in {"released", "prerelease"}
    ]
    finals = [other for other in lower if other.status == "released"]
    return max((finals if not release.version.is_prerelease else []) or lower, key=_version, default=None)


def _of(releases: Iterable[Release], package: str) -> list[Release]:
    name = prefix_name(package)
    return [release for release in releases if not name or same_name(release.package, name)]


def _covering(changelog: Changelog, package: str, version: Version | None) -> list[Release]:
    """Return the sections that ``version`` shares, as sections of that version.

    They are for several versions that include it, or for the final release that it is a post-release of (PEP 440).
    """
    return [
        replace(release, version=version)
        for release in _of((*changelog.releases, *changelog.ranges), package)
        if version is not None
        and (any(low <= version <= high for low, high in release.covers) or _is_post_release(version, release.version))
    ]


def _is_post_release(version: Version, other: Version | None) -> bool:
    return version.post is not None and not version.is_prerelease and other == Version(version.base_version)


def _version(release: Release) -> Version:
    if release.version is None:
        raise ValueError(f"the section at line {release.line} has no version")
    return release.version


def _rank(release: Release, wanted: str, version: Version | None) -> int:
    """Rank the match: 0 same spelling, 1 same but for a ``v``, 2 equal by PEP 440, 3 no match."""
    if release.label == wanted:
        return 0
    if release.label.lower().lstrip("v. ") == wanted.lower().lstrip("v. "):
        return 1
    return 2 if version is not None and release.version == version else 3


def _several(found: Sequence[Release], wanted: str, file: str) -> Failure:
    lines = " and ".join(f"line {release.line} ({release.title!r})" for release in found)
    packages = {release.package for release in found}
    if len(packages) > 1:
        names = " or ".join(sorted(packages))
        return Failure.of(
            found=f"{file} has sections for {wanted} from several packages: {lines}.",
            remedy=f"Set heading-prefix to the package that you release: {names}.",
            topic="shared-changelog",
            file=file,
            line=found[0].line,
        )
    return Failure.of(
        found=f"{file} has {len(found)} sections for {wanted}: {lines}.",
        remedy="Merge them, or correct the version in one of the headings.",
        topic="duplicate-section",
        file=file,
        line=found[1].line,
    )


def _lookalike(changelog: Changelog, wanted: str) -> str:
    """Describe the first line that starts with ``wanted`` but is not a release heading; else an empty string."""
    start = r"^[^\w\n]*(?:(?:h[1-6]|details|summary|strong|b|p)\b[^<>\n]*>[^\w\n]*)*(?:(?:version|release)[^\w\n]*)?v?"
    spelled = re.escape(wanted.lstrip("vV"))
    match = re.search(rf"{start}{spelled}(?![\w.+-]*\w|\]:|\]\(#)", changelog.blocks.text, re.IGNORECASE | re.MULTILINE)
    if match is None:
        return ""
    line = len(LINE_END.findall(changelog.blocks.text, 0, match.start()))
    seen = changelog.blocks.line(line).strip()[:80]
    return f" Line {line + 1} starts with it but is not a heading of one release: {seen!r}."


def _missing(
    changelog: Changelog, releases: Sequence[Release], wanted: str, version: Version | None, file: str
) -> Failure:
    near = _nearest(releases, version)
    nearest = ", ".join(f"{release.label} (line {release.line})" for release in near)
    line = _line_to_add(releases, wanted, underlined=changelog.underlined)
    below = next((other for other in releases if version and other.version and other.version < version), None)
    place = f" above line {below.line}" if below else ""
    coming = next((release for release in releases if release.status == "unreleased"), None)
    instead = f", or rename the section {coming.label!r} (line {coming.line})" if coming else ""
    return Failure.of(
        found=f"{file} has no section for {wanted}. "
        + (f"Nearest: {nearest}." if nearest else "It has no release headings.")
        + _lookalike(changelog, wanted),
        remedy=f"Add the heading {line}{place} with its notes{instead}.",
        topic="missing-section",
        file=file,
        line=below.line if below else None,
    )


def _nearest(releases: Iterable[Release], version: Version | None) -> list[Release]:
    """Return the five releases with the nearest versions, highest first; without ``version``, the first five."""
    known = [release for release in releases if release.version is not None]
    if version is None:
        return known[:5]
    known.sort(key=_version)
    middle = bisect_left(known, version, key=_version)
    first = max(0, min(middle - 2, len(known) - 5))
    return known[first : first + 5][::-1]


def _line_to_add(releases: Iterable[Release], wanted: str, *, underlined: bool) -> str:
    """Return a heading for ``wanted`` in the style of the first release."""
    model = next((release for release in releases if release.version is not None), None)
    if model is None:
        return f"`{wanted}`, underlined with `=====`," if underlined else f"`## {wanted}`"
    lead = model.title.partition(model.label)[0]
    lead = "" if any(character.isdigit() for character in lead) else lead
    letter = model.label[0] if model.label[0] in "vV" else ""
    closing = "]" if lead.endswith("[") else ")" if lead.endswith("(") else ""
    title = f"{lead}{letter}{wanted.lstrip('vV')}{closing}"
    return f"`{title}`, underlined like that of {model.label}," if underlined else f"`{'#' * model.level} {title}`"
