"""What the changelog says about the release: a section for it, with something in it, that is not marked unreleased."""

from __future__ import annotations

from tagship.core.changelog import find_release, read_changelog
from tagship.core.preflight.finding import Finding, fine, stopped
from tagship.errors import Failure, Problem


def changelog_finding(text: str, wanted: str, *, file: str, heading_prefix: str = "", preferred: str = "") -> Finding:
    """Return True if the changelog ``text`` of the path ``file`` has the notes of the version that ``wanted`` spells.

    ``heading_prefix`` is the package whose headings count, ``preferred`` the one whose headings come first.
    """
    changelog = read_changelog(text, heading_prefix=heading_prefix)
    try:
        section = find_release(changelog, wanted, file=file, package=heading_prefix, preferred=preferred)
    except Failure as failure:
        return stopped("Changelog", failure.problems[0])
    if section.status == "unreleased":
        return stopped(
            "Changelog",
            Problem(
                found=f"{file} marks {section.label} as not released yet: {section.title!r}.",
                remedy="Write the day of the release in its place, commit, and tag that commit.",
                topic="unreleased-section",
                file=file,
                line=section.line,
            ),
        )
    if section.empty:
        return stopped(
            "Changelog",
            Problem(
                found=f"The section {section.title!r} of {file} is empty.",
                remedy="Write what changed under it, commit, and tag that commit.",
                topic="empty-section",
                file=file,
                line=section.line,
            ),
        )
    return fine("Changelog", f"{file} has {section.title!r} in line {section.line}.")
