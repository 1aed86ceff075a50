"""Every promise of the security page names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "security.md").read_text("utf-8").partition("\n## Promises and their tests\n")[2]
ROWS = [row.strip("| ").split(" | ") for row in TABLE.partition("\n## ")[0].splitlines() if row.startswith("| ")][2:]
TESTS = {
    node.name
    for path in (ROOT / "tests").rglob("test_*.py")
    for node in ast.parse(path.read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef)
}


def test_the_table_is_found() -> None:
    """The heading and the columns are those that the other test reads."""
    assert len(ROWS) > 15
    assert "docs/security.md#promises-and-their-tests" in (ROOT / "SECURITY.md").read_text("utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: ": ".join(row[:2]))
def test_a_promise_is_held_by_a_test(row: list[str]) -> None:
    """A row has at least one test, and each is a function of this suite."""
    named = re.findall(r"`(test_\w+)`", row[2])
    assert named
    assert [name for name in named if name not in TESTS] == []
