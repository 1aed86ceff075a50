"""Runs of an action in a recorded runtime, with inputs as a workflow sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagship.actions import load
from tagship.contract.conversion import expand, read_inputs
from tagship.errors import Failure

if TYPE_CHECKING:
    from support.runtimes import Recorded, RecordingRunner


@dataclass(frozen=True, slots=True)
class Ran:
    """The result of a run: outputs (of a failure: its partial outputs or None), failure, and recorded runner."""

    outputs: Any
    failure: Failure | None
    runner: RecordingRunner

    @property
    def topics(self) -> list[str]:
        """The topics of all problems."""
        return [problem.topic for problem in self.failure.problems] if self.failure else []


def run_action(name: str, recorded: Recorded, **given: str) -> Ran:
    """Run the action ``name`` with these inputs (``_`` for ``-``); a Failure is returned, not raised."""
    action = load(name)
    names = recorded.runtime.context.expressions()
    raw = {key.replace("_", "-"): value for key, value in given.items()}
    try:
        values: Any = read_inputs(action.inputs, raw, expand=lambda text: expand(text, names))
        outputs = action.run(values, recorded.runtime)
    except Failure as failure:
        return Ran(failure.outputs, failure, recorded.runner)
    return Ran(outputs, None, recorded.runner)
