"""The stages of a release, in their order."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tagship.actions import load
from tagship.core.formatting import last_lines
from tagship.core.project.python_versions import admits, ends
from tagship.core.versions import tagged_version
from tagship.edges.environments import index_variables
from tagship.edges.installation import ROOT
from tagship.edges.project_files import workflows_of
from tagship.errors import Failure
from tagship.rehearsal.checkout import Checkout, check_out
from tagship.rehearsal.fake_github.app import App, add_release, add_repository
from tagship.rehearsal.fake_github.models import Release, Repository
from tagship.rehearsal.options import plan_release
from tagship.rehearsal.publishing import publish
from tagship.rehearsal.pythons import base_interpreter, create_environment, find_python
from tagship.rehearsal.result import Log, Stage, StageOutput
from tagship.rehearsal.session import Session, is_compiled, wheel_inputs, without_wheel

_RELEASES = 100
"""Maximum number of earlier releases on the embedded GitHub, those with the highest versions."""


def check_out_tag(session: Session, log: Log) -> StageOutput:
    """Check out the tag, configure the embedded GitHub, and create the Python of the steps. Raises Failure."""
    options = session.options
    session.checkout = checkout = check_out(
        options, session.processes, workspace=session.scratch / "workspace", server=session.github.url
    )
    session.plan = plan_release(checkout.facts, workflows_of(options.project), workflows_of(ROOT))
    for remark in (*checkout.remarks, session.plan.summary):
        log(remark)
    log(f"{checkout.repository} at {checkout.tag} ({checkout.commit[:12]})")
    if command := session.plan.settings.get("setup-command"):
        session.remarks.append(f"The setup-command was not run, because it may change this machine: {command}")
    fill_github(session.github.app, checkout, checkout.facts.prefix)
    session.programs = create_environment(base_interpreter(), session.scratch / "python", session.processes)
    return StageOutput(outputs={"tag": checkout.tag, "commit": checkout.commit})


def fill_github(app: App, checkout: Checkout, prefix: str) -> None:
    """Add the repository to the embedded GitHub, with a release for every other tag that is a version."""
    name = checkout.repository
    add_repository(app, Repository(name=name, default_branch=checkout.branch, git=str(checkout.workspace)))
    others = [(version, tag) for tag in checkout.tags if (version := tagged_version(tag, prefix))]
    for version, tag in sorted(others)[-_RELEASES:]:
        if tag != checkout.tag:
            release = Release(
                repository=name,
                tag_name=tag,
                target_commitish=checkout.branch,
                name=tag,
                prerelease=version.is_prerelease,
            )
            add_release(app, release)


_MORE = re.compile(r"\(\[more\]\((https?://[^\s()]+)\)\)")
"""The link after each problem in the summary of a failed step."""


def stages_of(session: Session) -> Iterator[tuple[Stage, ...]]:
    """Yield the stages in groups; a group runs in parallel, and the Pythons of the gate are known after the first one.

    After a failure every stage still runs that needs none of the failed ones, but nothing is published.
    """
    yield (Stage(name="checkout", title="Check out the tag", perform=check_out_tag),)
    yield (_stage(_Step(action="preflight", inputs=_preflight_inputs), "checkout"),)
    pythons = session.options.pythons or session.plan.pythons
    installed = {version: path for version in pythons if (path := find_python(version, session.processes))}
    yield tuple(_gate(version, installed) for version in pythons) if installed else (_no_gate(pythons),)
    version, path = _builder(session, installed)
    required = session.checkout.facts.declaration.requires_python if session.checkout else None
    # Without a Python that the package supports, building it would only repeat the failure of the gate.
    needs = () if admits(required, version) else ("quality-gate",)
    build = _Step(action="build-dist", inputs=partial(_build_inputs, version, path), then=_keep_dist)
    yield (_stage(build, "checkout", *needs),)
    if is_compiled(session):
        built = _Step(action="check-dist", inputs=lambda here: {"files": here.outputs["build-dist"]["dist-dir"]})
        yield (_stage(built, "checkout", "build-dist"),)
    yield tuple(_verifications(installed, path, session))
    yield (_stage(_Step(action="extract-changelog", then=_keep_notes), "checkout"),)
    yield (Stage(name="publish", title="Upload to the index", perform=publish),)
    yield (_stage(_Step(action="gh-release", inputs=_release_inputs)),)
    install = _Step(action="verify-wheel", stage="install", inputs=partial(_install_inputs, path))
    yield (_of_wheel(Stage(name="install", title="Install from the index and test it", perform=install), session),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A stage of one step. ``inputs`` come from earlier stages; ``then`` copies results to the output folder."""

    action: str
    stage: str = ""
    inputs: Callable[[Session], dict[str, str]] = lambda _: {}
    then: Callable[[Session, Mapping[str, str]], None] = lambda *_: None
    workspace: Path | None = None

    def __call__(self, session: Session, log: Log) -> StageOutput:
        """Run the step in the session's job, or in its own workspace."""
        job = session.job()
        inputs = self.inputs(session) | session.inputs_of(self.stage or self.action, self.action)
        result = replace(job, workspace=self.workspace or job.workspace).run(
            self.action,
            self._with_index(session, inputs),
            programs=session.programs or base_interpreter().parent,
            on_line=log,
        )
        if result.status:
            errors = [annotation.text for annotation in result.annotations if annotation.level == "error"]
            message = errors[-1] if errors else _without_annotation(self.action, result.status, result.log)
            pages = tuple(_MORE.findall(result.summary))
            return StageOutput(outputs=result.outputs, message=message, help=pages, annotations=result.annotations)
        self.then(session, result.outputs)
        return StageOutput(outputs=result.outputs, annotations=result.annotations)

    def _with_index(self, session: Session, inputs: dict[str, str]) -> dict[str, str]:
        """Return ``inputs`` with this machine's index settings, which a build takes from its input ``env`` only."""
        if self.action not in {"build-dist", "verify-wheel"}:
            return inputs
        given = inputs.get("env", "").splitlines()
        set_here = {line.partition("=")[0].strip() for line in given}
        machine = index_variables(session.processes.environ)
        lines = [f"{name}={value}" for name, value in machine.items() if name not in set_here]
        return {**inputs, "env": "\n".join(lines + given)}


