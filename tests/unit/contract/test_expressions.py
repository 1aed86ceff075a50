"""Expressions in defaults are evaluated as on a runner."""

from __future__ import annotations

import pytest

from tagship.contract.conversion import expand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("${{ github.ref_name }}", "v1", id="a known name"),
        pytest.param("a-${{github.event.repository.default_branch}}-b", "a-main-b", id="inside other text"),
        pytest.param("${{ github.actor }}", "", id="a name without a value"),
        pytest.param("${{ secrets.X }}", "${{ secrets.X }}", id="another context is unchanged"),
        pytest.param("plain", "plain", id="plain text"),
    ],
)
def test_github_expressions_are_replaced(text: str, expected: str) -> None:
    """Only names after ``github.`` are replaced."""
    assert expand(text, {"ref_name": "v1", "event.repository.default_branch": "main"}) == expected
