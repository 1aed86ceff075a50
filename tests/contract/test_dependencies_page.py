"""Every dependency has its reason on the page, and every reason has its dependency."""

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
    """Return the dependencies of the package: the full tier, and the libraries of ``tagship rehearse``."""
    return {canonicalize_name(Requirement(item).name) for item in project()["project"]["dependencies"]}


def test_every_runtime_dependency_has_its_row() -> None:
    """The rows of the table and the dependencies are the same set."""
    assert set(rows("At run time")) == runtime()


def test_every_tool_of_the_tests_has_its_row() -> None:
    """The rows of the table and the dependencies are the same set."""
    assert set(rows("For tests and checks")) == {*direct("dev"), *direct("audit"), *direct("fuzz")} - runtime()


@pytest.mark.parametrize("heading", ["At run time", "For tests and checks"])
def test_every_row_has_a_purpose_and_a_reason(heading: str) -> None:
    """Both cells contain a phrase."""
    assert {
        name: len(cells) for name, cells in rows(heading).items() if len(cells) != 2 or min(map(len, cells)) < 15
    } == {}


def test_the_package_requires_the_libraries_of_the_tiers() -> None:
    """A local installation has every library of a runner, with the same bounds."""
    required = {str(canonicalize_name(Requirement(item).name)): item for item in project()["project"]["dependencies"]}
    for name, requirement in direct("full").items():
        assert Requirement(required[name]) == requirement
