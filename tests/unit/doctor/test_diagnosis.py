"""All findings of a project."""

from __future__ import annotations

import time

import pytest

from support.workflow_files import PATH, told
from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.check import stopped
from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.diagnosis import diagnose, on_workflows
from tagship.errors import Problem
from tagship.initialise.workflow import caller_workflow
from tools.examples import EXAMPLES

ACTION = "uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33"


@pytest.mark.parametrize("name", EXAMPLES, ids=lambda name: f"caller {name or 'pypi'}")
def test_workflows_of_init_have_no_problems(name: str | None) -> None:
    """Nothing that init writes has a finding."""
    facts = EXAMPLES[name]
    given = ProjectFacts(
        folder=facts.folder,
        declaration=Declaration(file="pyproject.toml", name=facts.package, git_plugin="hatch-vcs"),
        workflows={f".github/workflows/{facts.file}": caller_workflow(facts)},
    )
    assert list(on_workflows(given)) == []


def test_checks_of_preflight_have_their_line() -> None:
    """They find a missing id-token permission and trusted publishing in a reusable workflow."""
    job = f"permissions: {{}}\njobs:\n  a:\n    environment: pypi\n    steps: [{{{ACTION}}}]\n"
    assert told(on_workflows(ProjectFacts(workflows={PATH: f"on: release\n{job}"}))) == [
        ("missing-id-token-permission", "error", 4)
    ]
    assert told(on_workflows(ProjectFacts(workflows={PATH: f"on: workflow_call\n{job}"}))) == [
        ("reusable-workflow-as-trusted-publisher", "warning", 4)
    ]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        pytest.param(f"- {{{ACTION}}}\n- [", "error", id="a file that publishes"),
        pytest.param("a\n- [", "warning", id="another file"),
    ],
)
def test_an_invalid_workflow_file_is_reported(text: str, level: str) -> None:
    """It is an error if it publishes."""
    found = list(on_workflows(ProjectFacts(workflows={PATH: text})))
    assert ("unreadable-workflow", level) in [(finding.rule, finding.level) for finding in found]


def test_a_workflow_without_a_part_in_a_release_is_ignored() -> None:
    """Other tools check such workflows."""
    text = "on: pull_request\njobs: {a: {steps: [{uses: actions/checkout@main}, {run: 'x ${{ github.head_ref }}'}]}}"
    found = list(on_workflows(ProjectFacts(workflows={".github/workflows/ci.yml": text})))
    assert [finding.rule for finding in found] == ["no-release-workflow"]


def test_findings_are_sorted_by_severity() -> None:
    """Online checks, the changelog and the project are in one list."""
    problem = Problem(found="x", remedy="x", topic="version-on-index")
    found = diagnose(ProjectFacts(changelog=problem), [stopped("Index", problem)])
    assert [finding.level for finding in found] == ["error", "error", "warning"]


def test_thousands_of_releases_are_examined_in_seconds() -> None:
    """The time is linear in the number of tags and sections."""
    versions = [f"1.{minor}.0" for minor in range(4000, 0, -1)]
    tags = tuple(f"v{version}" for version in versions)
    text = "".join(f"## {version}\n\n- A change.\n\n" for version in versions)
    started = time.monotonic()
    found = diagnose(
        ProjectFacts(
            files={"pyproject.toml": ""},
            declaration=Declaration(file="pyproject.toml", version="0.0.1"),
            history=History(head="1", tagged=None, shallow=False, tags=tags, merged=tags, branches={}),
            changelog=ChangelogText(path="CHANGELOG.md", text=text),
        )
    )
    assert "version-behind-tag" in {finding.rule for finding in found}
    assert time.monotonic() - started < 10
