"""Parse PEP 440 versions from tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NewType

from packaging.version import Version

from tagship.errors import Failure

Tag = NewType("Tag", str)
"""A valid tag name, without ``refs/tags/``."""
BAD_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[./-]|/\.|\.lock(/|$)|[./]$|^@$|^$")
"""Names of references that ``git check-ref-format`` rejects, which include all revision expressions."""
VERSION_START = re.compile(r"(?:^|(?<=[-_/.=@]))[vV]?(?=\d)")
"""A place in a tag where its version may begin, with the `v` before it."""


def parse_version(text: str) -> Version | None:
    """Parse ``text`` as a PEP 440 version, or return None."""
    try:
        return Version(text)
    except ValueError:
        # Not only InvalidVersion: Python converts no number of more than 4300 digits.
        return None


def version_of(tag: str, prefix: str) -> Version:
    """Parse the version after ``prefix`` in ``tag``: ``v0.2.0-rc1`` with the prefix ``v`` is ``0.2.0rc1``.

    Raises Failure if the tag lacks the prefix or the rest is not a PEP 440 public version.
    """
    rest = tag.removeprefix(prefix)
    version = parse_version(rest) if tag.startswith(prefix) and rest == rest.strip() else None
    if version is None or (prefix and rest[:1] in "vV"):
        raise Failure.of(
            found=f"Tag {tag!r} is not a version with the prefix {prefix!r}.",
            remedy=_tag_remedy(tag, prefix),
            topic="tag-is-not-a-version",
        )
    if version.local is not None:
        raise Failure.of(
            found=f"Tag {tag!r} has the local version segment +{version.local}, which package indexes reject.",
            remedy=f"Tag the release {prefix}{version.public}.",
            topic="local-version",
        )
    return version


def _tag_remedy(tag: str, prefix: str) -> str:
    """Return the remedy for a ``tag`` without a version, or only without ``prefix``."""
    for start in VERSION_START.finditer(tag):
        if parse_version(tag[start.end() :]):
            own = tag[: start.end()] or "none"
            return f"Tag the release {prefix}{tag[start.end() :]}; or, if this tag is right, set tag-prefix: {own}"
    return (
        f"Tag the release like {prefix}1.2.0 or {prefix}1.2.0-rc1 (PEP 440), "
        "or set tag-prefix to the text before the version; `none` for no prefix."
    )


def tagged_version(tag: str, prefix: str) -> Version | None:
    """Return the version after ``prefix`` in ``tag``, or None."""
    try:
        return version_of(tag, prefix)
    except Failure:
        return None


def is_latest(version: Version, others: Iterable[Version]) -> bool:
    """Return True if ``version`` is final and no final version among ``others`` is higher."""
    return not version.is_prerelease and all(other <= version for other in others if not other.is_prerelease)
