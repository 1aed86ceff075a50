"""The findings on the project files and the git history."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from support.workflow_files import told
from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration, read_declaration
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.project import on_history, on_project

BUILD = '[build-system]\nrequires = ["hatchling"]\n'
GIT = '[build-system]\nrequires = ["hatch-vcs"]\n'
GIT += '[project]\nname = "a"\nrequires-python = ">=3.11"\ndynamic = ["version"]\n'


def history(*tags: str, merged: tuple[str, ...] | None = None, **more: Any) -> History:
    """Return a history with tags."""
    given = {"head": "1", "tagged": None, "shallow": False, "branches": {}, **more}
    return History(tags=tags, merged=tags if merged is None else merged, **given)


def facts(text: str | None, *, name: str = "pyproject.toml", **more: Any) -> ProjectFacts:
    """Return the facts of a project with one file."""
    files = {} if text is None else {name: text}
    return ProjectFacts(files=files, declaration=read_declaration(files) or Declaration(file=""), **more)


def project(version: str, extra: str = "") -> str:
    """Return a project with a written version in line 5."""
    return f'{BUILD}[project]\nname = "a"\nversion = "{version}"\nrequires-python = ">=3.11"\n{extra}'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(facts(project("1.0")), [], id="a valid project"),
        pytest.param(facts(None), [("no-project", "error", None)], id="no project"),
        pytest.param(
            facts(project("1.0").removeprefix(BUILD)), [("no-build-system", "warning", None)], id="no build system"
        ),
        pytest.param(
            facts("from setuptools import setup\nsetup(name='a', python_requires='>=3')", name="setup.py"),
            [("no-build-system", "warning", None)],
            id="only setup.py",
        ),
        pytest.param(
            facts(project("1.0").replace('requires-python = ">=3.11"\n', "")),
            [("no-requires-python", "warning", None)],
            id="no requires-python",
        ),
        pytest.param(
            facts(project("1.0").replace(">=3.11", "some")),
            [("wrong-requires-python", "error", 6)],
            id="an invalid requires-python",
        ),
        pytest.param(facts(project("1.0"), tag="v1.0"), [], id="the tag's version"),
        pytest.param(
            facts(project("1.0"), tag="v1.1"), [("version-mismatch", "error", 5)], id="another version than the tag's"
        ),
        pytest.param(facts(project("1.1"), history=history("v1.0")), [], id="the next version"),
        pytest.param(
            facts(project("1.0"), history=history("v1.0")),
            [],
            id="the released version",
        ),
        pytest.param(facts(project("1.0"), history=history("v1.0"), here=("v1.0",)), [], id="just released"),
        pytest.param(
            facts(project("1.0"), history=history("v1.0", "v1.1")),
            [("version-behind-tag", "error", None)],
            id="behind the last tag",
        ),
        pytest.param(
            facts(project("1.1"), history=history("v1.0", "v2.0", merged=("v1.0",))), [], id="on a maintenance branch"
        ),
        pytest.param(facts(project("1.1"), modules={"a.py": '__version__ = "1.1"'}), [], id="an equal literal"),
        pytest.param(
            facts(project("1.1"), modules={"a/__init__.py": 'import b\n__version__: str = "1.0"\n', "src/a/c.py": ""}),
            [("stale-version-literal", "warning", 2)],
            id="another literal in a module",
        ),
        pytest.param(facts(GIT, modules={"a.py": '__version__ = "0"'}), [], id="a literal that the build replaces"),
        pytest.param(facts(GIT, history=history("v1.0")), [], id="from git, with a tag"),
        pytest.param(facts(GIT, history=history()), [("no-version-tag", "warning", None)], id="from git, without tags"),
        pytest.param(facts(GIT, history=history(shallow=True)), [], id="from git, in a shallow clone"),
        pytest.param(facts(GIT, history=history(), tag="v1.0"), [], id="from git, with a new tag"),
        pytest.param(
            facts(f'{GIT}[tool.hatch.version]\nfallback-version = "0"\n', history=history()),
            [],
            id="from git, with a fallback version",
        ),
        pytest.param(
            facts(GIT, history=history("release-1")),
            [("tags-without-versions", "warning", None)],
            id="from git, with other tags",
        ),
    ],
)
def test_problems_of_the_project_files_are_found(
    given: ProjectFacts, expected: list[tuple[str, str, int | None]]
) -> None:
    """Version, build system and Python versions are checked, with the line if known."""
    assert told(on_project(given)) == expected


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        pytest.param("[project]\n", "setuptools.build_meta", id="no tool table"),
        pytest.param("[tool.poetry]\n", "poetry.core.masonry.api", id="the table of Poetry"),
        pytest.param("[tool.flit.module]\n", "flit_core.buildapi", id="the table of Flit"),
        pytest.param("[tool.hatch.build]\n", "hatchling.build", id="the table of Hatch"),
    ],
)
def test_the_suggested_backend_fits_the_project(text: str, backend: str) -> None:
    """The tables in pyproject.toml determine the backend."""
    (finding,) = (one for one in on_project(facts(text)) if one.rule == "no-build-system")
    written = tomllib.loads(finding.remedy.partition("\n")[2])
    assert written["build-system"]["build-backend"] == backend


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("import my_hello", True, id="its package"),
        pytest.param("from my_hello.version import x", True, id="its submodule"),
        pytest.param("import my_hellos", False, id="another package"),
        pytest.param("import os", False, id="no package"),
    ],
)
def test_a_setup_script_that_imports_its_package_needs_its_folder_on_the_path(line: str, *, expected: bool) -> None:
    """A declared backend does not put the folder on sys.path."""
    text = f"{line}\nfrom setuptools import setup\nsetup(name='my-hello', python_requires='>=3')"
    (finding,) = on_project(facts(text, name="setup.py"))
    assert ("sys.path.insert" in finding.remedy) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(ProjectFacts(history=history()), [], id="a full clone"),
        pytest.param(
            ProjectFacts(history=history(shallow=True)), [("shallow-clone", "warning", None)], id="a shallow clone"
        ),
        pytest.param(
            ProjectFacts(history=history(), tag="1.0"), [("tag-is-not-a-version", "error", None)], id="an invalid tag"
        ),
        pytest.param(ProjectFacts(history=history(), tag="v1.0"), [], id="a new tag"),
        pytest.param(
            ProjectFacts(history=history("v1.0", tagged="1"), tag="v1.0"),
            [],
            id="a tag on the checked-out commit",
        ),
        pytest.param(
            ProjectFacts(history=history("v1.0", tagged="2"), tag="v1.0"),
            [("tag-not-checked-out", "error", None)],
            id="a tag on another commit",
        ),
        pytest.param(
            ProjectFacts(history=history("v1.0"), tag="v1.0.0"),
            [("same-version-twice", "warning", None)],
            id="a second tag of a version",
        ),
        pytest.param(
            ProjectFacts(history=history(), uncommitted=("CHANGELOG.md",)),
            [("not-committed", "warning", None)],
            id="an uncommitted changelog",
        ),
        pytest.param(ProjectFacts(), [], id="outside of a clone"),
    ],
)
def test_problems_of_the_tag_and_the_clone_are_found(
    given: ProjectFacts, expected: list[tuple[str, str, int | None]]
) -> None:
    """A tag may be new; an existing tag must be checked out."""
    assert told(on_history(given)) == expected
