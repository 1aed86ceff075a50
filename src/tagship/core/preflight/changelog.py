"""The check that the changelog has a section for the release, with content, that is not marked unreleased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tagship.core.preflight.check import Check, fine, stopped, warned
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.changelog.document import Release
    from tagship.core.changelog_text import ChangelogText

OnMissing = Literal["error", "empty", "unreleased", "fragments"]
MISSING = {"missing-section", "empty-section", "tag-without-a-message"}
"""Topics of the problems of a changelog without notes for the version."""


def changelog_finding(
    changelog: ChangelogText,
    wanted: str,
    *,
    heading_prefix: str = "",
    preferred: str = "",
    on_missing: OnMissing = "error",
) -> Check:
    """Check that ``changelog`` has the notes of the version ``wanted``.

    ``heading_prefix`` selects the headings of one package, ``preferred`` the package whose headings come first. Missing
    notes are a warning if ``on_missing`` has a substitute.
    """
    found = _section(changelog, wanted, heading_prefix, preferred)
    replaced = on_missing != "error" and (on_missing != "fragments" or changelog.fragments is not None)
    if found.problem and replaced and found.problem.topic in MISSING:
        return warned("Changelog", found.problem)
    return found


def unreleased_section(file: str, section: Release) -> Problem:
    """Return the problem of the ``section`` of a version that ``file`` marks as unreleased."""
    return Problem(
        found=f"{file} marks {section.label} as unreleased: {section.title!r}.",
        remedy="Replace that mark with the release date, commit, and tag that commit.",
        topic="unreleased-section",
        file=file,
        line=section.line,
    )


def empty_section(file: str, section: Release) -> Problem:
    """Return the problem of a ``section`` of ``file`` without content."""
    return Problem(
        found=f"The section {section.title!r} of {file} is empty.",
        remedy="Add the changes to the section, commit, and tag that commit.",
        topic="empty-section",
        file=file,
        line=section.line,
    )


def _section(changelog: ChangelogText, wanted: str, heading_prefix: str, preferred: str) -> Check:
    file = changelog.path
    try:
        parsed = changelog.parse(heading_prefix=heading_prefix, project=preferred)
        section = parsed.release(wanted, package=heading_prefix, preferred=preferred)
    except Failure as failure:
        return stopped("Changelog", failure.problems[0])
    if section.status == "unreleased":
        return stopped("Changelog", unreleased_section(file, section))
    if section.empty:
        return stopped("Changelog", empty_section(file, section))
    return fine("Changelog", f"{file} has the section {section.title!r} at line {section.line}.")
