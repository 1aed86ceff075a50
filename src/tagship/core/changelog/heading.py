"""Parse the text of one heading: a release, unreleased changes, a version series, or none of these."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from packaging.version import Version

from tagship.core.changelog.parts import (
    Dated,
    Status,
    covered_versions,
    find_date,
    find_status,
    is_list,
    is_range,
    spelled_version,
    without_status,
)

if TYPE_CHECKING:
    import datetime


Weight = Literal["plain", "short", "named"]
"""Evidence that a heading is a release.

``plain`` is a release at any level. ``short`` (``3.13``, ``2.0.0 The big one``) is a release at a level that has plain
ones. ``named`` (``pkg 1.2.0``, ``Unreleased``, ``0.15.x``) is a release unless it is nested in another one.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A parsed heading. ``label`` is the version as spelled; ``version`` is None if it is not a PEP 440 version.

    A ``pointer`` names several versions (``0.15.x``): it ends a section but is not a release. ``covers`` has the lowest
    and highest version of each range in ``1.0 - 1.4`` or ``1.2.0 and 1.2.1``. A ``titled`` heading has words that are
    neither a date nor a status after the version.
    """

    label: str
    version: Version | None
    weight: Weight
    status: Status
    package: str = ""
    date: datetime.date | None = None
    pointer: bool = False
    covers: tuple[tuple[Version, Version], ...] = ()
    titled: bool = False


def read_heading(text: str, prefix: str = "", project: str = "") -> Heading | None:
    """Parse ``text``, a heading without markup; None if it names neither a version nor unreleased changes.

    A version directly after ``prefix`` needs no further evidence, and the prefix becomes the package name. The name of
    ``project`` can be written in any way before the version: ``My Tool 1.2.0`` is a release of ``my-tool``.
    """
    text = " ".join(_EMOJI.sub(" ", text).split())
    begin = prefix.lstrip("[( ")
    if begin and text.casefold().lstrip("[( ").startswith(begin.casefold()):
        found = _versioned(text.lstrip("[( ")[len(begin) :].lstrip(_SEPARATORS))
        if found is not None:
            return replace(found, package=prefix_name(prefix), weight="plain")
    return _dated_first(text) or _versioned(text) or _upcoming(text) or _between(text) or _named(text, project)


def same_name(one: str, other: str) -> bool:
    """Return True if two package names differ only in case and separators."""
    return re.sub(r"[\W_]+", "", one).casefold() == re.sub(r"[\W_]+", "", other).casefold()


def prefix_name(prefix: str) -> str:
    """Return the package name in a heading prefix such as ``pkg ``, ``pkg@`` or ``[pkg]``."""
    name = prefix.lstrip(" [(").rstrip(_SEPARATORS + "[(")
    unopened = sum(map(name.count, "])")) > sum(map(name.count, "[("))
    return name.rstrip("])") if unopened else name


_SEPARATORS = " @/:=-_\u2010\u2011\u2012\u2013\u2014"
_DECORATION = _SEPARATORS + "[](){}<>*~;,.|!\u00b7\u2022\"'`\u201c\u201d"

_EMOJI = re.compile(r":[a-z][a-z0-9_+-]*:")
_DOTTED = re.compile(r"(?:[0-9]+!)?[0-9]+\.[0-9]")
_POINTER = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:\.[xX*])+")
_EXOTIC = re.compile(r"[0-9]+(?:\.[0-9]+)+[-+._]?[0-9A-Za-z][0-9A-Za-z.+_-]*")
_DATE_LIKE = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{1,2}(?:-.*)?|[0-9]{1,2}\.[0-9]{1,2}\.(?:19|20)[0-9]{2}")
_TAIL_WORD = re.compile(
    r"(?:released?|stable|beta|alpha|final|lts|rc|hot ?fix|pre-?release|series|releases|line|branch)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def _versioned(text: str) -> Heading | None:
    """Parse a heading that starts with a version."""
    spelled = spelled_version(text)
    if spelled is None:
        return None
    number, version, rest = spelled.number, spelled.version, spelled.rest
    dated = find_date(rest)
    status = find_status(rest)
    stated = dated is not None or status is not None
    if _DATE_LIKE.fullmatch(number) or not _follows(rest, stated):
        return None
    found = Heading(
        label=spelled.label,
        version=version,
        weight="named",
        status=status or "released",
        date=dated.date if dated else None,
        covers=covered_versions(version, rest) if version else (),
        titled=_is_titled(rest, dated),
    )
    if _POINTER.fullmatch(number) or (dated is None and is_range(rest)):
        return replace(found, version=None, date=None, pointer=status is None)
    marked = stated or spelled.marked
    whole = stated or not rest.strip(_DECORATION)
    if not _is_version(number, version, marked, whole):
        return None
    parts = len(version.release) if version else 3
    if status is None and (version is None or version.is_prerelease):
        found = replace(found, status="prerelease")
    return replace(found, weight="plain" if whole and (marked or parts > 2) else "short")


def _is_titled(rest: str, dated: Dated | None) -> bool:
    words = f"{rest[: dated.start]} {rest[dated.end :]}" if dated else rest
    return _WORD.search(without_status(words)) is not None


def _is_version(number: str, version: Version | None, marked: bool, whole: bool) -> bool:
    """Return True for versions such as ``1.2``, a lone ``24`` or ``v2``, but not for years or ``2 new features``.

    ``whole`` says that only a date or a status follows.
    """
    if version is None:
        return _EXOTIC.fullmatch(number) is not None and (number.count(".") > 1 or whole)
    if _DOTTED.match(number):
        return True
    year = number.isdecimal() and 1900 <= int(number[:5]) <= 2100
    return (marked or (number.isdecimal() and not year)) and whole


def _follows(rest: str, stated: bool) -> bool:
    """Return True if ``rest`` can follow a version in a heading: ``1.5% faster`` and ``3.10 support`` are prose."""
    if rest[:1] in {"%", "\u00b0"} or rest[:1].isalpha() or rest[:2] in {"'s", "\u2019s"}:
        return False
    words = rest.lstrip(" ])>")
    tail = _TAIL_WORD.match(words) or is_range(rest) or is_list(rest)
    return stated or not words[:1].islower() or bool(tail)


_BEGINS_DATED = re.compile(
    r"[\W_]*(?:(?:19|20)[0-9]{2}[-/]|(?:[0-9]{1,2}(?:st|nd|rd|th)?[\s-]+(?:of\s+)?)?[a-z]{3,9}\.?[\s-]+[0-9])",
    re.IGNORECASE,
)


def _dated_first(text: str) -> Heading | None:
    """Parse a heading that has a date before the version: ``2024-02-19, Version 1.2.0``."""
    dated: Dated | None = find_date(text) if _BEGINS_DATED.match(text) else None
    if dated is None or text[: dated.start].strip(_DECORATION) or not text[dated.end :].strip(_DECORATION):
        return None
    after = text[dated.end :].lstrip(_DECORATION)
    found = _versioned(after) or _named(after, "")
    return None if found is None else replace(found, date=dated.date)


_UPCOMING = re.compile(
    r"[\W_]*(?:(?:version|release)\s+)?(?P<label>un-?released|v?\.?next|upcoming|forthcoming|dev(?:el(?:op)?)?"
    r"|development(?=\s+(?:version|release))|head|main|master|trunk|wip|(?:in|under) development|in progress"
    r"|not (?:yet )?released|pending|tb[ad]|coming soon|to be released|v?x\.(?:x|y)(?:\.(?:x|z))?)\b"
    r"(?:\s+(?:version|release|changes?|release notes|branch)\b)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ANNOUNCING = frozenset({"unreleased", "un-released", "next", "upcoming", "forthcoming", "in development"})
_NAME = r"@?\w(?:[\w.@/+-]*\w)?(?:\[[\w, -]+\])?"
_NAMED_UPCOMING = re.compile(
    rf"(?P<name>{_NAME})[\s:\u2013\u2014-]*[\s\[(](?P<label>un-?released)[\])]?", re.IGNORECASE
)


def _upcoming(text: str) -> Heading | None:
    """Parse a heading of unreleased changes, with or without a version."""
    match = _UPCOMING.match(text)
    if match is None:
        named = _NAMED_UPCOMING.fullmatch(text)
        return named and Heading(
            label=named["label"], version=None, weight="named", status="unreleased", package=named["name"]
        )
    rest = match["rest"]
    coming = _versioned(rest.lstrip(_DECORATION)) if rest else None
    if coming is not None and not coming.pointer and match["label"].lower() in _ANNOUNCING:
        return replace(coming, status="unreleased", weight="named")
    whole = not rest.strip(_DECORATION) or find_date(rest) is not None or find_status(rest) is not None
    if match["label"].lower() != "unreleased" and not whole:
        return None
    return Heading(label=match["label"], version=None, weight="named", status="unreleased")


_BETWEEN = re.compile(
    r"(?:what['\u2019]?s new|changes?|differences?|updates?|news|release notes)\s+(?:between|from)\s+v?[0-9]\S*"
    r"\s+(?:and|to)\s+(?P<later>.*)",
    re.IGNORECASE,
)


def _between(text: str) -> Heading | None:
    """Parse ``Changes between 1.0 and 1.1``, which is the heading of 1.1."""
    match = _BETWEEN.match(text)
    found = _versioned(match["later"]) if match else None
    return found and replace(found, weight="named")


_LATER_VERSION = re.compile(r"(?<![0-9A-Za-z.])v?\.?\s?[0-9]+\.[0-9]", re.IGNORECASE)
_PHRASE = re.compile(
    r"\A(?:what['\u2019]?s new|changes?|change ?log|release notes|notes|news|new|release|version)"
    r"(?:\s+(?:in|for|of))?(?:\s+(?:version|release))?(?:\s+|$)",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    {"after", "before", "for", "from", "in", "post", "pre", "python", "since", "to", "until", "up", "with"}
)


def _named(text: str, project: str) -> Heading | None:
    """Parse a heading with a package name or a phrase such as ``Changes in`` before the version."""
    match = _LATER_VERSION.search(text)
    found = _versioned(text[match.start() :]) if match else None
    if match is None or found is None:
        return None
    name = prefix_name(text[: match.start()])
    name = re.sub(r"\s+(?:version|release|v)$", "", _PHRASE.sub("", name, count=1), flags=re.IGNORECASE)
    alone = not name or (re.fullmatch(_NAME, name) is not None and name.lower() not in _NO_NAME)
    alone = alone or bool(project and same_name(name, project))
    if not alone and (found.date is None or len(name.split()) > 5):
        return None
    return replace(found, package=name, weight="named")
