"""Numbers formatted for readers."""

from __future__ import annotations

import pytest

from tagship.rehearsal.report.formats import count, seconds, size


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.04, "0.0 s"), (14.06, "14.1 s"), (59.94, "59.9 s"), (59.96, "1 min 0 s"), (125, "2 min 5 s")],
)
def test_formats_durations(value: float, expected: str) -> None:
    """Seconds have one decimal; longer durations have minutes."""
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (4643, "4.5 KiB"), (5 << 20, "5.0 MiB"), (3 << 30, "3.0 GiB")],
)
def test_formats_sizes(value: int, expected: str) -> None:
    """Sizes are in the largest fitting unit."""
    assert size(value) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_formats_counts(number: int, expected: str) -> None:
    """A noun is plural unless the number is 1."""
    assert count(number, "file") == expected
