"""The actions and workflows of tagship that a project's workflows use, and the inputs that they pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagship.core.workflows.reading import read_workflows
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.core.workflows.reading import Job, Step, Workflow


_OWN = re.compile(rf"(?:{re.escape(SOURCE)}|[\w.-]+/tagship)(?:/(?P<path>[^@]+))?@(?P<ref>.+)")


def own_path(uses: str) -> str | None:
    """Return the path in tagship's repository that ``uses`` refers to, or None if it refers to another repository.

    The owner may be that of a fork. The action at the root of the repository has the path ``""``.
    """
    match = _OWN.fullmatch(uses)
    return (match["path"] or "") if match else None


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
    for workflow in read_workflows(workflows, containing="/tagship"):
        yield from (call for call in calls_of(workflow) if call.folder == folder)


def calls_of(workflow: Workflow) -> Iterator[Call]:
    """Yield the calls of tagship in ``workflow``."""
    for job in workflow.jobs:
        users: tuple[Job | Step, ...] = (job, *job.steps)
        for user in users:
            path = own_path(user.uses.value)
            if path is not None:
                yield Call(
                    path=path,
                    file=workflow.path,
                    line=user.uses.line,
                    given={name: text.value for name, text in user.given.items()},
                    lines={name: text.line for name, text in user.given.items()},
                )
