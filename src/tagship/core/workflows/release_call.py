"""The inputs that a project's release workflow passes to tagship, as inputs of the actions that it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.workflows.reading import Workflow, read_workflow
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.core.workflows.reading import Text

_OURS = re.compile(re.escape(SOURCE) + r"(?:/(?:\.github/workflows|actions)/(?P<name>[a-z-]+)(?:\.ya?ml)?)?@")
_RELEASING = (None, "python-build", "python-release", "github-release", "gh-release")
"""The workflows and actions that a release workflow calls; None is the action at the root."""
EVERY = ("tag-prefix", "branch", "working-directory", "changelog", "heading-prefix")
OF_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "quality-gate": {"check": "command", **{name: name for name in ("install", "extras", "groups", "env", "timeout")}},
    "build-dist": {
        **{name: name for name in ("wheel", "sdist", "reproducible", "installer", "constraints", "config-settings")},
        **{name: name for name in ("env", "strict", "index-rules")},
    },
    "verify-wheel": {
        **{name: name for name in ("imports", "scripts", "resources", "smoke-command", "env")},
        "smoke-timeout": "timeout",
        "smoke-extras": "extras",
    },
    "gh-release": {
        "release-name": "name",
        **{name: name for name in ("draft", "prerelease", "latest", "on-existing", "notes-mode")},
        **{name: name for name in ("assets", "generate-notes", "checksums")},
    },
}
"""Inputs of the reusable workflows, by action: the name in the workflow, and the name in the action."""
_WIRED = frozenset({
    "commit", "dist-dir", "files", "index", "index-url", "name", "needs", "notes-file", "on-published", "out-dir",
    "published-index", "python", "repository", "sha256sums", "tag", "token", "version",
})  # fmt: skip
"""Inputs of actions with values from the run or from other steps, which a rehearsal sets itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCall:
    """The calls in the workflow at ``path``.

    ``inputs`` are by action and name; the action is empty for an input of every action that has it. ``pythons`` is the
    input python-versions, ``3.11 3.12`` if a reusable workflow is called without it, and empty if no workflow is.
    """

    path: str
    inputs: Mapping[tuple[str, str], str]
    pythons: str = ""


def release_call(workflows: Mapping[str, str], folder: str, *, pythons: str) -> ReleaseCall | None:
    """Return the calls of tagship in the first of ``workflows`` (text by path) that releases the project in ``folder``.

    Values with expressions and empty ones are ignored. ``pythons`` is the default of python-versions.
    """
    for path, text in sorted(workflows.items()):
        workflow = read_workflow(path, text) if SOURCE in text else None
        calls = [*_calls(workflow, folder)] if isinstance(workflow, Workflow) else []
        if any(name in _RELEASING for name, _ in calls):
            inputs: dict[tuple[str, str], str] = {}
            for name, given in calls:
                inputs = {**dict(_inputs(name, given)), **inputs}
            named = next((given["python-versions"] for _, given in calls if "python-versions" in given), "")
            reusable = any(name in ("python-build", "python-release") for name, _ in calls)
            return ReleaseCall(path=path, inputs=inputs, pythons=named or (pythons if reusable else ""))
    return None


def _calls(workflow: Workflow, folder: str) -> Iterator[tuple[str | None, Mapping[str, str]]]:
    """Yield the name of what each job and step calls, and the literal inputs."""
    for job in workflow.jobs:
        for uses, given in [(job.uses, job.given), *((step.uses, step.given) for step in job.steps)]:
            match = _OURS.match(uses.value)
            values = {name: text.value.strip() for name, text in given.items() if _is_literal(text)}
            place = values.get("working-directory", ".").strip("/").removeprefix("./") or "."
            if match and place == folder and "needs" not in given:
                yield match["name"], values


def _is_literal(text: Text) -> bool:
    return bool(text.value.strip()) and "${{" not in text.value


def _inputs(name: str | None, given: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    reusable = name in ("python-build", "python-release", "github-release")
    for key, value in given.items():
        if key in EVERY or (name is None and key not in _WIRED):
            yield ("", key), value
        elif reusable:
            yield from (((action, names[key]), value) for action, names in OF_ACTIONS.items() if key in names)
        elif name is not None and key not in _WIRED and (name, key) != ("verify-wheel", "wheel"):
            yield (name, key), value
