"""build-dist: build the sdist and the wheel, and check that they match the tag."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from tagship import contract as c
from tagship.actions import check_dist
from tagship.core.distributions.left_out import TOPIC as FORGOTTEN
from tagship.core.distributions.left_out import forgotten, left_out
from tagship.core.distributions.reproducibility import build_differences
from tagship.core.project.content import content_findings
from tagship.core.runner import trusting, without_python_settings
from tagship.edges.archives import read_archive, unpack_sdist
from tagship.edges.builds import Builder
from tagship.edges.confinement import given
from tagship.edges.environments import Environments, index_variables
from tagship.edges.file_checks import LINT, File, FileChecks, file_outputs, read_file, tag_to_match
from tagship.edges.output_folder import OutputFolder
from tagship.edges.repairs import repaired
from tagship.edges.runtime import Runtime, require_library
from tagship.errors import Failure, Graded, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution, Kind
    from tagship.core.distributions.mismatches import Checkout
    from tagship.core.index_rules.rule import Index
    from tagship.core.versions import Tag

_EPOCH = "SOURCE_DATE_EPOCH"
_FIRST = 315_532_800
"""The first time that a zip file can contain, for a build without a commit."""
_APART = 2.1
"""Seconds between the two builds of a comparison, because times in a zip file have a resolution of two seconds."""


@c.inputs
class Inputs:
    """The distributions to build and the settings of the build."""

    tag: Tag = c.same_as(check_dist.Inputs, "tag")
    tag_prefix: str = c.same_as(check_dist.Inputs, "tag_prefix")
    working_directory: str = c.same_as(check_dist.Inputs, "working_directory")
    out_dir: str = c.input(
        c.folder, "Directory for the built files, emptied first, for example `packages/core/dist`.", default="dist"
    )
    sdist: bool = c.input(c.boolean, "Build the sdist.", default="true")
    wheel: bool = c.input(c.boolean, "Build the wheel, from the sdist if that is built.", default="true")
    reproducible: Literal["epoch", "normalise", "verify", "off"] = c.input(
        c.choice("epoch", "normalise", "verify", "off"),
        "Reproducibility of the build: `epoch` sets SOURCE_DATE_EPOCH to the time of the commit, `normalise` also "
        "rewrites the times, owners and permissions in the sdist, `verify` also builds twice and compares.",
        default="epoch",
    )
    python: str = c.input(
        c.text,
        "Python to build with, a version or a path, for example `3.13`. By default the one that runs the action.",
        default="",
    )
    repair: bool = c.input(
        c.boolean,
        "Repair a compiled wheel: with auditwheel on Linux, with delocate on macOS. Wheels for other systems require "
        "cibuildwheel.",
        default="false",
    )
    installer: Literal["uv", "pip"] = c.input(
        c.choice("uv", "pip"), "Installer of the build requirements.", default="uv"
    )
    constraints: str = c.input(
        c.text,
        "Constraints file for the build requirements, relative to the repository root, for example `constraints.txt`.",
        default="",
    )
    config_settings: tuple[str, ...] = c.input(
        c.lines, "Settings for the build backend, for example `--build-option=--quiet`.", default=""
    )
    env: Mapping[str, str] = c.input(
        c.mapping,
        "Environment variables of the build, for example `PIP_INDEX_URL=https://pypi.example.com/simple/`. `PIP_*`, "
        "`UV_*` and `PYTHON*` of the job are removed.",
        default="",
    )
    published_index: str = c.same_as(check_dist.Inputs, "published_index")
    index_rules: Index = c.same_as(check_dist.Inputs, "index_rules")
    strict: bool = c.same_as(check_dist.Inputs, "strict")


@c.outputs
class Outputs:
    """The built distributions."""

    name: str = c.same_as(check_dist.Outputs, "name")
    version: str = c.same_as(check_dist.Outputs, "version")
    prerelease: bool = c.same_as(check_dist.Outputs, "prerelease")
    dist_dir: str = c.output("Directory of the files, relative to the repository root.")
    wheel: str = c.output("Path of the wheel, empty if none was built.")
    sdist: str = c.output("Path of the sdist, empty if none was built.")
    files: tuple[File, ...] = c.same_as(check_dist.Outputs, "files")
    python_versions: tuple[str, ...] = c.same_as(check_dist.Outputs, "python_versions")
    hashes: str = c.same_as(check_dist.Outputs, "hashes")
    sha256sums: str = c.same_as(check_dist.Outputs, "sha256sums")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Build into a scratch folder, check the files, and then move them to ``out_dir``.

    Raises Failure with every problem of the project and the files, and leaves ``out_dir`` empty.
    """
    wanted: dict[Kind, bool] = {"sdist": inputs.sdist, "wheel": inputs.wheel}
    kinds = [kind for kind, is_wanted in wanted.items() if is_wanted]
    if not kinds:
        raise Failure.of(
            found="Nothing to build: sdist and wheel are both false.",
            remedy="Set at least one of them to true.",
            topic="wrong-inputs",
        )
    runtime.require_folder(inputs.working_directory)
    content = list(content_findings(runtime.git(inputs.working_directory).content()))
    if absent := [problem for level, problem in content if level == "error"]:
        raise Failure(*absent)
    checks = FileChecks(
        runtime=runtime,
        title=ACTION.title,
        folder=inputs.working_directory,
        project=runtime.declaration(inputs.working_directory),
        index_rules=inputs.index_rules,
        strict=inputs.strict,
        tagged=tag_to_match(runtime, inputs.tag, inputs.tag_prefix),
    )
    checkout = runtime.git(inputs.working_directory).checkout(inputs.tag)
    folder = OutputFolder(top=runtime.workspace, name=inputs.out_dir)
    folder.empty()
    with runtime.scratch("build") as scratch, ThreadPoolExecutor(1) as pool:
        # The libraries for the checks are installed during the build, unless the installer has credentials.
        libraries = pool.submit(require_library, "twine", LINT, runtime.installer_environ)
        if any("@" in value for value in index_variables(runtime.environ).values()):
            libraries.result()
        paths = _build(inputs, runtime, scratch / "work", kinds, checkout)
        built = time.monotonic()
        if kinds == ["sdist"]:
            content += _proof(inputs, runtime, scratch / "proof", paths[0], checkout)
        libraries.result()
        files = [read_file(path) for path in paths]
        distributions = [item for _, item in files]
        problems = checks.mismatches(distributions)
        findings = checks.findings(files, content)
        missing = (
            left_out(runtime.git(inputs.working_directory).files(), distributions[0].archive) if inputs.sdist else ()
        )
        if inputs.reproducible == "verify":
            time.sleep(max(0.0, built + _APART - time.monotonic()))
            # Compilers embed their working directory, so the second build runs in the same one.
            (scratch / "work").rename(scratch / "first")
            files = [(scratch / "first" / "built" / path.name, item) for path, item in files]
            again = _build(inputs, runtime, scratch / "work", kinds, checkout)
            problems += _differences(runtime, distributions, again)
        refused = problems or any(level == "error" for level, _ in findings)
        if inputs.published_index != "none" and not refused:
            files, others = checks.as_published(inputs.published_index, files, scratch / "published")
            problems += others
        distributions = [item for _, item in files]
        checks.report(distributions, findings, problems, missing)
        folder.take(path for path, _ in files)
    return _outputs(inputs, runtime, distributions)


