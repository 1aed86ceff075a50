"""The options of a rehearsal and its output folder, and the inputs and Pythons that the release of the project has."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.contract.parsers import prefix
from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.project import chosen_pythons
from tagship.core.project.next_release import Choice, release_inputs
from tagship.core.project.python_versions import BUILD_PYTHON, build_python
from tagship.core.workflows.calls import ReleaseCall, proposed_call, release_call
from tagship.doctor.diagnosis import on_workflows
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts
    from tagship.core.versions import Tag

_OVERRIDE = re.compile(r"(?:(?P<stage>[A-Za-z-]+)\.)?(?P<name>[A-Za-z][A-Za-z0-9_-]*)=(?P<value>.*)", re.DOTALL)
_MARKER = ".tagship-rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOverride:
    """An input that replaces a default: in one action or stage, or, if ``stage`` is None, in all that declare it."""

    stage: str | None
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a rehearsal. Without ``tag`` and ``pythons`` those of the project are chosen."""

    project: Path
    tag: Tag | None = None
    pythons: tuple[str, ...] = ()
    output: Path
    overrides: tuple[InputOverride, ...] = ()
    offline: bool = False

    @property
    def prefix(self) -> str | None:
        """The tag prefix before the version; None if it is that of the project."""
        text = self.override("tag-prefix")
        return None if text is None else prefix.read(text)

    @property
    def working_directory(self) -> str:
        return self.override("working-directory") or "."

    def inputs_of(self, stage: str, action: str, declared: Iterable[str]) -> dict[str, str]:
        """Return the inputs set for ``action`` in ``stage``; repeated values of an input are joined as lines."""
        known, inputs = set(declared), dict[str, str]()
        for item in self.overrides:
            if item.stage in {stage, action} or (item.stage is None and item.name in known):
                inputs[item.name] = f"{inputs[item.name]}\n{item.value}" if item.name in inputs else item.value
        return inputs

    def override(self, name: str) -> str | None:
        """Return the value set for the input ``name``, or None."""
        return next((item.value for item in self.overrides if item.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFolders:
    """The folders and files in the output folder ``root``."""

    root: Path

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @property
    def logs(self) -> Path:
        """The folder of the logs, a file per stage."""
        return self.root / "logs"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def github(self) -> Path:
        """The folder of the assets that were uploaded to the embedded GitHub."""
        return self.root / "github"

    def log_of(self, stage: str, python: str | None) -> Path:
        """Return the log file of a stage, or of its job on one Python."""
        return self.logs / (f"{stage}-{python}.log" if python else f"{stage}.log")

    def distributions(self) -> tuple[Path, ...]:
        """Return the distributions that were built."""
        return tuple(path for path in sorted(self.dist.iterdir()) if path.name.endswith((".whl", ".tar.gz", ".zip")))

    def prepare(self) -> None:
        """Delete the output of an earlier rehearsal and create the folders.

        Raises Failure if the folder contains other files.
        """
        if self.root.exists() and any(self.root.iterdir()) and not (self.root / _MARKER).exists():
            raise Failure.of(
                found=f"Output folder {self.root} is not empty and was not created by tagship rehearse.",
                remedy="Choose another folder, as in --output build/rehearsal, or empty this one.",
                topic="output-folder-is-not-empty",
            )
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _MARKER).touch()
        (self.root / ".gitignore").write_text("*\n", "utf-8")
        for path in (self.dist, self.logs, self.index, self.github):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        for name in ("report.html", "result.json", "notes.md"):
            (self.root / name).unlink(missing_ok=True)


def read_override(text: str) -> InputOverride:
    """Parse ``ACTION.NAME=VALUE`` or ``NAME=VALUE``. Raises ValueError for any other text."""
    match = _OVERRIDE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither NAME=VALUE nor ACTION.NAME=VALUE")
    return InputOverride(stage=match["stage"], name=match["name"], value=match["value"])


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
