"""The stages of a release, in the order of a real one, as values."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tagship.core.versions import is_prerelease, tagged_version
from tagship.edges.processes import Processes
from tagship.edges.runner import describe
from tagship.errors import Failure, Problem
from tagship.rehearsal.checkout import Source, check_out
from tagship.rehearsal.pythons import find_python, make_environment, running_interpreter
from tagship.rehearsal.result import file_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.plan import Plan
    from tagship.rehearsal.scene import Scene
    from tagship.rehearsal.workflow_commands import Annotation

    Say = Callable[[str], None]

_RELEASES = 100
"""How many of the project's earlier tags the embedded GitHub is given releases for: the highest versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a stage left behind. ``message`` is the cause where it failed."""

    outputs: Mapping[str, str]
    message: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage. ``perform`` runs it and tells its log by lines; ``skip`` says why it cannot run on this machine."""

    name: str
    title: str
    perform: Callable[[Scene, Say], Done]
    python: str | None = None
    skip: str | None = None

    @property
    def label(self) -> str:
        """The stage's name, with the Python it runs on where it runs on several."""
        return f"{self.name} ({self.python})" if self.python else self.name


def stages_of(pythons: tuple[str, ...], environ: Mapping[str, str]) -> tuple[tuple[Stage, ...], ...]:
    """The stages, in groups: those of a group run side by side, and a group only after all before it passed."""
    return (
        (Stage(name="checkout", title="Check out the tag", perform=_check_out),),
        (_uses("preflight", "Check before building", lambda scene: {"index-url": scene.index.own}),),
        tuple(_gate(version, environ) for version in pythons),
        (_uses("build-dist", "Build the distributions", then=_keep_dist),),
        (_uses("verify-wheel", "Verify the wheel"),),
        (_uses("extract-changelog", "Extract the notes", then=_keep_notes),),
        (Stage(name="publish", title="Publish to the index", perform=_publish),),
        (_uses("gh-release", "Release on GitHub", _release_inputs),),
        (_uses("verify-wheel", "Install from the index", _install_inputs, name="install"),),
    )


def _no_inputs(_: Scene) -> dict[str, str]:
    return {}


def _uses(
    action: str,
    title: str,
    inputs: Callable[[Scene], dict[str, str]] = _no_inputs,
    *,
    name: str | None = None,
    then: Callable[[Scene, Mapping[str, str]], None] | None = None,
) -> Stage:
    """A stage that is one step with ``action``; ``then`` keeps what it made."""

    def perform(scene: Scene, say: Say) -> Done:
        programs = scene.programs or running_interpreter().parent
        done = _step(scene, name or action, action, inputs(scene), programs, say)
        if then and done.message is None:
            then(scene, done.outputs)
        return done

    return Stage(name=name or action, title=title, perform=perform)


def _gate(version: str, environ: Mapping[str, str]) -> Stage:
    interpreter = find_python(version, environ)
    stage = Stage(name="quality-gate", title="Run the checks", perform=_nothing, python=version)
    if interpreter is None:
        return replace(stage, skip=f"Python {version} is not installed here.")

    def perform(scene: Scene, say: Say) -> Done:
        say(f"A fresh environment of {interpreter}")
        programs = make_environment(interpreter, scene.scratch / f"python-{version}", scene.environ)
        return _step(scene, "quality-gate", "quality-gate", {}, programs, say)

    return replace(stage, perform=perform)


def _nothing(_scene: Scene, _say: Say) -> Done:
    return Done(outputs={})


def _step(scene: Scene, stage: str, action: str, inputs: dict[str, str], programs: Path, say: Say) -> Done:
    job = scene.job()
    declared = job.manifest(action).defaults
    given = scene.plan.inputs_of(stage, action, declared)
    result = job.run(action, inputs | given, programs=programs, on_line=say)
    errors = [annotation.text for annotation in result.annotations if annotation.level == "error"]
    message = None
    if result.status:
        message = errors[-1] if errors else _last_words(action, result.status, result.log)
    return Done(outputs=result.outputs, message=message, annotations=result.annotations)


