"""The findings on the inputs that a workflow passes to the actions and workflows of tagship."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tagship.contract.reading import misspelt
from tagship.core.workflows.calls import calls_of
from tagship.doctor.finding import Finding

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Workflow


def on_inputs(workflow: Workflow) -> Iterator[Finding]:
    """Yield the unknown inputs in calls of tagship: GitHub rejects the workflow, or the action fails."""
    for call in calls_of(workflow):
        known = _declared().get(call.path)
        for name in call.given if known else ():
            for problem in misspelt({name: ""}, known or ()):
                yield Finding(
                    rule=problem.topic,
                    level="error",
                    found=problem.found,
                    remedy=problem.remedy,
                    line=call.lines[name],
                )


@cache
def _declared() -> Mapping[str, Sequence[str]]:
    """Return the names of the inputs of each action and workflow, by its path in the repository of tagship."""
    declared: Mapping[str, Sequence[str]] = json.loads((files("tagship.contract") / "inputs.json").read_text("utf-8"))
    return declared
