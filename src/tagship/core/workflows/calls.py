"""The actions and workflows of tagship that a project's workflows use, and the inputs that they pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tagship.core.workflows.reading import Job, Step, Text, Workflow, read_workflow, read_workflows
from tagship.errors import SOURCE

_OWN = re.compile(rf"(?:{re.escape(SOURCE)}|[\w.-]+/tagship)(?:/(?P<path>[^@]+))?@(?P<ref>.+)")
_LOCAL = re.compile(r"(?:\./|\$/)(\.github/workflows/[^@]+)$")


def called_path(job: Job) -> str:
    """Return the path of the local workflow that the job calls, or an empty string."""
    match = _LOCAL.match(job.uses.value)
    return match[1] if match else ""


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


PIPELINE = ".github/workflows/python-release.yml"
"""The reusable workflow with all jobs of a release; those of the other reusable workflows are among them."""
_RELEASING = ("", "python-build", "python-release", "github-release", "gh-release")
"""The workflows and actions that a release workflow calls; the action at the root has no name."""
_WIRED = frozenset({
    "commit", "dist-dir", "files", "index", "index-url", "needs", "notes-file", "on-published", "out-dir",
    "published-index", "python", "repository", "sha256sums", "tag", "token", "version",
})  # fmt: skip
"""Inputs of actions with values from the run or from other steps, which a rehearsal sets itself."""
_WIRED_IN_VERIFICATION = ("name", "wheel")
_ACTION = re.compile(r"\$/actions/(?P<name>[a-z-]+)")
_INPUT = re.compile(r"\$\{\{ (?:inputs|fromJSON\(inputs\.(?P<plan>plan) \|\| '\{\}'\))\.(?P<name>[a-z-]+) \}\}")
"""The value of an input, or of one of the build, which the output ``plan`` passes on."""
_PLANNED = "plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCall:
    """The calls in the workflow at ``path``, which is empty for a workflow that does not exist yet.

    ``given`` are the inputs as written there. ``inputs`` are those of the actions, by action and name; the action is
    empty for an input of every action that has it. ``settings`` are all inputs of the reusable workflows with a value.
    """

    path: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


def release_call(workflows: Mapping[str, str], folder: str, own: Mapping[str, str]) -> ReleaseCall | None:
    """Return the calls of tagship in the first of ``workflows`` (text by path) that releases the project in ``folder``.

    Values with expressions and empty ones are ignored. ``own`` are the reusable workflows of tagship (text by path).
    """
    for path, text in sorted(workflows.items()):
        calls = [
            (call.path, {name: value.strip() for name, value in call.given.items() if _is_literal(value)})
            for call in own_calls({path: text}, folder)
            if "needs" not in call.given
        ]
        if any(PurePosixPath(called).stem in _RELEASING for called, _ in calls):
            return _merged(path, calls, own)
    return None


def proposed_call(given: Mapping[str, str], own: Mapping[str, str]) -> ReleaseCall:
    """Return the call of the whole pipeline with the inputs ``given``."""
    return _merged("", [(PIPELINE, given)], own)


def _merged(path: str, calls: Sequence[tuple[str, Mapping[str, str]]], own: Mapping[str, str]) -> ReleaseCall:
    """Return ``calls`` (path in tagship and inputs) as one; of two values the first counts."""
    given: dict[str, str] = {}
    inputs: dict[tuple[str, str], str] = {}
    settings: dict[str, str] = {}
    for called, values in reversed(calls):
        given |= values
        settings |= {**(_read(own[called]).defaults if called in own else {}), **values}
    for called, values in reversed(calls):
        planned = {f"{_PLANNED}{name}": value for name, value in settings.items()}
        known = {**planned, **(_read(own[called]).defaults if called in own else {}), **values}
        inputs |= {key: known[name] for key, name in _passed(called, own, values) if name in known}
    return ReleaseCall(path=path, given=given, inputs=inputs, settings=settings)


def _passed(called: str, own: Mapping[str, str], given: Iterable[str]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the inputs of actions (action and name) that get an input of the called one unchanged, and that input."""
    if called not in own:
        action = PurePosixPath(called).name
        yield from (((action, name), name) for name in given if not _is_wired(action, name))
        return
    for job in _read(own[called]).jobs:
        outer = dict(_forwarded(job.given))
        inner = _passed(called_path(job), own, ()) if called_path(job) else ()
        yield from ((key, outer.get(name, name)) for key, name in inner if name in outer or name.startswith(_PLANNED))
        for step in job.steps:
            if match := _ACTION.fullmatch(step.uses.value):
                forwarded = _forwarded(step.given)
                yield from (((match[1], name), source) for name, source in forwarded if not _is_wired(match[1], name))


def _read(text: str) -> Workflow:
    workflow = read_workflow("", text)
    if not isinstance(workflow, Workflow):
        raise TypeError(workflow.reason)
    return workflow


def _forwarded(given: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    """Yield the inputs whose value is an input of the workflow, with the name of that."""
    for name, text in given.items():
        if match := _INPUT.fullmatch(text.value):
            yield name, f"{_PLANNED}{match['name']}" if match["plan"] else match["name"]


def _is_wired(action: str, name: str) -> bool:
    return name in _WIRED or (action == "verify-wheel" and name in _WIRED_IN_VERIFICATION)


def _is_literal(value: str) -> bool:
    return bool(value.strip()) and "${{" not in value
