"""Poetry's constraints and dependencies."""

from __future__ import annotations

from typing import Any

import pytest
from packaging.requirements import Requirement

from tagship.core.project.poetry import poetry_requirements, poetry_specifiers


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("^3.9", ">=3.9,<4"),
        ("^3.9.1", ">=3.9.1,<4"),
        ("^0.2", ">=0.2,<0.3"),
        ("~3.9", ">=3.9,<3.10"),
        ("~3", ">=3,<4"),
        (">=3.9,<3.13", ">=3.9,<3.13"),
        ("3.11", "==3.11.*"),
        ("~=3.9", "~=3.9"),
        (">=1.0 <2.0", ">=1.0,<2.0"),
        ("^19.10b0", ">=19.10b0,<20"),
        ("1.2.*", "==1.2.*"),
        ("1.2.3", "==1.2.3"),
        ("*", None),
        ("^3.9 || ^4.0", None),
        (None, None),
    ],
)
def test_poetrys_constraints_are_translated(constraint: str | None, expected: str | None) -> None:
    """Carets and tildes become PEP 440 bounds."""
    assert poetry_specifiers(constraint) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("*", "toolz", id="any version"),
        pytest.param("^1.2", "toolz>=1.2,<2", id="a caret"),
        pytest.param({"version": "1.2.3", "extras": ["x", "y"]}, "toolz[x,y]==1.2.3", id="extras"),
        pytest.param(
            {"version": "*", "python": ">=3.8,<3.11"},
            "toolz ; python_full_version >= '3.8' and python_full_version < '3.11'",
            id="Pythons",
        ),
        pytest.param(
            {"version": "*", "platform": "linux", "markers": "os_name == 'x' or os_name == 'y'"},
            "toolz ; (os_name == 'x' or os_name == 'y') and sys_platform == 'linux'",
            id="a platform and markers",
        ),
        pytest.param({"git": "https://e.com/t.git", "tag": "v1"}, "toolz @ git+https://e.com/t.git@v1", id="git"),
        pytest.param({"url": "https://e.com/t.whl"}, "toolz @ https://e.com/t.whl", id="a URL"),
        pytest.param("^1 || ^2", "toolz", id="a union"),
    ],
)
def test_dependencies_become_requirements(value: Any, expected: str) -> None:
    """Each form of a dependency becomes the requirement with the same meaning."""
    (found,) = poetry_requirements({"python": "^3.9", "toolz": value})

    assert Requirement(found) == Requirement(expected)


def test_a_dependency_has_one_requirement_for_each_environment() -> None:
    """A list has constraints for several environments."""
    found = poetry_requirements({"a": [{"version": "1.0.0", "python": "<3.9"}, {"version": "2.0.0"}]})

    assert list(found) == ["a ==1.0.0 ; python_full_version <'3.9'", "a ==2.0.0"]


def test_a_dependency_in_a_folder_is_a_path() -> None:
    """A path cannot be mistaken for an option of the installer."""
    assert list(poetry_requirements({"a": {"path": "--index-url=x"}})) == ["./--index-url=x"]
