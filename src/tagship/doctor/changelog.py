"""What the changelog says about the next release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.changelog import Changelog, find_unreleased, read_changelog
from tagship.core.preflight.notes import changelog_finding
from tagship.doctor.finding import Finding, from_preflight, from_problem
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.doctor.facts import Facts


def on_changelog(facts: Facts) -> Iterator[Finding]:
    """Whether the notes of the next release are there, or will be once their heading is written."""
    if facts.changelog is None:
        return
    if isinstance(facts.changelog, Problem):
        yield from_problem(facts.changelog, "blocker")
        return
    path, text = facts.changelog
    if facts.tag:
        wanted = facts.tag.removeprefix(facts.prefix)
        name = facts.declaration.name or ""
        yield from from_preflight(
            [changelog_finding(text, wanted, file=path, heading_prefix=facts.heading_prefix, preferred=name)]
        )
        return
    yield from _ahead(facts, read_changelog(text, heading_prefix=facts.heading_prefix), path)


def _ahead(facts: Facts, changelog: Changelog, path: str) -> Iterator[Finding]:
    """What is to be written before the next tag, whatever that will be."""
    if not changelog.releases:
        heading = f"## {facts.version or '1.2.0'}"
        yield Finding(
            rule="changelog-without-releases",
            level="warning",
            found=f"No heading of {path} names a release.",
            remedy=f"Write a heading over the notes of each release: {heading}",
            file=path,
        )
        return
    newest = max(facts.released, default=None)
    coming = find_unreleased(changelog)
    named = [release for release in changelog.releases if release.version and (not newest or release.version > newest)]
    if any(not release.empty for release in named) or set(facts.released.values()) & set(facts.here):
        return
    if coming and not coming.empty:
        yield _to_name(facts, path, coming.label, coming.line)
        return
    yield Finding(
        rule="no-notes-yet",
        level="warning" if facts.version else "advice",
        found=f"{path} has nothing yet for {facts.version or 'the release that comes next'}.",
        remedy=f"Write what changed under a heading like ## {facts.version or '1.2.0'} before you tag.",
        file=path,
    )


def _to_name(facts: Facts, path: str, label: str, line: int) -> Finding:
    return Finding(
        rule="notes-unreleased",
        level="advice",
        found=f"The notes of the next release stand under {label!r}.",
        remedy=f"Give that heading the version in the commit you tag: ## {facts.version or '1.2.0'}",
        file=path,
        line=line,
    )
