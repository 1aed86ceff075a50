"""The name, version and build system in ``pyproject.toml``."""

from __future__ import annotations

import pytest

from tagship.core.project.build_system import read_project
from tagship.errors import Failure


def test_a_written_version_has_its_line() -> None:
    """The line is that of the project's version, not of any other ``version =``."""
    text = '[tool.other]\nversion = "9"\n\n[project]\nname = "hello"\nversion = "1.2.0"\n'

    project = read_project(text)

    assert (project.name, project.version, project.version_line) == ("hello", "1.2.0", 6)


def test_poetry_has_its_own_table() -> None:
    """Projects without PEP 621 metadata are supported."""
    project = read_project('[tool.poetry]\nname = "hello"\nversion = "1.2.0"\n')

    assert (project.name, project.version, project.version_line) == ("hello", "1.2.0", 3)


@pytest.mark.parametrize(
    ("text", "plugin"),
    [
        pytest.param('[build-system]\nrequires = ["hatchling", "hatch_vcs>=0.4"]', "hatch-vcs", id="hatch-vcs"),
        pytest.param('[build-system]\nrequires = ["setuptools", "setuptools-scm[toml]"]', "setuptools-scm", id="scm"),
        pytest.param('[tool.pdm.version]\nsource = "scm"', "pdm-backend", id="a setting of pdm"),
        pytest.param(
            '[project]\nversion = "1.0"\n[tool.pdm.version]\nsource = "scm"', "", id="pdm prefers a written version"
        ),
        pytest.param(
            '[project]\nversion = "1.0"\n[build-system]\nrequires = ["setuptools-scm"]',
            "",
            id="a written version takes precedence",
        ),
        pytest.param(
            '[tool.poetry]\nname = "hello"\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\nenable = true\n'
            '[build-system]\nrequires = ["poetry-core", "poetry-dynamic-versioning"]',
            "poetry-dynamic-versioning",
            id="a placeholder does not take precedence",
        ),
        pytest.param('[build-system]\nrequires = ["flit_core"]', "", id="none"),
    ],
)
def test_the_version_plugin_is_found(text: str, plugin: str) -> None:
    """A plugin is reported only if the version comes from git."""
    assert read_project(text).git_plugin == plugin


def test_an_empty_file_declares_nothing() -> None:
    """A project with only a setup.py has no pyproject.toml."""
    project = read_project("")

    assert (project.name, project.version, project.has_build_system) == (None, None, False)


@pytest.mark.parametrize("text", ['project = "x"', "[build-system]\nrequires = 3", '[project]\nversion = ["1"]'])
def test_values_of_the_wrong_kind_are_left_to_the_backend(text: str) -> None:
    """The build backend reports errors in its tables."""
    assert read_project(text).version is None


def test_invalid_toml_is_reported() -> None:
    """The message contains the line."""
    with pytest.raises(Failure, match=r"is not valid TOML: .*line 2"):
        read_project("[project]\nname = hello\n")


def test_excessive_nesting_is_reported() -> None:
    """A file that exhausts the parser is invalid."""
    with pytest.raises(Failure, match="is not valid TOML"):
        read_project(f"a = {'[' * 5000}")
