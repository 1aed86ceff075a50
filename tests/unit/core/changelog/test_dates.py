"""Dates in headings."""

from __future__ import annotations

import datetime

import pytest

from tagship.core.changelog.parts import find_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-19", (2026, 2, 19)),
        ("(2026-2-9)", (2026, 2, 9)),
        ("2026/02/19", (2026, 2, 19)),
        ("2026.02.19", (2026, 2, 19)),
        ("2026\u201302\u201319", (2026, 2, 19)),
        ("2026-02-19T10:00Z", (2026, 2, 19)),
        ("(6th December, 2024)", (2024, 12, 6)),
        ("6 of December 2024", (2024, 12, 6)),
        ("19-Feb-2026", (2026, 2, 19)),
        ("February 19 2026", (2026, 2, 19)),
        ("Febuary 26 2025", (2025, 2, 26)),
        ("June 21st 2021 [hotfix]", (2021, 6, 21)),
        ("Penny - July 4, 2020", (2020, 7, 4)),
        ("Sept. 3, 2020", (2020, 9, 3)),
        ("19.02.2026", (2026, 2, 19)),
        ("02/19/2026", (2026, 2, 19)),
        ("19/02/2026", (2026, 2, 19)),
        ("2/2/2026", (2026, 2, 2)),
        ("not on 2026-02-31 but on 2026-03-01", (2026, 3, 1)),
    ],
)
def test_every_date_format_is_parsed(text: str, expected: tuple[int, int, int]) -> None:
    """A complete date is found in every supported format."""
    found = find_date(text)
    assert found is not None
    assert found.date == datetime.date(*expected)


@pytest.mark.parametrize("text", ["February 2026", "Dec, 2024", "02/03/2026"])
def test_a_date_without_a_clear_day_is_found_but_not_guessed(text: str) -> None:
    """A missing day, or day and month that could be swapped, give a match without a date."""
    found = find_date(text)
    assert found is not None
    assert found.date is None


@pytest.mark.parametrize("text", ["", "1.2.3", "2026", "version 20260219", "2026-02-31", "10.2026.1.2", "in 30 days"])
def test_other_numbers_are_not_dates(text: str) -> None:
    """Versions, years and impossible days are not dates."""
    assert find_date(text) is None


def test_a_date_has_its_position() -> None:
    """The offsets separate the date from the text around it."""
    found = find_date("1.0 (2026-02-19) yanked")
    assert found is not None
    assert "1.0 (2026-02-19) yanked"[found.start : found.end] == "2026-02-19"
