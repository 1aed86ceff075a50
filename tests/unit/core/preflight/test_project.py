"""What a project's files say about the release."""

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
        pytest.param(DECLARED, "1.2", [], id="all is well"),
        pytest.param(DECLARED, "1.2.0", [], id="equal by PEP 440"),
        pytest.param(DECLARED, None, [], id="no release"),
        pytest.param(replace(DECLARED, version=None), "1.3", [], id="a version from elsewhere"),
        pytest.param(replace(DECLARED, versioned_by_git=True), "1.3", [], id="a placeholder"),
        pytest.param(DECLARED, "1.3", [("problem", "version-mismatch")], id="another version"),
        pytest.param(replace(DECLARED, version="what"), "1.3", [("problem", "version-mismatch")], id="no version"),
        pytest.param(replace(DECLARED, name=None), "1.2", [], id="a name that only a build would tell"),
        pytest.param(
            replace(DECLARED, requires_python=">=3.10,<3.9"),
            "1.2",
            [("problem", "wrong-requires-python")],
            id="specifiers that exclude each other",
        ),
        pytest.param(replace(DECLARED, requires_python="==3.11.*", classifiers=()), "1.2", [], id="one Python only"),
        pytest.param(
            replace(DECLARED, requires_python="3+"), "1.2", [("problem", "wrong-requires-python")], id="no specifiers"
        ),
        pytest.param(
            replace(DECLARED, requires_python=">=3.12"),
            "1.2",
            [("warning", "wrong-requires-python")],
            id="a classifier that is ruled out",
        ),
        pytest.param(
            replace(DECLARED, classifiers=("Private :: Do Not Upload",)),
            "1.2",
            [("warning", "private-classifier")],
            id="a private package",
        ),
    ],
)
def test_what_is_told(declaration: Declaration, version: str | None, expected: list[tuple[str, str]]) -> None:
    """Problems stop, contradictions warn, and what only a build would tell is left to it."""
    found = project_findings(declaration, Version(version) if version else None)

    assert [(item.outcome, item.problem.topic) for item in found if item.problem] == expected


def test_a_name_that_is_computed_is_told() -> None:
    """Nobody wonders why the index was not asked."""
    first = next(iter(project_findings(replace(DECLARED, name=None), None)))

    assert (first.outcome, first.says) == (
        "skipped",
        "pyproject.toml computes the name when it is built, so the index is not asked.",
    )


def test_no_project_stops() -> None:
    """A wrong folder is told with its name."""
    assert "'packages/x'" in no_project("packages/x").says


@pytest.mark.parametrize(
    ("declaration", "versions", "said"),
    [
        pytest.param(DECLARED, ["3.11"], "3.11: as the classifiers say.", id="classifiers"),
        pytest.param(
            replace(DECLARED, classifiers=()), ["3.11", "3.12"], "requires-python (>=3.11) allows", id="a bound"
        ),
        pytest.param(Declaration(file="setup.py"), ["3.11"], "since the package names none", id="nothing"),
        pytest.param(replace(DECLARED, requires_python="!!"), ["3.11"], "Not known without", id="no set of specifiers"),
        pytest.param(DECLARED, [], "leave no Python to check on", id="none is left"),
    ],
)
def test_who_says_which_pythons(declaration: Declaration, versions: list[str], said: str) -> None:
    """A matrix that surprises can be traced to the line it comes from."""
    assert said in pythons_finding(declaration, versions).says
