"""Tags and the versions they carry, by PEP 440."""

from __future__ import annotations

from typing import TYPE_CHECKING, NewType

from packaging.version import InvalidVersion, Version

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

Tag = NewType("Tag", str)
"""The name of a tag, without ``refs/tags/``, that git would accept."""


def parse_version(text: str) -> Version | None:
    """Return the version that the whole of ``text`` spells by PEP 440, or None."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def version_of(tag: str, prefix: str) -> Version:
    """Return the version that ``tag`` carries behind ``prefix``: ``v0.2.0-rc1`` behind ``v`` is ``0.2.0rc1``.

    Raises Failure where the tag lacks the prefix or the rest is no PEP 440 public version.
    """
    rest = tag.removeprefix(prefix)
    version = parse_version(rest) if tag.startswith(prefix) and rest == rest.strip() else None
    if version is None or (prefix and rest[:1] in "vV"):
        raise Failure(
            Problem(
                found=f"The tag {tag!r} is not a version behind the prefix {prefix!r}.",
                remedy=_tagged_otherwise(tag, prefix),
                topic="tag-is-no-version",
            )
        )
    if version.local is not None:
        raise Failure(
            Problem(
                found=f"The tag {tag!r} carries the local version segment +{version.local}, which no index accepts.",
                remedy=f"Tag the release {prefix}{version.public}.",
                topic="local-version",
            )
        )
    return version


def _tagged_otherwise(tag: str, prefix: str) -> str:
    """What to do about a ``tag`` that carries no version behind ``prefix``: it may lack no more than the prefix."""
    if parse_version(tag) is not None:
        own = "v" if tag[:1] in "vV" else "none"
        return f"Tag the release {prefix}{tag.lstrip('vV')}; or, if your tags are like this one, set tag-prefix: {own}"
    return (
        f"Tag the release like {prefix}1.2.0 or {prefix}1.2.0-rc1 (PEP 440), "
        "or set tag-prefix to what stands before the version; none for nothing."
    )


def tagged_version(tag: str, prefix: str) -> Version | None:
    """Return the version that ``tag`` carries behind ``prefix``, or None where it carries none."""
    try:
        return version_of(tag, prefix)
    except Failure:
        return None


def is_prerelease(version: Version) -> bool:
    """Return True if PEP 440 calls the version a pre-release: alpha, beta, release candidate or development release."""
    return version.is_prerelease


def is_latest(version: Version, others: Iterable[Version]) -> bool:
    """Return True if ``version`` is final and no final version among ``others`` is higher."""
    return not version.is_prerelease and all(other <= version for other in others if not other.is_prerelease)
