"""The calls of tagship in a project's workflows, so that commands use the same inputs as the release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.core.workflows.reading import Workflow, read_workflow
from tagship.core.workflows.references import own_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.core.workflows.reading import Job, Text

NAMES = ("changelog", "on-missing", "tag-prefix", "heading-prefix", "index-rules", "branch")
"""The inputs that describe the project; all actions and workflows use the same names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A job or step that uses tagship. ``path`` is that of the action or workflow in the repository of tagship.

    ``given`` are the inputs as written, ``lines`` their lines. ``file`` and ``line`` are the place of ``uses``.
    """

    path: str
    file: str
    line: int
    given: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The folder of the project."""
        return self.given.get("working-directory", ".").strip("/").removeprefix("./") or "."


def own_inputs(workflows: Mapping[str, str], folder: str) -> dict[str, str]:
    """Return the inputs among ``NAMES`` that ``workflows`` (text by path) pass for the project in ``folder``.

    The first value of an input counts. Values with expressions are ignored.
    """
    found: dict[str, str] = {}
    for call in own_calls(workflows, folder):
        texts = {name: call.given[name].strip() for name in NAMES if name in call.given}
        found = {**{name: text for name, text in texts.items() if text and "${{" not in text}, **found}
    return found


def own_calls(workflows: Mapping[str, str], folder: str) -> Iterator[Call]:
    """Yield the calls of tagship in ``workflows`` (text by path) for the project in ``folder``."""
    for path, text in sorted(workflows.items()):
        workflow = read_workflow(path, text) if "/tagship" in text else None
        if isinstance(workflow, Workflow):
            yield from (call for call in calls_of(workflow) if call.folder == folder)


def calls_of(workflow: Workflow) -> Iterator[Call]:
    """Yield the calls of tagship in ``workflow``."""
    for job in workflow.jobs:
        for uses, given in _uses(job):
            path = own_path(uses.value)
            if path is not None:
                yield Call(
                    path=path,
                    file=workflow.path,
                    line=uses.line,
                    given={name: text.value for name, text in given.items()},
                    lines={name: text.line for name, text in given.items()},
                )


def _uses(job: Job) -> Iterator[tuple[Text, Mapping[str, Text]]]:
    yield job.uses, job.given
    yield from ((step.uses, step.given) for step in job.steps)
