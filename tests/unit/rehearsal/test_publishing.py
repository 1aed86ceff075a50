"""Refusals, told in a sentence."""

from __future__ import annotations

import pytest

from tagship.rehearsal.stages import refusal

PAGE = ["INFO  <pre>Package &#039;a.whl&#039;", "      already exists!</pre>", "ERROR    HTTPError: 400 Bad Request"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(PAGE, "Package 'a.whl' already exists!", id="what the index answered"),
        pytest.param(["Uploading", "ERROR    InvalidDistribution: x", "  is no y"], "InvalidDistribution: x is no y",
                     id="what twine said before it asked"),
        pytest.param([], "twine gave no reason.", id="nothing at all"),
    ],
)  # fmt: skip
def test_finds_the_reason(lines: list[str], expected: str) -> None:
    """The reason is the index's own words where it gave any."""
    assert refusal(lines) == expected
