"""Everything together."""

from __future__ import annotations

import pytest

from support.workflow_files import PATH, told
from tagship.core.preflight.check import stopped
from tagship.core.project.declaration import Declaration
from tagship.doctor.diagnosis import diagnose, on_workflows
from tagship.core.project.facts import ProjectFacts
from tagship.errors import Problem
from tagship.initialise.examples import EXAMPLES
from tagship.initialise.workflow import caller_workflow

ACTION = "uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33"


@pytest.mark.parametrize("name", EXAMPLES, ids=lambda name: f"caller {name or 'pypi'}")
def test_what_init_writes_is_sound(name: str | None) -> None:
    """Nothing but the advice to name tagship itself by its commit."""
    facts = EXAMPLES[name]
    given = ProjectFacts(
        folder=facts.folder,
        declaration=Declaration(file="pyproject.toml", name=facts.package, versioned_by_git=True),
        workflows={f".github/workflows/{facts.file}": caller_workflow(facts)},
    )
    found = list(on_workflows(given))
    assert {(finding.rule, finding.level) for finding in found} == {("mutable-ref", "advice")}


def test_what_preflight_knows_of_workflows_is_told_with_its_line() -> None:
    """A job without an identity, and a workflow that is only called."""
    job = f"permissions: {{}}\njobs:\n  a:\n    environment: pypi\n    steps: [{{{ACTION}}}]\n"
    assert told(on_workflows(ProjectFacts(workflows={PATH: f"on: release\n{job}"}))) == [
        ("missing-id-token-permission", "blocker", 4)
    ]
    assert told(on_workflows(ProjectFacts(workflows={PATH: f"on: workflow_call\n{job}"}))) == [
        ("reusable-workflow-as-trusted-publisher", "warning", 4)
    ]


@pytest.mark.parametrize(
    ("text", "level"),
    [pytest.param(f"- {{{ACTION}}}\n- [", "blocker", id="publishes"), pytest.param("a\n- [", "warning", id="does not")],
)
def test_a_file_that_github_cannot_read_is_told(text: str, level: str) -> None:
    """It blocks where it would have published."""
    found = list(on_workflows(ProjectFacts(workflows={PATH: text})))
    assert ("unreadable-workflow", level) in [(finding.rule, finding.level) for finding in found]


def test_a_workflow_without_a_part_in_a_release_is_left_alone() -> None:
    """Its sins are another tool's."""
    text = "on: pull_request\njobs: {a: {steps: [{uses: actions/checkout@main}, {run: 'x ${{ github.head_ref }}'}]}}"
    found = list(on_workflows(ProjectFacts(workflows={".github/workflows/ci.yml": text})))
    assert [finding.rule for finding in found] == ["no-release-workflow"]


def test_the_worst_of_all_subjects_comes_first() -> None:
    """What was asked online, the changelog and the project are in one list."""
    problem = Problem(found="x", remedy="x", topic="version-on-index")
    found = diagnose(ProjectFacts(changelog=problem), [stopped("Index", problem)])
    assert [finding.level for finding in found] == ["blocker", "blocker", "warning"]