def _stage(step: _Step, *needs: str) -> Stage:
    """Return the stage of a step, with the step's name in its manifest as the title; without ``needs`` it needs all."""
    return Stage(name=step.action, title=load(step.action).step, perform=step, needs=needs or None)


def _of_wheel(stage: Stage, session: Session) -> Stage:
    """Return the stage, to be skipped if the release has no wheel."""
    return replace(stage, skip=without_wheel(session))


def _builder(session: Session, installed: Mapping[str, Path]) -> tuple[str, Path]:
    """Return the Python that the release builds with; if it is not installed, one of the gate, or the running one."""
    if path := find_python(session.plan.build_python, session.processes):
        return session.plan.build_python, path
    return next(iter(installed.items()), ("{}.{}".format(*sys.version_info), base_interpreter()))


def _build_inputs(version: str, python: Path, session: Session) -> dict[str, str]:
    """Return the kind of wheels, and the Python of the build with a remark if it is not that of the release."""
    wanted = session.plan.build_python
    if version != wanted:
        session.remarks.append(f"Python {wanted} is not installed. Built with Python {version} instead.")
    return {"python": str(python), **wheel_inputs(session)}


def _verifications(installed: Mapping[str, Path], builder: Path, session: Session) -> Iterator[Stage]:
    """Yield the verification on the lowest and the highest ``installed`` Python of the gate, or on the ``builder``."""
    whole = _of_wheel(_stage(_Step(action="verify-wheel"), "checkout", "build-dist"), session)
    # A compiled wheel is for the Python that built it, unless it is for the stable ABI.
    versions = () if whole.skip or is_compiled(session) else ends(tuple(installed))
    for version in versions or (None,):
        python = installed[version] if version else builder
        # Bound to the loop's path, not to its last one.
        inputs = partial(lambda path, _: {"python": str(path)}, python)
        yield replace(whole, python=version, perform=_Step(action="verify-wheel", inputs=inputs))


def _without_annotation(action: str, status: int, log: tuple[str, ...]) -> str:
    last = last_lines("\n".join(log), lines=5)
    return f"{action} failed with exit status {status} and no error message. Last lines of its log:\n{last}"


def _gate(version: str, installed: Mapping[str, Path]) -> Stage:
    """Return the quality gate on one Python: a job with its own checkout and virtual environment."""
    gate = replace(_stage(_Step(action="quality-gate"), "checkout"), python=version)
    if version not in installed:
        return replace(gate, skip=f"Python {version} is not installed.")

    def check(session: Session, log: Log) -> StageOutput:
        log(f"Virtual environment of {installed[version]}")
        workspace = session.scratch / f"workspace-{version}"
        shutil.copytree(session.checked_out.workspace, workspace, symlinks=True)
        programs = create_environment(installed[version], session.scratch / f"python-{version}", session.processes)
        # The tested Python may be older than the action supports, so the action has its own.
        path = programs / ("python.exe" if os.name == "nt" else "python")
        inputs = {"python": str(path), "python-versions": ",".join(installed)}
        return _Step(action="quality-gate", inputs=lambda _: inputs, workspace=workspace)(session, log)

    return replace(gate, perform=check)


def _no_gate(pythons: Sequence[str]) -> Stage:
    def fail(*_: object) -> StageOutput:
        raise Failure.of(
            found=f"None of the selected Pythons is installed: {', '.join(pythons)}.",
            remedy="Install one of them, or select an installed one, as in --python 3.11",
            topic="python-not-found",
        )

    return replace(_stage(_Step(action="quality-gate"), "checkout"), perform=fail)


def _keep_dist(session: Session, outputs: Mapping[str, str]) -> None:
    shutil.copytree(session.path_of(outputs["dist-dir"]), session.folders.dist, dirs_exist_ok=True)


def _keep_notes(session: Session, outputs: Mapping[str, str]) -> None:
    shutil.copyfile(session.path_of(outputs["notes-file"]), session.folders.root / "notes.md")


def _preflight_inputs(session: Session) -> dict[str, str]:
    return {"index-url": session.index.simple_url}


def _release_inputs(session: Session) -> dict[str, str]:
    notes = session.outputs["extract-changelog"]
    return {"notes-file": notes["notes-file"], "generate-notes": notes["generate-notes"]}


def _install_inputs(python: Path, session: Session) -> dict[str, str]:
    built = session.outputs["build-dist"]
    index = session.index.combined_url
    return {"index": index, "name": built["name"], "version": built["version"], "python": str(python)}
