"""The findings on the changelog: the notes of the next release, and of past ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.changelog.search import find_unreleased
from tagship.core.changelog_text import ChangelogText, ParsedChangelog
from tagship.core.preflight.changelog import changelog_finding, unreleased_section
from tagship.core.project.changelog_search import ChangelogQuery, find_changelog
from tagship.doctor.finding import Finding, from_preflight, from_problem
from tagship.edges.changelogs import TaggedFiles
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.changelog.document import Release
    from tagship.core.project.facts import ProjectFacts
    from tagship.edges.git import Repository


def on_changelog(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield the problems with the notes of the next release."""
    if isinstance(facts.changelog, ChangelogText):
        yield from _notes(facts, facts.changelog)
    elif facts.changelog is not None:
        yield from_problem(facts.changelog, "warning" if facts.changelog.topic == "no-changelog" else "error")


def _notes(facts: ProjectFacts, changelog: ChangelogText) -> Iterator[Finding]:
    name, prefix = facts.declaration.name or "", facts.heading_prefix
    if not facts.tag:
        yield from _ahead(facts, changelog.parse(heading_prefix=prefix, project=name))
        return
    wanted = facts.tag.removeprefix(facts.prefix)
    policy = facts.on_missing
    check = changelog_finding(changelog, wanted, heading_prefix=prefix, preferred=name, on_missing=policy)
    yield from from_preflight([check])


def _ahead(facts: ProjectFacts, parsed: ParsedChangelog) -> Iterator[Finding]:
    """Yield what to write before the next tag."""
    changelog, path, whole = parsed.changelog, parsed.source.path, parsed.source.version
    version, newest = facts.version, max(facts.released, default=None)
    if not changelog.releases:
        yield Finding(
            rule="changelog-without-releases",
            found=f"{path} has no heading with a version.",
            remedy=f"Add a heading above the notes of each release: ## {version or '1.2.0'}",
            file=path,
        )
        return
    if version is None or facts.on_missing != "error" or any(tag in facts.here for tag in facts.released.values()):
        return
    named = [release for release in changelog.releases if _is_ahead(release.version, version, newest)]
    written = next((release for release in named if not release.empty), None)
    coming = written or find_unreleased(changelog)
    if coming and not coming.empty and coming.status == "unreleased":
        yield _marked(path, coming, version)
    elif written is None:
        yield Finding(
            rule="no-notes-yet",
            found=f"{path} has no notes for {version}.",
            remedy=f"Add a file for {version} in its folder before you tag."
            if whole
            else f"Add the changes under a heading like ## {version} before you tag.",
            file=path,
        )


def _is_ahead(version: Version | None, coming: Version | None, newest: Version | None) -> bool:
    """Return True if ``version`` may be the next: the files contain ``coming``, and the last tag is ``newest``."""
    if version is None:
        return False
    if newest is None:
        return coming is None or version >= coming
    return version == coming or version > newest


def _marked(path: str, release: Release, version: Version) -> Finding:
    """Return the finding on the notes of ``version`` in a section that is marked unreleased."""
    if release.version:
        return from_problem(unreleased_section(path, release), "warning")
    return Finding(
        rule="notes-unreleased",
        found=f"The notes of the next release are under the heading {release.title!r}.",
        remedy=f"In the commit you tag, rename the heading to ## {version}",
        file=path,
        line=release.line,
    )


def on_releases(facts: ProjectFacts, repository: Repository, count: int, changelog: str) -> Iterator[Finding]:
    """Yield a finding on those of the last ``count`` releases whose changelog, as tagged, lacks their section."""
    tags = [tag for _, tag in sorted(facts.released.items(), reverse=True)][:count]
    failed = {tag: reason for tag in tags if (reason := _reason(facts, repository, tag, changelog))}
    if not failed:
        return
    lines = "".join(f"\n{tag}: {reason}" for tag, reason in failed.items())
    yield Finding(
        rule="releases-without-notes",
        level="note",
        found=f"{len(failed)} of the last {len(tags)} releases would have no notes of their own:{lines}",
        remedy="If they have the same cause, correct the headings of the changelog, or set changelog in the workflow.",
    )


def _reason(facts: ProjectFacts, repository: Repository, tag: str, changelog: str) -> str:
    """Return the reason why the notes of ``tag`` could not be extracted; empty if they can be."""
    project = facts.declaration.name or ""
    query = ChangelogQuery(
        named=changelog,
        version=tag.removeprefix(facts.prefix),
        inside=facts.folder,
        heading_prefix=facts.heading_prefix,
        project=project,
    )
    try:
        file = find_changelog(TaggedFiles(repository=repository, tag=tag), query)
    except Failure as failure:
        return failure.problems[0].found
    check = changelog_finding(file, query.version, heading_prefix=facts.heading_prefix, preferred=project)
    return check.problem.found if check.problem else ""
