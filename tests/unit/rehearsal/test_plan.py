"""The plan of a rehearsal."""

from __future__ import annotations

import pytest

from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.errors import Failure
from tagship.rehearsal.options import PYTHONS, InputOverride
from tagship.rehearsal.plan import plan_release

CALL = "jobs: {a: {uses: OWNER/tagship/.github/workflows/python-build.yml@v1, with: {%s}}}"
PREFIX = InputOverride(stage=None, name="tag-prefix", value="none")


def facts(call: str = "", requires: str | None = None) -> ProjectFacts:
    """Return the facts of a project without a tag prefix, whose workflow passes the inputs ``call``."""
    return ProjectFacts(
        declaration=Declaration(file="pyproject.toml", requires_python=requires),
        workflows={"release.yml": CALL % call} if call else {},
        prefix="",
    )


def test_the_workflow_at_the_tag_counts_first() -> None:
    """Its inputs are those of the rehearsal, with its path in the summary."""
    plan = plan_release(facts("check: mypy"), {"other.yml": CALL % "check: ruff"})
    assert plan.inputs == (InputOverride(stage="quality-gate", name="command", value="mypy"),)
    assert plan.pythons == PYTHONS
    assert plan.summary == "Inputs from release.yml: command mypy; python-versions 3.11 3.12."


def test_the_workflow_of_the_working_tree_counts_next() -> None:
    """A workflow that is not at the tag yet is named as such."""
    plan = plan_release(facts(requires="==3.13.*"), {"new.yml": CALL % "tag-prefix: none, python-versions: auto"})
    assert (plan.inputs, plan.pythons) == ((PREFIX,), ("3.13",))
    assert "Inputs from new.yml of the working tree: tag-prefix none;" in plan.summary


def test_without_a_workflow_the_facts_count() -> None:
    """The inputs are those that init would write, with the reason for each."""
    plan = plan_release(facts(requires="==3.13.*"), {})
    assert (plan.inputs, plan.pythons) == ((PREFIX,), ("3.13",))
    assert "tag-prefix none (newest tag); python-versions auto (3.13, from requires-python ==3.13.*)" in plan.summary


def test_wrong_pythons_are_an_error() -> None:
    """A list that the release would refuse is refused."""
    with pytest.raises(Failure, match="not a Python version"):
        plan_release(facts("python-versions: three"), {})
