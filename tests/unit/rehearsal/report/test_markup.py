"""Markup made of values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagship.rehearsal.report.markup import Html, element, join


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
def test_makes_elements(made: Html, expected: str) -> None:
    """Text is escaped, markup stands, nothing is nothing."""
    assert made == expected


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever a text holds, the page has no element but ours."""
    made = element("p", text, title=text)
    assert made.count("<") == 2
    assert made.endswith("</p>")


def test_joins() -> None:
    """Children stand one after the other."""
    assert join(["<", element("hr"), None]) == "&lt;<hr>"
