"""What the project's own files say."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from support.workflow_files import told
from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration, read_declaration
from tagship.doctor.facts import Facts
from tagship.doctor.project import on_history, on_project

BUILD = '[build-system]\nrequires = ["hatchling"]\n'
GIT = '[build-system]\nrequires = ["hatch-vcs"]\n'
GIT += '[project]\nname = "a"\nrequires-python = ">=3.11"\ndynamic = ["version"]\n'


def history(*tags: str, merged: tuple[str, ...] | None = None, **more: Any) -> History:
    """Return a clone with tags."""
    given = {"head": "1", "tagged": None, "shallow": False, "branches": {}, **more}
    return History(tags=tags, merged=tags if merged is None else merged, **given)


def facts(text: str | None, *, name: str = "pyproject.toml", **more: Any) -> Facts:
    """Return the facts of a project of one file."""
    files = {} if text is None else {name: text}
    return Facts(files=files, declaration=read_declaration(files) or Declaration(file=""), **more)


def project(version: str, extra: str = "") -> str:
    """Return a project with a version that is written down, in line 5."""
    return f'{BUILD}[project]\nname = "a"\nversion = "{version}"\nrequires-python = ">=3.11"\n{extra}'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(facts(project("1.0")), [], id="as it should be"),
        pytest.param(facts(None), [("no-project", "blocker", None)], id="no project"),
        pytest.param(
            facts(project("1.0").removeprefix(BUILD)), [("no-build-system", "warning", None)], id="no build system"
        ),
        pytest.param(
            facts("from setuptools import setup\nsetup(name='a', python_requires='>=3')", name="setup.py"),
            [("no-build-system", "warning", None)],
            id="an old project",
        ),
        pytest.param(
            facts(project("1.0").replace('requires-python = ">=3.11"\n', "")),
            [("no-requires-python", "warning", None)],
            id="any Python",
        ),
        pytest.param(
            facts(project("1.0").replace(">=3.11", "some")), [("wrong-requires-python", "blocker", 6)], id="odd Python"
        ),
        pytest.param(
            facts(project("1.0", 'classifiers = [\n  "Private :: x"\n]\n')),
            [("private-classifier", "warning", 8)],
            id="private",
        ),
        pytest.param(facts(project("1.0"), tag="v1.0"), [], id="the tag's version"),
        pytest.param(
            facts(project("1.0"), tag="v1.1"), [("version-mismatch", "blocker", 5)], id="another version than the tag's"
        ),
        pytest.param(facts(project("1.1"), history=history("v1.0")), [], id="the next version"),
        pytest.param(
            facts(project("1.0"), history=history("v1.0")),
            [("version-released", "advice", None)],
            id="the last version",
        ),
        pytest.param(facts(project("1.0"), history=history("v1.0"), here=("v1.0",)), [], id="just released"),
        pytest.param(
            facts(project("1.0"), history=history("v1.0", "v1.1")),
            [("version-behind-tag", "blocker", None)],
            id="behind the last tag",
        ),
        pytest.param(
            facts(project("1.1"), history=history("v1.0", "v2.0", merged=("v1.0",))), [], id="on a maintenance branch"
        ),
        pytest.param(facts(GIT, history=history("v1.0")), [], id="from git, with a tag"),
        pytest.param(facts(GIT, history=history()), [("no-version-tag", "warning", None)], id="from git, without tags"),
        pytest.param(facts(GIT, history=history(shallow=True)), [], id="from git, but nobody can tell"),
        pytest.param(facts(GIT, history=history(), tag="v1.0"), [], id="from git, about to be tagged"),
        pytest.param(
            facts(f'{GIT}[tool.hatch.version]\nfallback-version = "0"\n', history=history()), [], id="with a fallback"
        ),
        pytest.param(
            facts(GIT, history=history("release-1")),
            [("tags-without-versions", "warning", None)],
            id="from git, with other tags",
        ),
    ],
)
def test_what_the_files_lack_is_told(given: Facts, expected: list[tuple[str, str, int | None]]) -> None:
    """Version, build system and Pythons, with the line where there is one."""
    assert told(on_project(given)) == expected


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        pytest.param("[project]\n", "setuptools.build_meta", id="no table"),
        pytest.param("[tool.poetry]\n", "poetry.core.masonry.api", id="Poetry's"),
        pytest.param("[tool.flit.module]\n", "flit_core.buildapi", id="Flit's"),
        pytest.param("[tool.hatch.build]\n", "hatchling.build", id="Hatch's"),
    ],
)
def test_the_backend_that_a_project_means_is_offered(text: str, backend: str) -> None:
    """By the table it has."""
    (finding,) = (one for one in on_project(facts(text)) if one.rule == "no-build-system")
    written = tomllib.loads(finding.remedy.partition("\n")[2])
    assert written["build-system"]["build-backend"] == backend


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param("import my_hello", True, id="its module"),
        pytest.param("from my_hello.version import x", True, id="a part of it"),
        pytest.param("import my_hellos", False, id="another"),
        pytest.param("import os", False, id="none"),
    ],
)
def test_a_setup_script_that_imports_its_package_is_told_how_it_can(line: str, *, told: bool) -> None:
    """Under a declared backend its own folder is not on the path."""
    text = f"{line}\nfrom setuptools import setup\nsetup(name='my-hello', python_requires='>=3')"
    (finding,) = on_project(facts(text, name="setup.py"))
    assert ("sys.path.insert" in finding.remedy) is told


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(Facts(history=history()), [], id="complete"),
        pytest.param(Facts(history=history(shallow=True)), [("shallow-clone", "warning", None)], id="shallow"),
        pytest.param(
            Facts(history=history(), tag="1.0"), [("tag-is-not-a-version", "blocker", None)], id="a wrong tag"
        ),
        pytest.param(Facts(history=history(), tag="v1.0"), [], id="a tag to come"),
        pytest.param(
            Facts(history=history("v1.0", tagged="1"), tag="v1.0"), [], id="a tag on the commit that is checked out"
        ),
        pytest.param(
            Facts(history=history("v1.0", tagged="2"), tag="v1.0"),
            [("tag-not-checked-out", "blocker", None)],
            id="a tag elsewhere",
        ),
        pytest.param(
            Facts(history=history("v1.0"), tag="v1.0.0"), [("same-version-twice", "warning", None)], id="a tag again"
        ),
        pytest.param(
            Facts(history=history(), uncommitted=("CHANGELOG.md",)),
            [("not-committed", "warning", None)],
            id="a changelog that is no part of the release yet",
        ),
        pytest.param(Facts(), [], id="no clone"),
    ],
)
def test_the_tag_and_the_clone_are_looked_at(given: Facts, expected: list[tuple[str, str, int | None]]) -> None:
    """A tag need not exist yet; one that does must be what is checked out."""
    assert told(on_history(given)) == expected
