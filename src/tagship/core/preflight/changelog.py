"""The check that the changelog has a section for the release, with content, that is not marked unreleased."""

from __future__ import annotations

from tagship.core.changelog import find_release, read_changelog
from tagship.core.preflight.check import Check, fine, stopped
from tagship.errors import Failure, Problem


def changelog_finding(text: str, wanted: str, *, file: str, heading_prefix: str = "", preferred: str = "") -> Check:
    """Check that the changelog ``text`` of the path ``file`` has the notes of the version ``wanted``.

    ``heading_prefix`` selects the headings of one package, ``preferred`` the package whose headings come first.
    """
    changelog = read_changelog(text, heading_prefix=heading_prefix, project=preferred)
    try:
        section = find_release(changelog, wanted, file=file, package=heading_prefix, preferred=preferred)
    except Failure as failure:
        return stopped("Changelog", failure.problems[0])
    if section.status == "unreleased":
        return stopped(
            "Changelog",
            Problem(
                found=f"{file} marks {section.label} as unreleased: {section.title!r}.",
                remedy="Replace that mark with the release date, commit, and tag that commit.",
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
                remedy="Add the changes to the section, commit, and tag that commit.",
                topic="empty-section",
                file=file,
                line=section.line,
            ),
        )
    return fine("Changelog", f"{file} has the section {section.title!r} at line {section.line}.")
