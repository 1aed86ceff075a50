"""Upload errors."""

from __future__ import annotations

import pytest

from tagship.rehearsal.stages import upload_error

PAGE = ["INFO  <pre>Package &#039;a.whl&#039;", "      already exists!</pre>", "ERROR    HTTPError: 400 Bad Request"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(PAGE, "Package 'a.whl' already exists!", id="response of the index"),
        pytest.param(["Uploading", "ERROR    InvalidDistribution: x", "  is not y"], "InvalidDistribution: x is not y",
                     id="error before the upload"),
        pytest.param([], "twine printed no error.", id="no output"),
    ],
)  # fmt: skip
def test_finds_the_cause(lines: list[str], expected: str) -> None:
    """The cause is the response of the index, or else the last error of twine."""
    assert upload_error(lines) == expected
