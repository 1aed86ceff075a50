"""The parts of a heading: its version, several versions, its date and its status."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from packaging.version import Version

from tagship.core.versions import parse_version

Status = Literal["released", "prerelease", "unreleased", "yanked"]

_YANKED = re.compile(r"\b(?:yanked|withdrawn|retracted|recalled)\b", re.IGNORECASE)
_UNRELEASED = re.compile(
    r"\b(?:un-?released|not (?:yet )?released|(?:in|under) (?:development|progress)|upcoming|forthcoming|wip|tb[adc]"
    r"|to be (?:released|announced|determined|decided))\b"
    r"|[\[(]\s*(?:next|dev|pending|development|draft|planned|future)\s*[\])]"
    r"|\b(?:yyyy|xxxx|(?:19|20)(?:[0-9]{2}|xx))[-/.](?:mm|xx|\?\?)\b",
    re.IGNORECASE,
)
_RELEASED = re.compile(r"\breleased?(?: on)?\b", re.IGNORECASE)


def find_status(text: str) -> Status | None:
    """Return the status that ``text`` states, or None."""
    if _YANKED.search(text):
        return "yanked"
    return "unreleased" if _UNRELEASED.search(text) else None


def without_status(text: str) -> str:
    """Remove the words of a status from ``text``."""
    return _RELEASED.sub("", _UNRELEASED.sub("", _YANKED.sub("", text)))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The first three letters identify a month, so abbreviations and misspellings match too.
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"

_DATE = re.compile(
    "|".join(
        re.sub(r"\?P<(\w+)>", rf"?P<\1_{index}>", pattern)
        for index, pattern in enumerate(
            (
                rf"(?<![\d.]){_YEAR}[-/.\u2010-\u2014](?P<month>\d\d?)[-/.\u2010-\u2014](?P<day>\d\d?)(?![\d.]*\d)",
                rf"(?<![\w.]){_DAY}[\s.-]*(?:of\s+)?\b{_MONTH},?[\s-]*{_YEAR}\b",
                rf"\b{_MONTH}[\s-]*{_DAY}\b,?\s*{_YEAR}\b",
                rf"(?<![\d.])(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{_YEAR}\b",
                rf"(?<![\d/])(?P<left>\d\d?)/(?P<right>\d\d?)/{_YEAR}\b",
                rf"\b{_MONTH},?\s+{_YEAR}\b",
            )
        )
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date found in a text, from ``start`` to ``end``. ``date`` is None if the day is missing or ambiguous."""

    start: int
    end: int
    date: datetime.date | None


def find_date(text: str) -> Dated | None:
    """Return the first date in ``text``, or None.

    Formats: 2024-02-19 (also with slashes, dots or dashes), 19 February 2024, 19th of Feb, 2024, February 19th 2024,
    19.2.2024, 02/19/2024 if only one reading is a date, and February 2024, which has no day.
    """
    for match in _DATE.finditer(text):
        parts = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value is not None}
        possible = _readings(parts)
        if possible or "day" not in parts:
            date = possible[0] if len(possible) == 1 else None
            return Dated(start=match.start(), end=match.end(), date=date)
    return None


def _readings(parts: dict[str, str]) -> list[datetime.date]:
    """Return the possible dates: two if day and month can be swapped."""
    year = int(parts["year"])
    if "left" in parts:
        left, right = int(parts["left"]), int(parts["right"])
        pairs = {(left, right), (right, left)}
    elif "day" in parts:
        month = parts["month"]
        pairs = {(int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1, int(parts["day"]))}
    else:
        return []
    return [date for month, day in sorted(pairs) if (date := _date(year, month, day))]


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


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


_NUMBER = (
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*\.[0-9]+,[0-9]+(?=\s*$)|[0-9]+\.[0-9]+,[0-9]+(?=\s*$)|[0-9][0-9A-Za-z.+_!*-]*)"
)
_VERSIONED = re.compile(
    r"[\W_]*(?P<word>(?:version|ver|release|rel|tag|milestone)\b[\s.:#_-]*)?"
    rf"(?P<label>(?P<v>v\.?\s?)?{_NUMBER})(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_GLUED_DATE = re.compile(r"[-_](?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}$")
_GLUED_RANGE = re.compile(r"-v?[0-9]+(?:\.[0-9]+)+$")
_SPACED = re.compile(
    r"[\s()\[\]_-]+(?P<word>alpha|beta|rc|release candidate|pre(?:-?release|view)?|dev)[\s._#-]*(?P<count>[0-9]{1,3})"
    r"(?![\w./-]*[\w])[)\]]?",
    re.IGNORECASE,
)
_SEGMENTS = {"a": "a", "b": "b", "r": "rc", "p": "rc", "d": ".dev"}


class Spelled(NamedTuple):
    """A version as a heading spells it, and the ``rest`` of the heading after it.

    ``label`` includes a ``v`` and a pre-release in words, ``number`` does not. A ``marked`` version has a ``v``, a word
    such as ``release`` or a bracket before it.
    """

    number: str
    label: str
    version: Version | None
    rest: str
    marked: bool


def spelled_version(text: str) -> Spelled | None:
    """Split the version from the start of ``text``, or return None."""
    match = _VERSIONED.match(text)
    if match is None:
        return None
    number, rest = match["number"], match["rest"]
    glued = _GLUED_DATE.search(number) or (None if parse_version(number) else _GLUED_RANGE.search(number))
    if glued:
        number, rest = number[: glued.start()], f"{number[glued.start() :]}{rest}"
    number = number.rstrip(".-_+!")
    label = f"{match['v'] or ''}{number}"
    version = parse_version(number.replace(",", "."))
    spaced = _SPACED.match(rest)
    if spaced and version and version.public == version.base_version:
        version = parse_version(f"{version}{_SEGMENTS[spaced['word'][0].lower()]}{spaced['count']}")
        label, rest = label + re.sub(r"[()\[\]]", "", spaced[0]), rest[spaced.end() :]
    marked = bool(match["word"] or match["v"]) or text[: match.start("label")].endswith(("[", "("))
    return Spelled(number=number, label=label, version=version, rest=rest, marked=marked)
