"""The tag prefix of a project, inferred from its tags."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.core.versions import tagged_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packaging.version import Version

_START = re.compile(r"(?:^|(?<=[-_/.=@]))[vV]?(?=\d)")
"""A place in a tag where its version may begin, with the `v` before it."""
_GENERIC = frozenset({"", "rel", "release", "releases", "ver", "version"})


def find_prefix(tags: Iterable[str], tag: str = "", *, name: str, folder: str = ".") -> str:
    """Return the prefix of the highest version among ``tags`` of the package ``name`` in ``folder``.

    If the version in ``tag`` has another prefix, that one counts: a project may have changed it.

    Before the version, a tag may have the package's name or, for a project at the top of its repository, nothing or a
    word like ``release-``, followed by an optional ``v``. Without such a tag the prefix is ``v``, or ``NAME-v`` for a
    package in a folder of a monorepo.
    """
    own = {canonicalize_name(word) for word in (name, folder.strip("."), PurePosixPath(folder).name) if word}
    stems = own | _GENERIC if folder == "." else own
    found = [(version, prefix) for stem, prefix, version in _versions(tags) if stem in stems]
    usual = "v" if folder == "." else f"{canonicalize_name(name or PurePosixPath(folder).name)}-v"
    prefix = max(found)[1] if found else usual
    if tagged_version(tag, prefix):
        return prefix
    return next((own for stem, own, _ in _versions([tag]) if stem in stems), prefix)


def _versions(tags: Iterable[str]) -> Iterator[tuple[str, str, Version]]:
    """Yield the normalised name before the version, the prefix and the version of each tag that ends in a version."""
    for tag in tags:
        for start in _START.finditer(tag):
            prefix = tag[: start.end()]
            if version := tagged_version(tag, prefix):
                yield canonicalize_name(tag[: start.start()].rstrip("-_/.=@")), prefix, version
                break
