"""Every dependency has its reason on the page, and no reason outlives its dependency."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.dependencies import ROOT, direct, project

PAGE = (ROOT / "docs" / "dependencies.md").read_text("utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """Return the cells of each row in the table below ``heading``, by the normalised name in its first cell."""
    section = re.split(r"(?m)^## ", PAGE.split(f"## {heading}\n", 1)[1])[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if line[:1] == "|"
    ]
    return {canonicalize_name(row[0].strip("| `")): row[1:] for row in cells[2:]}


def runtime() -> set[str]:
    """What is installed with the package: the same as the full tier, and what only the rehearsal needs."""
    return {canonicalize_name(Requirement(item).name) for item in project()["project"]["dependencies"]}


def test_every_runtime_dependency_has_its_row() -> None:
    """A dependency without a reason does not come in, a row without a dependency goes."""
    assert set(rows("At run time")) == runtime()


def test_every_tool_of_the_tests_has_its_row() -> None:
    """A dependency without a reason does not come in, a row without a dependency goes."""
    assert set(rows("For tests and checks")) == {*direct("dev"), *direct("fuzz")} - runtime()


@pytest.mark.parametrize("heading", ["At run time", "For tests and checks"])
def test_every_row_says_what_for_and_why_not_our_own(heading: str) -> None:
    """Both cells hold a sentence."""
    assert {
        name: len(cells) for name, cells in rows(heading).items() if len(cells) != 2 or min(map(len, cells)) < 15
    } == {}


def test_the_package_asks_for_what_the_tiers_ask_for() -> None:
    """Local use has every library that a runner has, in the same bounds."""
    asked = {str(canonicalize_name(Requirement(item).name)): item for item in project()["project"]["dependencies"]}
    for name, requirement in direct("full").items():
        assert Requirement(asked[name]) == requirement
