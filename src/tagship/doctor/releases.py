"""The finding on past releases: the tags whose notes could not be extracted today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tagship.core.preflight.changelog import changelog_finding
from tagship.core.project.changelog_search import ChangelogQuery, find_changelog
from tagship.doctor.finding import Finding
from tagship.edges.changelogs import TaggedFiles
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts
    from tagship.edges.git import Repository


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
