"""The stages of a release, in the order of a real one."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagship.actions import load
from tagship.rehearsal.opening import open_scene
from tagship.rehearsal.publishing import publish
from tagship.rehearsal.pythons import find_python, running_interpreter
from tagship.rehearsal.stage import Done, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tagship.rehearsal.scene import Scene
    from tagship.rehearsal.stage import Say


_MORE = re.compile(r"\(\[more\]\((https?://[^\s()]+)\)\)")
"""The link behind each problem in the summary of a step that failed."""


def stages_of(pythons: tuple[str, ...], environ: Mapping[str, str]) -> tuple[tuple[Stage, ...], ...]:
    """The stages, in groups: those of a group run side by side, and a group only after all before it passed."""
    install = _Step(action="verify-wheel", stage="install", inputs=_install_inputs)
    return (
        (Stage(name="checkout", title="Check out the tag", perform=open_scene),),
        (_stage(_Step(action="preflight", inputs=lambda scene: {"index-url": scene.index.own})),),
        tuple(_gate(version, environ) for version in pythons),
        (_stage(_Step(action="build-dist", then=_keep_dist)),),
        (_stage(_Step(action="verify-wheel")),),
        (_stage(_Step(action="extract-changelog", then=_keep_notes)),),
        (Stage(name="publish", title="Publish to the index", perform=publish),),
        (_stage(_Step(action="gh-release", inputs=_release_inputs)),),
        (Stage(name="install", title="Install from the index and use it", perform=install),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A stage that is one step. ``inputs`` are those that earlier stages give, ``then`` keeps what the step made."""

    action: str
    stage: str = ""
    inputs: Callable[[Scene], dict[str, str]] = lambda _: {}
    then: Callable[[Scene, Mapping[str, str]], None] = lambda *_: None
    programs: Path | None = None
    workspace: Path | None = None

    def __call__(self, scene: Scene, say: Say) -> Done:
        """Run the step in the scene's job, or with the programs and in the workspace of its own."""
        job = scene.job()
        given = scene.plan.inputs_of(self.stage or self.action, self.action, job.manifest(self.action).defaults)
        programs = self.programs or scene.programs or running_interpreter().parent
        result = replace(job, workspace=self.workspace or job.workspace).run(
            self.action, self.inputs(scene) | given, programs=programs, on_line=say
        )
        if result.status:
            errors = [annotation.text for annotation in result.annotations if annotation.level == "error"]
            message = errors[-1] if errors else _last_words(self.action, result.status, result.log)
            pages = tuple(_MORE.findall(result.summary))
            return Done(outputs=result.outputs, message=message, help=pages, annotations=result.annotations)
        self.then(scene, result.outputs)
        return Done(outputs=result.outputs, annotations=result.annotations)


def _stage(step: _Step) -> Stage:
    """The stage that is the step, in the words that a runner's log has for it."""
    return Stage(name=step.action, title=load(step.action).step, perform=step)


def _last_words(action: str, status: int, log: tuple[str, ...]) -> str:
    last = "\n".join(log[-5:])
    return f"{action} ended with status {status} and no message. Its last lines:\n{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    """The stage of the checks on one Python: a job with a checkout and an environment of its own."""

    version: str
    interpreter: Path

    def __call__(self, scene: Scene, say: Say) -> Done:
        """Make the environment and run the step in it."""
        say(f"A fresh environment of {self.interpreter}")
        workspace = scene.scratch / f"workspace-{self.version}"
        shutil.copytree(scene.released.workspace, workspace, symlinks=True)
        programs = scene.environments().make(self.interpreter, scene.scratch / f"python-{self.version}")
        return _Step(action="quality-gate", programs=programs, workspace=workspace)(scene, say)


def _gate(version: str, environ: Mapping[str, str]) -> Stage:
    interpreter = find_python(version, environ)
    gate = Stage(
        name="quality-gate", title=load("quality-gate").step, perform=lambda *_: Done(outputs={}), python=version
    )
    if interpreter is None:
        return replace(gate, skip=f"Python {version} is not installed here.")
    return replace(gate, perform=_Gate(version=version, interpreter=interpreter))


def _keep_dist(scene: Scene, outputs: Mapping[str, str]) -> None:
    shutil.copytree(scene.path_of(outputs["dist-dir"]), scene.folders.dist, dirs_exist_ok=True)


def _keep_notes(scene: Scene, outputs: Mapping[str, str]) -> None:
    shutil.copyfile(scene.path_of(outputs["notes-file"]), scene.folders.output / "notes.md")


def _release_inputs(scene: Scene) -> dict[str, str]:
    return {"notes-file": scene.outputs["extract-changelog"]["notes-file"]}


def _install_inputs(scene: Scene) -> dict[str, str]:
    built = scene.outputs["build-dist"]
    return {"index": scene.index.with_others, "name": built["name"], "version": built["version"]}
