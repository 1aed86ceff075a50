"""The inputs that a project's workflows pass to tagship, so that commands use the same values as the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.workflows.reading import Workflow, read_workflow
from tagship.core.workflows.references import own_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.core.workflows.reading import Job, Text

NAMES = ("changelog", "tag-prefix", "heading-prefix")
"""The inputs that describe the project; all actions and workflows use the same names."""


def own_inputs(workflows: Mapping[str, str], folder: str) -> dict[str, str]:
    """Return the inputs among ``NAMES`` that ``workflows`` (text by path) pass for the project in ``folder``.

    The first value of an input counts. Values with expressions are ignored.
    """
    found: dict[str, str] = {}
    for path, text in sorted(workflows.items()):
        workflow = read_workflow(path, text) if "/tagship" in text else None
        for given in _calls(workflow) if isinstance(workflow, Workflow) else ():
            place = given.get("working-directory")
            if (place.value.strip("/").removeprefix("./") if place else ".") == folder:
                found = {**_literals(given), **found}
    return found


def _calls(workflow: Workflow) -> Iterator[Mapping[str, Text]]:
    for job in workflow.jobs:
        yield from (given for uses, given in _uses(job) if own_path(uses.value) is not None)


def _uses(job: Job) -> Iterator[tuple[Text, Mapping[str, Text]]]:
    yield job.uses, job.given
    yield from ((step.uses, step.given) for step in job.steps)


def _literals(given: Mapping[str, Text]) -> dict[str, str]:
    texts = {name: given[name].value.strip() for name in NAMES if name in given}
    return {name: text for name, text in texts.items() if text and "${{" not in text}
