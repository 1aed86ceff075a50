"""Dates in headings."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

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
