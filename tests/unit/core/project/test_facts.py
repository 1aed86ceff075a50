"""The values derived from the facts of a project."""

from __future__ import annotations

import pytest
from packaging.version import Version

from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration, read_declaration
from tagship.core.project.facts import ProjectFacts


def history(*tags: str) -> History:
    """Return a history that contains all tags."""
    return History(head="1", tagged=None, shallow=False, tags=tags, merged=tags, branches={})


@pytest.mark.parametrize(
    ("facts", "version"),
    [
        pytest.param(ProjectFacts(tag="v1.2.0"), "1.2.0", id="the version of the tag"),
        pytest.param(ProjectFacts(tag="hello"), None, id="a tag without a version"),
        pytest.param(
            ProjectFacts(declaration=Declaration(file="x", version="1.0")), "1.0", id="the version in the file"
        ),
        pytest.param(
            ProjectFacts(declaration=Declaration(file="x", version="1.0"), history=history("v1.0.0")),
            None,
            id="a released version",
        ),
        pytest.param(
            ProjectFacts(declaration=Declaration(file="x", version="1.0", git_plugin="hatch-vcs")),
            None,
            id="a version from git",
        ),
        pytest.param(ProjectFacts(declaration=Declaration(file="x", version="today")), None, id="an invalid version"),
    ],
)
def test_the_next_version_is_unreleased(facts: ProjectFacts, version: str | None) -> None:
    """It comes from the tag, or from a project file if it is not released."""
    assert facts.version == (Version(version) if version else None)


def test_paths_are_relative_to_the_top_of_the_checkout() -> None:
    """A project file has the folder of the project in its path."""
    assert ProjectFacts().path("setup.py") == "setup.py"
    assert ProjectFacts(folder="packages/a").path("setup.py") == "packages/a/setup.py"


def test_the_tools_of_a_project_are_facts() -> None:
    """Build backend and compiled code come from the project files."""
    text = '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
    files = {"pyproject.toml": text}
    facts = ProjectFacts(files=files, declaration=read_declaration(files) or Declaration())
    assert (facts.declaration.backend, facts.is_compiled) == ("maturin", True)


def test_the_workflows_that_publish_are_known() -> None:
    """Files that are not workflows and workflows without a part in publishing are left out."""
    publish = "on: push\njobs: {a: {steps: [{uses: pypa/gh-action-pypi-publish@release/v1}]}}\n"
    facts = ProjectFacts(workflows={"b.yml": publish, "a.yml": "on: push\njobs: {}\n", "c.yml": "["})
    assert facts.publishing_workflows == ("b.yml",)


def test_the_releases_are_computed_once() -> None:
    """A project may have thousands of tags."""
    facts = ProjectFacts(history=history("v1.0"))
    assert facts.released is facts.released
