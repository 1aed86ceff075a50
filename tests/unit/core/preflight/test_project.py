"""The checks of the project files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from support.uploads import CLASSIFIERS, TODAY
from tagship.core.preflight.project import chosen_pythons, metadata_findings, no_project, project_findings
from tagship.core.project.declaration import Declaration, read_declaration
from tagship.core.project.facts import ProjectFacts

if TYPE_CHECKING:
    from tagship.core.index_rules.rule import Index
    from tagship.core.preflight.check import Check

DECLARED = Declaration(
    file="pyproject.toml",
    name="hello",
    version="1.2",
    requires_python=">=3.11",
    classifiers=("Programming Language :: Python :: 3.11",),
)


@pytest.mark.parametrize(
    ("declaration", "version", "expected"),
    [
        pytest.param(DECLARED, "1.2", [], id="a valid project"),
        pytest.param(DECLARED, "1.2.0", [], id="an equal version (PEP 440)"),
        pytest.param(DECLARED, None, [], id="without a release"),
        pytest.param(replace(DECLARED, version=None), "1.3", [], id="a version from the build"),
        pytest.param(replace(DECLARED, git_plugin="hatch-vcs"), "1.3", [], id="a placeholder"),
        pytest.param(DECLARED, "1.3", [("failed", "version-mismatch")], id="another version"),
        pytest.param(
            replace(DECLARED, version="what"), "1.3", [("failed", "version-mismatch")], id="an invalid version"
        ),
        pytest.param(replace(DECLARED, name=None), "1.2", [], id="a name from the build"),
        pytest.param(
            replace(DECLARED, requires_python=">=3.10,<3.9"),
            "1.2",
            [("failed", "wrong-requires-python")],
            id="specifiers that exclude each other",
        ),
        pytest.param(
            replace(DECLARED, requires_python="==3.11.*", classifiers=()), "1.2", [], id="a single Python version"
        ),
        pytest.param(
            replace(DECLARED, requires_python="3+"),
            "1.2",
            [("failed", "wrong-requires-python")],
            id="invalid specifiers",
        ),
        pytest.param(
            replace(DECLARED, requires_python=">=3.12"),
            "1.2",
            [("warned", "wrong-requires-python")],
            id="an excluded classifier",
        ),
    ],
)
def test_problems_and_contradictions_are_reported(
    declaration: Declaration, version: str | None, expected: list[tuple[str, str]]
) -> None:
    """Problems stop the release, contradictions are warnings, and computed values are not checked."""
    found = project_findings(declaration, Version(version) if version else None)

    assert [(item.outcome, item.problem.topic) for item in found if item.problem] == expected


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        pytest.param('classifiers = ["Private :: Mine"]', 4, "unknown-classifier", id="a private classifier"),
        pytest.param('classifiers = [\n  "Topic :: Old",\n]', 5, "deprecated-classifier", id="an old classifier"),
        pytest.param('dependencies = [\n  "b",\n  "a@https://a.org",\n]', 6, "direct-dependency", id="a URL"),
        pytest.param(
            'optional-dependencies.x = ["a @ git+https://a.org"]', 4, "direct-dependency", id="a URL in an extra"
        ),
        pytest.param('dependencies = ["a >= one"]', 4, "invalid-metadata", id="an invalid requirement"),
        pytest.param('urls = {Home = "example.org"}', 4, "project-url", id="an address without a scheme"),
        pytest.param('[project.urls]\nHome = ""', 5, "project-url", id="an empty address"),
        pytest.param('authors = [{name = "A", email = "not one"}]', 4, "email-address", id="no e-mail address"),
        pytest.param('maintainers = [{email = "a@b_c.org"}]', 4, "email-address", id="a maintainer's address"),
        pytest.param(f'description = "{"x" * 513}"', 4, "long-summary", id="a long summary"),
        pytest.param('license = "Free"', 4, "invalid-metadata", id="no SPDX expression"),
        pytest.param(
            'readme = {text = "x", content-type = "text/html"}', 4, "invalid-metadata", id="an unknown type of README"
        ),
    ],
)
def test_metadata_that_pypi_refuses_stops_the_release_before_the_build(text: str, line: int, rule: str) -> None:
    """The problem has the words that build-dist has, and the line of pyproject.toml."""
    (check,) = declared(f'[project]\nname = "a"\nversion = "1.0"\n{text}\n')

    assert check.outcome == "failed"
    assert check.problem is not None
    assert check.says.startswith("PyPI refuses pyproject.toml: ")
    assert check.says.endswith(f"[{rule}]")
    assert (check.problem.file, check.problem.line) == ("pyproject.toml", line)


def declared(text: str, name: str = "pyproject.toml", index: Index = "pypi") -> list[Check]:
    """Return the checks of the metadata that a project file declares."""
    files = {name: text}
    facts = ProjectFacts(files=files, declaration=read_declaration(files) or Declaration(file=""))
    return metadata_findings(facts, index, classifiers=CLASSIFIERS, today=TODAY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param('[project]\nname = "a"\nversion = "1.0+local"\n', "pyproject.toml", id="a local version"),
        pytest.param("[metadata]\nname = a\nversion = 1.0\nclassifiers = Topic :: Old\n", "setup.cfg", id="setup.cfg"),
        pytest.param("setup(name='a', classifiers=['Private :: x'])", "setup.py", id="literals of setup.py"),
    ],
)
def test_another_index_may_accept_what_pypi_refuses(text: str, name: str) -> None:
    """Every project file is read, and with ``index-rules: none`` only the rules of the formats apply."""
    assert [check.outcome for check in declared(text, name)] == ["failed"]
    assert declared(text, name, "none") == []


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "a"\ndynamic = ["version"]\nrequires-python = "wrong"\n',
        '[project]\nname = "a"\nversion = "1.0"\ndependencies = 1\nurls = 1\nauthors = 1\nlicense = {file = "x"}\n',
        "[project",
        "",
    ],
    ids=["a version from the build", "values of other types", "a syntax error", "an empty file"],
)
def test_metadata_of_the_build_is_not_checked(text: str) -> None:
    """Other checks report syntax errors and requires-python, and the backend reports wrong types."""
    facts = ProjectFacts(files={"pyproject.toml": text}, declaration=Declaration(file="pyproject.toml", name="a"))

    assert metadata_findings(facts, "pypi", classifiers=CLASSIFIERS, today=TODAY) == []


def test_a_computed_name_skips_the_index() -> None:
    """The reason for the skipped check is reported."""
    first = next(iter(project_findings(replace(DECLARED, name=None), None)))

    assert (first.outcome, first.says) == (
        "skipped",
        "pyproject.toml computes the name at build time, so the index is not checked.",
    )


def test_a_missing_project_stops_the_release() -> None:
    """The message contains the folder."""
    assert "'packages/x'" in no_project("packages/x").says


@pytest.mark.parametrize(
    ("words", "declaration", "versions", "said"),
    [
        pytest.param("auto", DECLARED, ["3.11"], "3.11: from the classifiers.", id="classifiers"),
        pytest.param("auto", replace(DECLARED, classifiers=()), None, "requires-python (>=3.11) admits", id="a bound"),
        pytest.param(
            "auto", Declaration(file="setup.py"), None, "because the package declares none", id="no declaration"
        ),
        pytest.param(
            "auto", replace(DECLARED, requires_python="!!"), ["3.11"], "Unknown without", id="invalid specifiers"
        ),
        pytest.param(
            "auto",
            replace(DECLARED, requires_python=">=3.12"),
            [],
            "No Python version satisfies both",
            id="no version left",
        ),
        pytest.param("3.12, 3.13", DECLARED, ["3.12", "3.13"], "3.12, 3.13: set by python-versions.", id="an input"),
        pytest.param(
            "3.9 3.12", DECLARED, ["3.9", "3.12"], "contains 3.9, which requires-python", id="an excluded one"
        ),
        pytest.param("3.x", DECLARED, [], "'3.x' is not a Python version.", id="an invalid version"),
    ],
)
def test_the_source_of_the_python_versions_is_reported(
    words: str, declaration: Declaration, versions: list[str] | None, said: str
) -> None:
    """A surprising test matrix can be traced to its source."""
    chosen, (check,) = chosen_pythons(words, declaration)
    assert versions is None or list(chosen) == versions
    assert said in check.says
