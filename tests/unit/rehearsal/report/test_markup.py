"""HTML elements, and numbers formatted for readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagship.rehearsal.report.markup import Html, count, element, join, seconds, size


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (element("p", "a < b & c"), "<p>a &lt; b &amp; c</p>"),
        (element("p", element("b", "x"), None, ["y", element("i")]), "<p><b>x</b>y<i></i></p>"),
        (element("br"), "<br>"),
        (element("a", "x", href='"><script>', class_="k"), '<a href="&quot;&gt;&lt;script&gt;" class="k">x</a>'),
        (element("details", open=True, hidden=False, title=None), "<details open></details>"),
        (element("meta", http_equiv="x"), '<meta http-equiv="x">'),
    ],
)
def test_renders_elements(made: Html, expected: str) -> None:
    """Text is escaped, markup is kept, and None is dropped."""
    assert made == expected


@given(st.text())
def test_text_never_becomes_markup(text: str) -> None:
    """No text adds an element to the page."""
    made = element("p", text, title=text)
    assert made.count("<") == 2
    assert made.endswith("</p>")


def test_concatenates_children() -> None:
    """Children are concatenated in order."""
    assert join(["<", element("hr"), None]) == "&lt;<hr>"


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