def _last_words(action: str, status: int, log: tuple[str, ...]) -> str:
    last = "\n".join(log[-5:])
    return f"{action} ended with status {status} and no message. Its last lines:\n{last}"


def _check_out(scene: Scene, say: Say) -> Done:
    plan = scene.plan
    source = Source(project=plan.project, left_out=scene.folders.output, processes=Processes(environ=scene.environ))
    scene.checkout = checkout = check_out(
        source, tag=plan.tag, prefix=plan.prefix, workspace=scene.scratch / "workspace", server=scene.github.url
    )
    for remark in checkout.remarks:
        say(remark)
    say(f"{checkout.repository} at {checkout.tag} ({checkout.commit[:12]})")
    scene.github.configure(github_of(checkout, plan))
    scene.programs = _stock_python(scene)
    return Done(outputs={"tag": checkout.tag, "commit": checkout.commit})


def github_of(checkout: Checkout, plan: Plan) -> dict[str, object]:
    """The embedded GitHub's configuration: the repository, with a release for every other tag that is a version.

    What the plan says of repositories comes in place of it, key by key.
    """
    others = [(version, tag) for tag in checkout.tags if (version := tagged_version(tag, plan.prefix))]
    known = {
        "name": checkout.repository,
        "default_branch": checkout.branch,
        "git": str(checkout.workspace),
        "releases": [
            {"tag_name": tag, "name": tag, "prerelease": is_prerelease(version)}
            for version, tag in sorted(others)[-_RELEASES:]
            if tag != checkout.tag
        ],
    }
    entries: Any = plan.github.get("repositories") or [{}]
    return {**plan.github, "repositories": [known | entry for entry in entries]}


def _stock_python(scene: Scene) -> Path:
    """The programs of the Python that steps find on a runner: of this machine's, kept for the next rehearsal."""
    folder = scene.folders.runner / "python-{}.{}.{}".format(*sys.version_info)
    programs = folder / "bin"
    if (programs / "pip").exists():
        return programs
    shutil.rmtree(folder, ignore_errors=True)
    return make_environment(running_interpreter(), folder, scene.environ)


def _keep_dist(scene: Scene, outputs: Mapping[str, str]) -> None:
    built = scene.path_of(outputs.get("dist-dir") or "dist")
    shutil.copytree(built, scene.folders.dist, dirs_exist_ok=True)


def _keep_notes(scene: Scene, outputs: Mapping[str, str]) -> None:
    shutil.copyfile(scene.path_of(outputs["notes-file"]), scene.folders.output / "notes.md")


def _release_inputs(scene: Scene) -> dict[str, str]:
    return {"notes-file": scene.outputs["extract-changelog"].get("notes-file", "")}


def _install_inputs(scene: Scene) -> dict[str, str]:
    return {"index": scene.index.with_others, "version": scene.outputs["build-dist"].get("version", "")}


def _publish(scene: Scene, say: Say) -> Done:
    files = sorted(path for path in scene.folders.dist.iterdir() if path.suffix in {".whl", ".gz", ".zip"})
    lines: list[str] = []

    def note(line: str) -> None:
        lines.append(line)
        say(line)

    status = scene.index.publish(files, children=scene.children, environ=scene.environ, on_line=note)
    if status:
        refusal = next((line for line in reversed(lines) if line.strip()), f"twine ended with status {status}.")
        raise Failure(
            Problem(
                found=f"The index refused the files: {refusal.strip()}",
                remedy="Run twine check --strict on the files, and see the log of this stage.",
                topic="index-refused",
            )
        )
    built, held = {file_at(path) for path in files}, set(scene.index.files())
    if built != held:
        raise Failure(
            Problem(
                found="The index holds other files than the ones that were built: "
                + ", ".join(sorted(file.name for file in built ^ held)),
                remedy="See the log of this stage for what was uploaded.",
                topic="index-refused",
            )
        )
    return Done(outputs={})


def attempt(stage: Stage, scene: Scene, say: Say) -> Done:
    """The stage, performed; an expected failure becomes its message."""
    try:
        return stage.perform(scene, say)
    except Failure as failure:
        return replace(Done(outputs={}), message=describe(failure.problems))
