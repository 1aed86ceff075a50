"""Several versions in one heading: ``1.0 - 1.4`` and ``1.2.0 and 1.2.1``."""

from __future__ import annotations

import re

from packaging.version import Version

_LAST = r"\s*v?(?P<last>[0-9]+(?:\.[0-9]+)+)(?![\w.]*\w)"
_RANGE = re.compile(rf"\s*(?:-|\u2013|\u2014|to|through|thru|until|\.\.\.?){_LAST}\W*", re.IGNORECASE)
_LISTED = re.compile(rf"\s*(?:,\s*and\b|,|/|&|\+|and\b){_LAST}", re.IGNORECASE)


def is_range(rest: str) -> bool:
    """Return True if ``rest``, the text after a version, is only the end of a range."""
    return _RANGE.fullmatch(rest) is not None


def is_list(rest: str) -> bool:
    """Return True if ``rest`` is only a list of more versions."""
    left = _LISTED.sub("", rest)
    return left != rest and not re.search(r"\w", left)


def covered_versions(version: Version, rest: str) -> tuple[tuple[Version, Version], ...]:
    """Return the range from ``version`` to the one in ``rest``, or each version listed there as its own range."""
    through = _RANGE.match(rest)
    if through:
        return ((version, Version(through["last"])),)
    listed: list[tuple[Version, Version]] = []
    match = _LISTED.match(rest)
    while match:
        listed.append((Version(match["last"]), Version(match["last"])))
        match = _LISTED.match(rest, match.end())
    return tuple(listed)
