"""What the changelog says about the next release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.changelog import Changelog, find_unreleased, read_changelog
from tagship.core.preflight.changelog import changelog_finding
from tagship.doctor.finding import Finding, from_preflight, from_problem
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.version import Version

    from tagship.core.changelog import Release
    from tagship.doctor.facts import Facts


def on_changelog(facts: Facts) -> Iterator[Finding]:
    """Return True if the notes of the next release are there, or will be once their heading is written."""
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
    named = [release for release in changelog.releases if _is_ahead(release.version, facts.version, newest)]
    written = next((release for release in named if not release.empty), None)
    coming = written or find_unreleased(changelog)
    if set(facts.released.values()) & set(facts.here):
        return
    if coming and not coming.empty and coming.status == "unreleased":
        yield _to_name(facts, path, coming, newest)
    elif written is None:
        yield Finding(
            rule="no-notes-yet",
            level="warning" if facts.version else "advice",
            found=f"{path} has nothing yet for {facts.version or 'the release that comes next'}.",
            remedy=f"Write what changed under a heading like ## {_example(facts, newest)} before you tag.",
            file=path,
        )


def _is_ahead(version: Version | None, coming: Version | None, newest: Version | None) -> bool:
    """Return True if ``version`` may be the next one, where the files say ``coming`` and ``newest`` was tagged last."""
    if version is None:
        return False
    if newest is None:
        return coming is None or version >= coming
    return version == coming or version > newest


def _example(facts: Facts, newest: Version | None) -> str:
    """Return the version to write over the next notes: what the files say, else one after the ``newest`` release."""
    if facts.version or newest is None:
        return str(facts.version or "1.2.0")
    *leading, last = newest.release
    return newest.base_version if newest.is_prerelease else ".".join(map(str, [*leading, last + 1]))


def _to_name(facts: Facts, path: str, release: Release, newest: Version | None) -> Finding:
    title, version = release.title, release.version
    return Finding(
        rule="notes-unreleased",
        level="advice",
        found=f"The notes of the next release stand under {title!r}.",
        remedy="In the commit you tag, write the day of the release in place of what says that it is not released."
        if version
        else f"Give that heading the version in the commit you tag: ## {_example(facts, newest)}",
        file=path,
        line=release.line,
    )
