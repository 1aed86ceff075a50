"""What the checkout says about the tag: is it there, is it what is checked out, is it on a branch of releases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.preflight.finding import Finding, fine, skipped, stopped, warned
from tagship.core.versions import tagged_version
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packaging.version import Version

_FULL_CLONE = "Give the step that checks out, actions/checkout, the line fetch-depth: 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A checkout. ``head`` and ``tagged`` are commits, or None where there is none.

    ``tags`` are all tags, ``merged`` those in the history of the commit that is looked at. ``branches`` says of each
    branch that releases come from whether that commit is on it, and None where the checkout does not have the branch.
    """

    head: str | None
    tagged: str | None
    shallow: bool
    tags: Sequence[str]
    merged: Sequence[str]
    branches: Mapping[str, bool | None]


def no_checkout(folder: str) -> Finding:
    """Return the finding on a folder that is no git checkout."""
    return stopped(
        "Checkout",
        Problem(
            found=f"The folder {folder!r} is not in a git checkout.",
            remedy="Check the repository out in an earlier step: actions/checkout with fetch-depth: 0",
            topic="no-checkout",
        ),
    )


def history_findings(history: History, tag: str, version: Version | None) -> Iterator[Finding]:
    """What the checkout says about ``tag``, which carries ``version``, or None where it carries none."""
    yield _depth(history)
    yield _tag(history, tag, version)
    yield _branch(history, tag, version)


def untagged_findings(history: History) -> Iterator[Finding]:
    """What the checkout says where nothing is released: a shallow one makes versions taken from git wrong."""
    if history.shallow:
        yield warned("History", _shallow())
    else:
        yield fine("History", "The checkout is complete.")


def _depth(history: History) -> Finding:
    return stopped("History", _shallow()) if history.shallow else fine("History", "The checkout is complete.")


def _shallow() -> Problem:
    return Problem(
        found="The checkout is shallow: history and tags were left out when it was cloned.",
        remedy=_FULL_CLONE,
        topic="shallow-clone",
    )


def _tag(history: History, tag: str, version: Version | None) -> Finding:
    if history.tagged is None:
        # What carries no version is not to be tagged.
        make = f"Push it: git tag {tag} && git push origin {tag}." if version else "Name one that is (git tag --list)."
        return stopped(
            "Tag",
            Problem(
                found=f"The tag {tag} is not in this checkout.",
                remedy=f"{make} If it is on GitHub, fetch it: fetch-depth: 0",
                topic="tag-not-in-checkout",
            ),
        )
    if history.tagged != history.head:
        return stopped(
            "Tag",
            Problem(
                found=f"The tag {tag} is on the commit {history.tagged[:12]}, "
                f"but {str(history.head)[:12]} is checked out.",
                remedy=f"Check out what is released: ref: refs/tags/{tag} for actions/checkout, or git checkout {tag}",
                topic="tag-not-checked-out",
            ),
        )
    return fine("Tag", f"{tag} is on {history.tagged[:12]}, which is checked out.")


def _branch(history: History, tag: str, version: Version | None) -> Finding:
    names = ", ".join(history.branches)
    if not history.branches:
        return skipped("Branch", "The default branch is not known here; the input branch names one.")
    if history.tagged is None:
        return skipped("Branch", "Not known without the tag.")
    there = [name for name, merged in history.branches.items() if merged]
    if there:
        return fine("Branch", f"The tagged commit is on {there[0]}.")
    if history.shallow:
        return skipped("Branch", "Not known in a shallow checkout.")
    missing = [name for name, merged in history.branches.items() if merged is None]
    if missing:
        return stopped(
            "Branch",
            Problem(
                found=f"The branch {' and '.join(missing)} is not in this checkout, "
                f"so nobody can tell whether {tag} is on it.",
                remedy=f"{_FULL_CLONE}. If releases come from another branch, name it: branch: main",
                topic="branch-not-in-checkout",
            ),
        )
    line = f"{version.major}.{version.minor}.x" if version else "1.2.x"
    return stopped(
        "Branch",
        Problem(
            found=f"The commit that {tag} names is not on {names}.",
            remedy="Merge it first and tag the merged commit, or name the branch it is released from, "
            f"like branch: {line}",
            topic="tag-not-on-branch",
        ),
    )


def released_versions(tags: Sequence[str], prefix: str) -> dict[Version, str]:
    """Return the versions that ``tags`` carry behind ``prefix``, with their tags.

    Of tags of one version the longest counts: ``v1`` may move, ``v1.0.0`` does not.
    """
    found = {tag: tagged_version(tag, prefix) for tag in sorted(tags, key=len)}
    return {version: tag for tag, version in found.items() if version is not None}


def previous_tag(version: Version | None, tags: Sequence[str], prefix: str) -> str:
    """Return the tag of the release before ``version`` among ``tags``, for a final version of the final one before it.

    Without a version it is that of the highest release; empty where there is none.
    """
    released = released_versions(tags, prefix)
    lower = [other for other in released if version is None or other < version]
    finals = [other for other in lower if not other.is_prerelease]
    chosen = max((finals if version is None or not version.is_prerelease else []) or lower, default=None)
    return "" if chosen is None else released[chosen]


def twin_tag(tag: str, version: Version, tags: Sequence[str], prefix: str) -> Finding | None:
    """Return a warning where another tag carries the same version, as ``v1.2`` and ``v1.2.0`` do."""
    twins = [other for other in tags if other != tag and tagged_version(other, prefix) == version]
    if not twins:
        return None
    return warned(
        "Version",
        Problem(
            found=f"The tags {tag} and {', '.join(twins)} carry the same version, {version} by PEP 440.",
            remedy="If the other one is a mistake, delete it: only one of them can be released.",
            topic="same-version-twice",
        ),
    )
