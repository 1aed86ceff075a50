"""The checks of the tag in the checkout: it exists, it is checked out, and its commit is on a release branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.version import Version

from tagship.core.formatting import some
from tagship.core.preflight.check import Check, fine, skipped, stopped, warned
from tagship.core.versions import tagged_version
from tagship.errors import Problem

_FULL_CLONE = "Set `fetch-depth: 0` for actions/checkout"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A checkout. ``head`` and ``tagged`` are commits, or None if they do not exist.

    ``tags`` are all tags, ``merged`` those in the history of the examined commit. ``branches`` maps each release branch
    to True if it contains that commit, and to None if the checkout lacks the branch. ``others`` are the branches that
    contain the tagged commit if no release branch does.
    """

    head: str | None
    tagged: str | None
    shallow: bool
    tags: Sequence[str]
    merged: Sequence[str]
    branches: Mapping[str, bool | None]
    others: Sequence[str] = ()


def no_checkout(folder: str) -> Check:
    """Return the check of a folder that is not a git checkout."""
    return stopped(
        "Checkout",
        Problem(
            found=f"Folder {folder!r} is not in a git checkout.",
            remedy="Run actions/checkout with `fetch-depth: 0` in an earlier step.",
            topic="no-checkout",
        ),
    )


def history_findings(history: History, tag: str, version: Version | None) -> Iterator[Check]:
    """Yield the checks of ``tag``; ``version`` is None if the tag is not a version."""
    yield _depth(history, stopped)
    yield _tag(history, tag, version)
    yield _branch(history, tag)


def untagged_findings(history: History) -> Iterator[Check]:
    """Yield the checks of a run without a tag: a version derived from git is wrong in a shallow clone."""
    yield _depth(history, warned)


def _depth(history: History, reported: Callable[[str, Problem], Check]) -> Check:
    if not history.shallow:
        return fine("History", "The checkout is complete.")
    found = "The checkout is a shallow clone, without history and tags."
    return reported("History", Problem(found=found, remedy=f"{_FULL_CLONE}.", topic="shallow-clone"))


def _tag(history: History, tag: str, version: Version | None) -> Check:
    if history.tagged is None:
        # A tag that is not a version must not be created.
        create = f"Create and push it: git tag {tag} && git push origin {tag}"
        make = f"{create}." if version else "Use one of the tags in git tag --list."
        return stopped(
            "Tag",
            Problem(
                found=f"Tag {tag} is not in this checkout.",
                remedy=f"{make} If it exists on GitHub, fetch it with `fetch-depth: 0`.",
                topic="tag-not-in-checkout",
            ),
        )
    if history.tagged != history.head:
        return stopped(
            "Tag",
            Problem(
                found=f"Tag {tag} points to commit {history.tagged[:12]}, but {str(history.head)[:12]} is checked out.",
                remedy=f"Set `ref: refs/tags/{tag}` for actions/checkout, or run git checkout {tag}",
                topic="tag-not-checked-out",
            ),
        )
    return fine("Tag", f"{tag} points to {history.tagged[:12]}, which is checked out.")


def _branch(history: History, tag: str) -> Check:
    names = ", ".join(history.branches)
    if not history.branches:
        return skipped("Branch", "The default branch is unknown; set the input branch.")
    if history.tagged is None:
        return skipped("Branch", "Unknown without the tag.")
    there = [name for name, merged in history.branches.items() if merged]
    if there:
        return fine("Branch", f"The tagged commit is on {there[0]}.")
    if history.shallow:
        return skipped("Branch", "Unknown in a shallow clone.")
    missing = [name for name, merged in history.branches.items() if merged is None]
    if missing:
        return stopped(
            "Branch",
            Problem(
                found=f"Branch {' and '.join(missing)} is not in this checkout, so it is unknown if it contains {tag}.",
                remedy=f"{_FULL_CLONE}. If releases come from another branch, set it: `branch: main`",
                topic="branch-not-in-checkout",
            ),
        )
    where = f"It is on {some(history.others)}." if history.others else "It is on no branch."
    setting = f", or set its release branch: `branch: {min(history.others, key=len)}`" if history.others else "."
    return stopped(
        "Branch",
        Problem(
            found=f"The commit of tag {tag} is not on {names}. {where}",
            remedy=f"Merge it first and tag the merged commit{setting}",
            topic="tag-not-on-branch",
        ),
    )


def released_versions(tags: Sequence[str], prefix: str) -> dict[Version, str]:
    """Return the versions after ``prefix`` in ``tags``, with their tags.

    If several tags have the same version, the longest counts: ``v1`` is mutable, ``v1.0.0`` is not.
    """
    found = {tag: tagged_version(tag, prefix) for tag in sorted(tags, key=len)}
    return {version: tag for tag, version in found.items() if version is not None}


def previous_tag(version: Version | None, tags: Sequence[str], prefix: str) -> str:
    """Return the tag of the release before ``version`` among ``tags``; for a final version, of the final one before.

    Without a version, return the tag of the highest release. Empty if no release is found.
    """
    released = released_versions(tags, prefix)
    lower = [other for other in released if version is None or other < version]
    finals = [other for other in lower if not other.is_prerelease]
    chosen = max((finals if version is None or not version.is_prerelease else []) or lower, default=None)
    return "" if chosen is None else released[chosen]


def twin_tag(tag: str, version: Version, tags: Sequence[str], prefix: str) -> Check | None:
    """Return a warning if another tag has the same version, like ``v1.2`` and ``v1.2.0``."""
    twins = [other for other in tags if other != tag and tagged_version(other, prefix) == version]
    if not twins:
        return None
    return warned(
        "Version",
        Problem(
            found=f"The tags {tag} and {', '.join(twins)} have the same version {version} (PEP 440).",
            remedy=f"Delete the wrong one: git push --delete origin {twins[0]}. Only one of them can be released.",
            topic="same-version-twice",
        ),
    )
