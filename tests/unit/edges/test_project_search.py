"""The project that a folder belongs to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from tagship.edges.project_search import find_project, project_and_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("file", "start", "expected"),
    [
        pytest.param("pyproject.toml", "src/hello", ".", id="from a folder of the sources"),
        pytest.param("packages/core/setup.py", "packages/core/src", "packages/core", id="from a package of several"),
        pytest.param("packages/core/setup.cfg", "packages/core", "packages/core", id="from the project itself"),
        pytest.param("../pyproject.toml", "src", "src", id="not out of the repository"),
        pytest.param("README.md", "docs", "docs", id="a repository without a project"),
    ],
)
def test_the_closest_parent_with_a_project_file_is_found(tmp_path: Path, file: str, start: str, expected: str) -> None:
    """A command in any folder of a project is one in the project."""
    top = tmp_path / "top"
    (top / ".git").mkdir(parents=True)
    (top / start).mkdir(parents=True)
    (top / file).parent.mkdir(parents=True, exist_ok=True)
    (top / file).touch()
    assert find_project(top / start).resolve() == (top / expected).resolve()


def test_a_package_of_several_is_rehearsed_in_its_repository(tmp_path: Path) -> None:
    """The history and the tags are those of the repository."""
    repository = new_repository(tmp_path / "top", {"packages/core/pyproject.toml": "", "packages/core/src/a.py": ""})
    found = project_and_folder(repository.path / "packages/core/src", os.environ)
    assert found == (repository.path.resolve(), "packages/core")


def test_a_project_that_git_does_not_know_is_its_own_top(tmp_path: Path) -> None:
    """A home folder under version control is not the repository of every project in it."""
    repository = new_repository(tmp_path / "home", {"dotfiles": ""})
    project = repository.path / "code"
    project.mkdir()
    (project / "pyproject.toml").touch()
    assert project_and_folder(project, os.environ) == (project.resolve(), ".")
