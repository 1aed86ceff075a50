"""The inputs, Pythons and tag prefix of a rehearsal: those that the release of the project will have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.project import chosen_pythons
from tagship.core.project.next_release import Choice, release_inputs
from tagship.core.project.python_versions import BUILD_PYTHON, build_python
from tagship.core.workflows.calls import ReleaseCall, proposed_call, release_call
from tagship.doctor.diagnosis import on_workflows

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts

_EXAMINED = ("preflight", "doctor")
"""The input by which preflight reports the findings of doctor: GitHub would not start such a workflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The inputs by action and name, the Pythons of the quality gate, and the Python that builds.

    An input of no action is one of every action that has it. ``settings`` are the inputs of the reusable workflows.
    ``summary`` describes all of them with their source.
    """

    inputs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pythons: tuple[str, ...] = (BUILD_PYTHON,)
    build_python: str = BUILD_PYTHON
    settings: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""

    def inputs_of(self, action: str, declared: Iterable[str]) -> dict[str, str]:
        """Return the inputs of ``action``, which declares the inputs ``declared``."""
        found = {(action, name): value for (owner, name), value in self.inputs.items() if owner in ("", action)}
        return {name: found[action, name] for name in declared if (action, name) in found}


def plan_release(facts: ProjectFacts, workflows: Mapping[str, str], own: Mapping[str, str]) -> Plan:
    """Return the plan by the workflow that calls tagship, at the tag or else in the working tree (``workflows``).

    Without one, the plan is the workflow that ``tagship init`` would write. ``own`` are the reusable workflows of
    tagship (text by path). An invalid python-versions, which preflight refuses, is replaced by the default.
    """
    if call := release_call(facts.workflows, facts.folder, own):
        plan = _plan(call, facts, f"Inputs from {call.path}: {_given(call)}")
        stopped = any(finding.level == "error" for finding in on_workflows(facts))
        return replace(plan, inputs={**plan.inputs, _EXAMINED: "true"}) if stopped else plan
    if call := release_call(workflows, facts.folder, own):
        return _plan(call, facts, f"Inputs from {call.path} of the working tree: {_given(call)}")
    proposed = release_inputs(facts)
    call = proposed_call({name: choice.value for name, choice in proposed.items()}, own)
    pythons = proposed.pop("python-versions", None)
    plan = _plan(call, facts, "")
    shown = proposed | _found(facts, plan.pythons[-1])
    listed = _listed({name: f"{one.value} ({one.reason})" for name, one in shown.items()})
    versions = f"{plan.summary[:-1]} ({pythons.reason})." if pythons else plan.summary
    source = "No workflow calls tagship, so inputs are as `tagship init` would write them"
    return replace(plan, summary=f"{source}: {listed}{versions}")


def _plan(call: ReleaseCall, facts: ProjectFacts, summary: str) -> Plan:
    declared = facts.declaration
    words = call.settings.get("python-versions", "auto")
    pythons = chosen_pythons(words, declared)[0] or (BUILD_PYTHON,)
    return Plan(
        inputs=call.inputs,
        pythons=pythons,
        build_python=call.settings.get("build-python") or build_python(declared.requires_python),
        settings=call.settings,
        summary=f"{summary}python-versions {' '.join(pythons)}.",
    )


def _given(call: ReleaseCall) -> str:
    return _listed({name: value for name, value in call.given.items() if name != "python-versions"})


def _listed(values: Mapping[str, str]) -> str:
    return "".join(f"{name} {' '.join(value.split())}; " for name, value in values.items())


def _found(facts: ProjectFacts, python: str) -> dict[str, Choice]:
    """Return the changelog and the checks on ``python`` that the actions find by themselves."""
    found = {}
    if isinstance(facts.changelog, ChangelogText):
        found["changelog"] = Choice(value=facts.changelog.path, reason="found")
    if facts.checks:
        found["checks"] = Choice(value=", ".join(facts.checks.commands_on(python)), reason=facts.checks.reason)
    return found