def _build(
    inputs: Inputs,
    runtime: Runtime,
    work: Path,
    kinds: Sequence[Kind],
    checkout: Checkout,
    *,
    sdist: Path | None = None,
) -> tuple[Path, ...]:
    """Return the files built into the folder ``built`` of the new ``work``, from the project or from ``sdist``."""
    environ = without_python_settings(runtime.environ)
    if not environ.get(_EPOCH):
        # An empty expression still sets the variable, and no backend accepts an empty value.
        environ.pop(_EPOCH, None)
        if inputs.reproducible != "off" and checkout.time is not None:
            environ[_EPOCH] = str(checkout.time)
    if checkout.top:
        environ = trusting(environ, checkout.top)
    constraints = given(runtime.workspace, inputs.constraints) if inputs.constraints else None
    second = " a second time" if work.with_name("first").exists() else " and discard it" if sdist else ""
    title = f"Build the {' and the '.join(kinds)}{second}"
    with runtime.runner.group(title), runtime.runner.shielded() as say:
        environ = {**environ, **inputs.env}
        environments = Environments(folder=work, processes=runtime.processes, environ=environ, say=say)
        builder = Builder(
            environments=environments,
            installer=inputs.installer,
            settings=inputs.config_settings,
            constraints=constraints,
            python=runtime.interpreter(inputs.python),
            sdist_time=int(environ.get(_EPOCH) or _FIRST) if inputs.reproducible == "normalise" else None,
        )
        source = unpack_sdist(sdist, work / "sdist") if sdist else runtime.directory(inputs.working_directory)
        try:
            built = builder.build(source, work / "built", kinds)
        except Failure as failure:
            raise _explained(failure, inputs, runtime, sdist or next(work.glob("built/*.tar.gz"), None)) from failure
        return tuple(repaired(path, environments, work / "repaired") for path in built) if inputs.repair else built


def _explained(failure: Failure, inputs: Inputs, runtime: Runtime, sdist: Path | None) -> Failure:
    """Return ``failure``, or that of a file that the sdist lacks if the build of the wheel names one."""
    if sdist is None:
        return failure
    missing = left_out(runtime.git(inputs.working_directory).files(), read_archive(sdist))
    backend, output = runtime.declaration(inputs.working_directory).backend, failure.problems[0].found
    problem = forgotten(output, missing, sdist=sdist.name, backend=backend)
    return Failure(problem) if problem else failure


def _proof(inputs: Inputs, runtime: Runtime, work: Path, sdist: Path, checkout: Checkout) -> list[Graded]:
    """Build a wheel from ``sdist`` and discard it: every user without a wheel does that.

    A file that the sdist lacks is an error; another failure may be due to this machine, so it is a warning.
    """
    try:
        _build(inputs, runtime, work, ["wheel"], checkout, sdist=sdist)
    except Failure as failure:
        return [("error" if problem.topic == FORGOTTEN else "warning", problem) for problem in failure.problems]
    return []


def _differences(runtime: Runtime, first: Sequence[Distribution], again: Sequence[Path]) -> Iterator[Problem]:
    for before, path in zip(first, again, strict=True):
        problem = build_differences(before.archive, read_archive(path))
        if problem:
            yield problem
        else:
            runtime.runner.log(f"{before.filename} is reproducible: a second build is byte-identical.")


def _outputs(inputs: Inputs, runtime: Runtime, distributions: Sequence[Distribution]) -> Outputs:
    paths = {item.kind: str(PurePosixPath(inputs.out_dir, item.filename)) for item in distributions}
    described = file_outputs(runtime, distributions)
    return Outputs(dist_dir=inputs.out_dir, wheel=paths.get("wheel", ""), sdist=paths.get("sdist", ""), **described)


ACTION = c.Action(
    name="build-dist",
    title="Build distributions",
    summary="Build the sdist and the wheel, check both, and verify that they match the tagged version.",
    step="Build the sdist and the wheel",
    icon="package",
    color="blue",
    tier="build",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
