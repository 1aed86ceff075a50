"""The checks of the project files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from packaging.version import Version

from tagship.core.preflight.project import no_project, project_findings, pythons_finding
from tagship.core.project.declaration import Declaration

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
        pytest.param(replace(DECLARED, versioned_by_git=True), "1.3", [], id="a placeholder"),
        pytest.param(DECLARED, "1.3", [("problem", "version-mismatch")], id="another version"),
        pytest.param(
            replace(DECLARED, version="what"), "1.3", [("problem", "version-mismatch")], id="an invalid version"
        ),
        pytest.param(replace(DECLARED, name=None), "1.2", [], id="a name from the build"),
        pytest.param(
            replace(DECLARED, requires_python=">=3.10,<3.9"),
            "1.2",
            [("problem", "wrong-requires-python")],
            id="specifiers that exclude each other",
        ),
        pytest.param(
            replace(DECLARED, requires_python="==3.11.*", classifiers=()), "1.2", [], id="a single Python version"
        ),
        pytest.param(
            replace(DECLARED, requires_python="3+"),
            "1.2",
            [("problem", "wrong-requires-python")],
            id="invalid specifiers",
        ),
        pytest.param(
            replace(DECLARED, requires_python=">=3.12"),
            "1.2",
            [("warning", "wrong-requires-python")],
            id="an excluded classifier",
        ),
        pytest.param(
            replace(DECLARED, classifiers=("Private :: Do Not Upload",)),
            "1.2",
            [("warning", "private-classifier")],
            id="a private package",
        ),
    ],
)
def test_problems_and_contradictions_are_reported(
    declaration: Declaration, version: str | None, expected: list[tuple[str, str]]
) -> None:
    """Problems stop the release, contradictions are warnings, and computed values are not checked."""
    found = project_findings(declaration, Version(version) if version else None)

    assert [(item.outcome, item.problem.topic) for item in found if item.problem] == expected


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
    ("declaration", "versions", "said"),
    [
        pytest.param(DECLARED, ["3.11"], "3.11: from the classifiers.", id="classifiers"),
        pytest.param(
            replace(DECLARED, classifiers=()), ["3.11", "3.12"], "requires-python (>=3.11) admits", id="a bound"
        ),
        pytest.param(Declaration(file="setup.py"), ["3.11"], "because the package declares none", id="no declaration"),
        pytest.param(replace(DECLARED, requires_python="!!"), ["3.11"], "Unknown without", id="invalid specifiers"),
        pytest.param(DECLARED, [], "No Python version satisfies both", id="no version left"),
    ],
)
def test_the_source_of_the_python_versions_is_reported(
    declaration: Declaration, versions: list[str], said: str
) -> None:
    """A surprising test matrix can be traced to its source."""
    assert said in pythons_finding(declaration, versions).says
