"""What pyproject.toml says about name, version and build is read, in every dialect."""

from __future__ import annotations

import pytest

from tagship.core.project.build_system import read_project, requirements_of
from tagship.errors import Failure


def test_a_written_version_has_its_line() -> None:
    """The line is that of the version in its own table, not of any other ``version =``."""
    text = '[tool.other]\nversion = "9"\n\n[project]\nname = "hello"\nversion = "1.2.0"\n'

    project = read_project(text)

    assert (project.name, project.version, project.version_line) == ("hello", "1.2.0", 6)


def test_poetry_keeps_them_in_its_own_table() -> None:
    """Projects from before PEP 621 are read too."""
    project = read_project('[tool.poetry]\nname = "hello"\nversion = "1.2.0"\n')

    assert (project.name, project.version, project.version_line) == ("hello", "1.2.0", 3)


@pytest.mark.parametrize(
    ("text", "plugin"),
    [
        pytest.param('[build-system]\nrequires = ["hatchling", "hatch_vcs>=0.4"]', "hatch-vcs", id="hatch-vcs"),
        pytest.param('[build-system]\nrequires = ["setuptools", "setuptools-scm[toml]"]', "setuptools-scm", id="scm"),
        pytest.param('[tool.pdm.version]\nsource = "scm"', "pdm-backend", id="pdm reads tags by a setting"),
        pytest.param('[project]\nversion = "1.0"\n[tool.pdm.version]\nsource = "scm"', "", id="and pdm reads it first"),
        pytest.param(
            '[project]\nversion = "1.0"\n[build-system]\nrequires = ["setuptools-scm"]', "", id="a written version wins"
        ),
        pytest.param(
            '[tool.poetry]\nname = "hello"\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\nenable = true\n'
            '[build-system]\nrequires = ["poetry-core", "poetry-dynamic-versioning"]',
            "poetry-dynamic-versioning",
            id="a placeholder does not",
        ),
        pytest.param('[build-system]\nrequires = ["flit_core"]', "", id="none"),
    ],
)
def test_the_plugin_that_asks_git_is_found(text: str, plugin: str) -> None:
    """Only where the version comes from git can git be the reason that it is wrong."""
    assert read_project(text).git_plugin == plugin


def test_an_empty_file_declares_nothing() -> None:
    """A project with only a setup.py has no pyproject.toml to read."""
    project = read_project("")

    assert (project.name, project.version, project.has_build_system) == (None, None, False)


@pytest.mark.parametrize("text", ['project = "x"', "[build-system]\nrequires = 3", '[project]\nversion = ["1"]'])
def test_values_of_the_wrong_kind_are_left_to_the_backend(text: str) -> None:
    """The backend explains its own tables better than we could."""
    assert read_project(text).version is None


def test_what_is_no_toml_is_told() -> None:
    """The message has the place."""
    with pytest.raises(Failure, match=r"is not TOML: .*line 2"):
        read_project("[project]\nname = hello\n")


def test_what_is_nested_without_an_end_is_told() -> None:
    """A file made to exhaust its reader is a broken file."""
    with pytest.raises(Failure, match="is not TOML"):
        read_project(f"a = {'[' * 5000}")


def test_groups_bring_what_they_include() -> None:
    """Dependency groups (PEP 735) are resolved through their includes."""
    project = read_project('[dependency-groups]\ntest = ["pytest>=8", {include-group = "lint"}]\nlint = ["ruff"]\n')

    assert requirements_of(project, ["test"]) == ("pytest>=8", "ruff")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="there are no groups"),
        pytest.param('[dependency-groups]\ntest = [{include-group = "test"}]', id="a group includes itself"),
        pytest.param("[dependency-groups]\ntest = [3]", id="an entry is a number"),
        pytest.param('[dependency-groups]\ntest = ["not a requirement!"]', id="an entry is no requirement"),
    ],
)
def test_groups_that_cannot_be_read_are_told(text: str) -> None:
    """The message names the group."""
    with pytest.raises(Failure, match="dependency groups test cannot be read"):
        requirements_of(read_project(text), ["test"])
