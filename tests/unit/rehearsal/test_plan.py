"""The plan of a rehearsal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.core.project.next_release import release_inputs
from tagship.edges.installation import ROOT
from tagship.edges.project_files import workflows_of
from tagship.initialise.settings import WorkflowSettings
from tagship.initialise.workflow import caller_workflow
from tagship.rehearsal.options import plan_release

CALL = "jobs: {a: {uses: octo/tagship/.github/workflows/python-build.yml@v1, with: {%s}}}"
OWN = workflows_of(ROOT)


def facts(call: str = "", requires: str | None = None) -> ProjectFacts:
    """Return the facts of a project without a tag prefix, whose workflow passes the inputs ``call``."""
    return ProjectFacts(
        declaration=Declaration(file="pyproject.toml", requires_python=requires),
        workflows={"release.yml": CALL % call} if call else {},
        prefix="",
    )


def test_the_workflow_at_the_tag_counts_first() -> None:
    """Its inputs are those of the rehearsal, with its path in the summary."""
    plan = plan_release(facts("check: mypy", requires=">=3.11,<3.13"), {"other.yml": CALL % "check: ruff"}, OWN)
    assert plan.inputs_of("quality-gate", ["command", "install"]) == {"command": "mypy"}
    assert (plan.pythons, plan.build_python) == (("3.11", "3.12"), "3.12")
    assert plan.summary == "Inputs from release.yml: check mypy; python-versions 3.11 3.12."


@pytest.mark.parametrize(
    ("call", "inputs"),
    [
        pytest.param("check: pytest", {}, id="a valid call"),
        pytest.param("command: pytest", {"doctor": "true"}, id="an unknown input"),
    ],
)
def test_a_workflow_that_github_would_reject_fails_preflight(call: str, inputs: dict[str, str]) -> None:
    """The errors of doctor about the workflow stop the rehearsal too."""
    assert plan_release(facts(call), {}, OWN).inputs_of("preflight", ["doctor"]) == inputs


def test_the_workflow_of_the_working_tree_counts_next() -> None:
    """A workflow that is not at the tag yet is named as such."""
    plan = plan_release(facts(requires="==3.13.*"), {"new.yml": CALL % "tag-prefix: none, python-versions: auto"}, OWN)
    assert (plan.inputs_of("build-dist", ["tag-prefix"]), plan.pythons) == ({"tag-prefix": "none"}, ("3.13",))
    assert "Inputs from new.yml of the working tree: tag-prefix none;" in plan.summary


def test_without_a_workflow_the_facts_count() -> None:
    """The inputs are those that init would write, with the reason for each."""
    plan = plan_release(facts(requires="==3.13.*"), {}, OWN)
    assert (plan.inputs_of("build-dist", ["tag-prefix"]), plan.pythons) == ({"tag-prefix": "none"}, ("3.13",))
    assert plan.build_python == "3.13"
    assert "tag-prefix none (newest tag);" in plan.summary
    assert plan.summary.endswith("; python-versions 3.13 (from requires-python ==3.13.*).")


def test_init_writes_what_is_rehearsed() -> None:
    """The workflow of init and the plan without one have the same inputs for every action."""
    before = facts(requires="==3.13.*")
    inputs = {name: choice.value for name, choice in release_inputs(before).items()}
    text = caller_workflow(WorkflowSettings(package="hello", tag_prefix="", inputs=inputs))
    after = replace(before, workflows={"release.yml": text})
    proposed, written = plan_release(before, {}, OWN), plan_release(after, {}, OWN)
    assert written.inputs == proposed.inputs
    assert written.inputs_of("gh-release", ["tag-prefix"]) == {"tag-prefix": "none"}
    assert (written.pythons, written.build_python) == (proposed.pythons, proposed.build_python)


def test_wrong_pythons_do_not_stop_the_gate() -> None:
    """Preflight gets the list as it is and refuses it; the gate runs on the default."""
    plan = plan_release(facts("python-versions: three"), {}, OWN)
    assert plan.inputs_of("preflight", ["python-versions"]) == {"python-versions": "three"}
    assert plan.pythons == ("3.12",)
