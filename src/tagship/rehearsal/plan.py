"""The inputs, Pythons and tag prefix of a rehearsal: those that the release of the project will have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.changelog_text import ChangelogText
from tagship.core.project.next_release import Choice, declared_pythons, release_inputs
from tagship.core.project.python_versions import listed_versions
from tagship.core.workflows.release_call import release_call
from tagship.errors import SOURCE
from tagship.rehearsal.options import PYTHONS, InputOverride

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.core.project.facts import ProjectFacts
    from tagship.core.workflows.release_call import ReleaseCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The inputs of the actions and the Pythons of the quality gate; ``summary`` has them with their source."""

    inputs: tuple[InputOverride, ...] = ()
    pythons: tuple[str, ...] = PYTHONS
    summary: str = ""


def plan_release(facts: ProjectFacts, workflows: Mapping[str, str]) -> Plan:
    """Return the plan by the workflow that calls tagship, at the tag or else in the working tree (``workflows``).

    Without one, the plan is what ``tagship init`` would write. Raises Failure if python-versions is invalid.
    """
    default = " ".join(PYTHONS)
    call = release_call(facts.workflows, facts.folder, pythons=default)
    place = "" if call else " of the working tree"
    call = call or release_call(workflows, facts.folder, pythons=default)
    return _called(call, facts, place) if call else _proposed(facts)


def _called(call: ReleaseCall, facts: ProjectFacts, place: str) -> Plan:
    auto = call.pythons in ("", "auto")
    pythons = (declared_pythons(facts) or PYTHONS) if auto else listed_versions(call.pythons)
    inputs = tuple(
        InputOverride(stage=action or None, name=name, value=value) for (action, name), value in call.inputs.items()
    )
    shown = [f"{name} {_line(value)}" for (_, name), value in call.inputs.items() if name != "python-versions"]
    shown.append(f"python-versions {' '.join(pythons)}")
    return Plan(inputs=inputs, pythons=pythons, summary=f"Inputs from {call.path}{place}: {'; '.join(shown)}.")


def _proposed(facts: ProjectFacts) -> Plan:
    inputs = release_inputs(facts)
    pythons = declared_pythons(facts) or PYTHONS
    shown = {**inputs}
    shown.setdefault("python-versions", Choice(value=" ".join(PYTHONS), reason="the default"))
    if isinstance(facts.changelog, ChangelogText):
        shown["changelog"] = Choice(value=facts.changelog.path, reason="found")
    if facts.checks:
        shown["checks"] = Choice(value=", ".join(facts.checks.commands_on(pythons[-1])), reason=facts.checks.reason)
    listed = "; ".join(f"{name} {_line(choice.value)} ({choice.reason})" for name, choice in shown.items())
    return Plan(
        inputs=tuple(
            InputOverride(stage=None, name=name, value=choice.value)
            for name, choice in inputs.items()
            if name != "python-versions"
        ),
        pythons=pythons,
        summary=f"No workflow calls {SOURCE}, so inputs are as `tagship init` would write them: {listed}.",
    )


def _line(value: str) -> str:
    return " ".join(value.split())
