"""build-dist: build the sdist and the wheel, and check that they match the tag."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from tagship import contract as c
from tagship.core.digests import digest_lines
from tagship.core.distributions.distribution import disagreements, read_distribution
from tagship.core.distributions.lint import advice
from tagship.core.distributions.mismatches import Tagged, version_mismatch
from tagship.core.distributions.page import distribution_summary, relative_links
from tagship.core.distributions.reproducibility import build_differences, other_build
from tagship.core.environment import trusting, without_python_settings
from tagship.core.escaping import escaped
from tagship.core.index_rules.release import release_violations
from tagship.core.index_rules.rule import Index, findings_of
from tagship.core.project.content import content_findings
from tagship.core.project.python_versions import python_versions
from tagship.core.summary import page
from tagship.core.versions import Tag, is_prerelease, version_of
from tagship.edges.archives import read_archive
from tagship.edges.builds import Builder
from tagship.edges.checks import Checks
from tagship.edges.environments import Environments
from tagship.edges.index_rules import upload_of
from tagship.edges.output_folder import OutputFolder
from tagship.edges.package_index import PackageIndex
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tagship.core.distributions.distribution import Distribution, Kind
    from tagship.core.distributions.mismatches import Checkout
    from tagship.edges.runtime import Runtime
    from tagship.errors import Graded

_EPOCH = "SOURCE_DATE_EPOCH"
_APART = 2.1
"""Seconds between the two builds of a comparison, because times in a zip file have a resolution of two seconds."""


@c.inputs
class Inputs:
    """The distributions to build and the settings of the build."""

    tag: Tag = c.input(c.tag, "Tag to release, for example `v1.2.0`.", default="${{ github.ref_name }}")
    tag_prefix: str = c.input(c.prefix, "Tag prefix before the version, for example `v` or `pkg-v`.", default="v")
    working_directory: str = c.input(c.folder, "Project directory, for example `packages/core`.", default=".")
    out_dir: str = c.input(
        c.folder, "Directory for the built files, emptied first, for example `packages/core/dist`.", default="dist"
    )
    sdist: bool = c.input(c.boolean, "Build the sdist.", default="true")
    wheel: bool = c.input(c.boolean, "Build the wheel, from the sdist if that is built.", default="true")
    reproducible: Literal["epoch", "verify", "off"] = c.input(
        c.choice("epoch", "verify", "off"),
        "Reproducibility of the build: `epoch` sets SOURCE_DATE_EPOCH to the time of the commit, `verify` also builds "
        "twice and compares.",
        default="epoch",
    )
    python: str = c.input(
        c.text,
        "Python to build with, a version or a path, for example `3.13`. By default the one that runs the action.",
        default="",
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
    published_index: str = c.input(
        c.text,
        "Simple API of an index that may have files of this version, for example `https://pypi.org/simple/`. A "
        "published file with equal content replaces the built one; different content is an error. `none` skips this.",
        default="none",
    )
    index_rules: Index = c.input(
        c.choice("pypi", "none"),
        "Index whose rules apply, for example `none` for one that accepts `linux_x86_64` wheels. RECORD and the "
        "structure of archives are always checked.",
        default="pypi",
    )
    strict: bool = c.input(
        c.boolean, "Fail on warnings, for example findings of check-wheel-contents.", default="false"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One built file; ``size`` in bytes."""

    name: str
    size: int
    sha256: str


@c.outputs
class Outputs:
    """The built distributions."""

    name: str = c.output("Package name, normalised.")
    version: str = c.output("Version, normalised by PEP 440.")
    prerelease: bool = c.output("`true` if the version is a pre-release.")
    dist_dir: str = c.output("Directory of the files, relative to the repository root.")
    wheel: str = c.output("Path of the wheel, empty if none was built.")
    sdist: str = c.output("Path of the sdist, empty if none was built.")
    files: tuple[File, ...] = c.output("Files as a JSON list of name, size and sha256.")
    python_versions: tuple[str, ...] = c.output("Supported Python versions, as a JSON list.")
    hashes: str = c.output("Path of a SHA256SUMS file for the files, outside their directory.")
    sha256sums: str = c.output("Content of the SHA256SUMS file, for other jobs.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Build into a scratch folder, check the files, and then move them to ``out_dir``.

    Raises Failure with every problem of the project and the files, and leaves ``out_dir`` empty.
    """
    wanted: dict[Kind, bool] = {"sdist": inputs.sdist, "wheel": inputs.wheel}
    kinds = [kind for kind, is_wanted in wanted.items() if is_wanted]
    if not kinds:
        raise Failure(
            Problem(
                found="Nothing to build: sdist and wheel are both false.",
                remedy="Set at least one of them to true.",
                topic="wrong-inputs",
            )
        )
    runtime.require_folder(inputs.working_directory)
    project = runtime.project(inputs.working_directory)
    tagged = _tagged(inputs, runtime)
    content = list(content_findings(runtime.git(inputs.working_directory).content()))
    if absent := [problem for level, problem in content if level == "error"]:
        raise Failure(*absent)
    checkout = runtime.git(inputs.working_directory).checkout(inputs.tag)
    folder = OutputFolder(top=runtime.workspace, name=inputs.out_dir)
    folder.empty()
    with runtime.scratch("build") as scratch:
        paths = _build(inputs, runtime, scratch / "work", kinds, checkout)
        built = time.monotonic()
        distributions = [read_distribution(read_archive(path)) for path in paths]
        problems: list[Problem] = list(disagreements(distributions))
        if tagged and not problems and distributions[0].version != tagged.version:
            # The build may have changed files in the checkout, which can also explain the mismatch.
            checkout = runtime.git(inputs.working_directory).checkout(inputs.tag)
            problems.append(version_mismatch(distributions[0].version, tagged, project, checkout))
        findings = [*content, *_findings(inputs, runtime, list(zip(paths, distributions, strict=True)), tagged)]
        problems += [problem for level, problem in findings if level == "error"]
        if inputs.reproducible == "verify":
            time.sleep(max(0.0, built + _APART - time.monotonic()))
            # Compilers embed their working directory, so the second build runs in the same one.
            (scratch / "work").rename(scratch / "first")
            paths = tuple(scratch / "first" / "built" / path.name for path in paths)
            again = _build(inputs, runtime, scratch / "work", kinds, checkout)
            problems += _differences(runtime, distributions, again)
        if inputs.published_index != "none" and not problems:
            distributions, paths, others = _as_published(inputs, runtime, distributions, paths, scratch / "published")
            problems += others
        warnings = [problem for level, problem in findings if level == "warning"]
        _annotate(runtime, findings)
        notes = [problem.found for level, problem in findings if level == "note"]
        summary = distribution_summary(distributions, [*_notes(distributions[0], tagged), *notes], warnings)
        subject = escaped(f"{distributions[0].name} {distributions[0].version}")
        if problems:
            raise Failure(*dict.fromkeys(problems), subject=subject, summary=summary)
        folder.take(paths)
    runtime.runner.summarise(page("warned" if warnings else "passed", ACTION.title, summary, subject=subject))
    return _outputs(inputs, runtime, distributions)


def _tagged(inputs: Inputs, runtime: Runtime) -> Tagged | None:
    """Return the tag that the files must match; None if the run is not for a tag, for example on a branch."""
    if not inputs.tag or (inputs.tag == runtime.context.ref_name and runtime.context.ref_type != "tag"):
        return None
    return Tagged(tag=inputs.tag, prefix=inputs.tag_prefix, version=version_of(inputs.tag, inputs.tag_prefix))


def _build(inputs: Inputs, runtime: Runtime, work: Path, kinds: Sequence[Kind], checkout: Checkout) -> tuple[Path, ...]:
    """Return the files built into the folder ``built`` in the new folder ``work``."""
    environ = without_python_settings(runtime.environ)
    if not environ.get(_EPOCH):
        # An empty expression still sets the variable, and no backend accepts an empty value.
        environ.pop(_EPOCH, None)
        if inputs.reproducible != "off" and checkout.time is not None:
            environ[_EPOCH] = str(checkout.time)
    if checkout.top:
        environ = trusting(environ, checkout.top)
    constraints = runtime.directory(inputs.constraints).resolve() if inputs.constraints else None
    title = f"Build the {' and the '.join(kinds)}" + (" a second time" if work.with_name("first").exists() else "")
    with runtime.runner.group(title), runtime.runner.shielded() as say:
        environ = {**environ, **inputs.env}
        environments = Environments(folder=work, processes=runtime.processes, environ=environ, say=say)
        builder = Builder(
            environments=environments,
            installer=inputs.installer,
            settings=inputs.config_settings,
            constraints=constraints,
            python=runtime.interpreter(inputs.python),
        )
        return builder.build(runtime.directory(inputs.working_directory), work / "built", kinds)


def _notes(first: Distribution, tagged: Tagged | None) -> Sequence[str]:
    """Return the summary's notes about the version and the README."""
    notes = [relative_links(first)]
    if tagged is None:
        notes.insert(0, "This run is not for a tag, so the version is not checked.")
    elif first.version == tagged.version:
        notes.insert(0, f"The version matches the tag {tagged.tag}.")
    return [note for note in notes if note]


def _findings(
    inputs: Inputs, runtime: Runtime, files: Sequence[tuple[Path, Distribution]], tagged: Tagged | None
) -> list[Graded]:
    """Return the findings of the index rules, twine, check-wheel-contents and this project, as errors if strict."""
    folder, project = runtime.directory(inputs.working_directory), runtime.project(inputs.working_directory)
    distributions, is_online = [item for _, item in files], inputs.index_rules == "pypi" and runtime.is_online
    found = release_violations(
        [upload_of(item, is_online=is_online) for item in distributions],
        index=inputs.index_rules,
        is_release=tagged is not None,
    )
    refused = {item.filename for item in found if item.level == "error"}
    with runtime.runner.group("Check the files with twine and check-wheel-contents"):
        checks = Checks(processes=runtime.processes, project=folder, is_configured=project.has_contents_check)
        checked = checks.run(files, refused)
        runtime.runner.untrusted(checked.output)
    findings = [
        *findings_of(found, {project.place: project.text}),
        *checked.findings,
        *advice(distributions, project, tagged),
    ]
    return [("error" if inputs.strict and level == "warning" else level, problem) for level, problem in findings]


def _annotate(runtime: Runtime, findings: Sequence[Graded]) -> None:
    for level, problem in findings:
        if level != "error":
            name: Literal["warning", "notice"] = "warning" if level == "warning" else "notice"
            runtime.runner.annotate(name, ACTION.title, str(problem), file=problem.file, line=problem.line)


def _differences(runtime: Runtime, first: Sequence[Distribution], again: Sequence[Path]) -> Iterator[Problem]:
    for before, path in zip(first, again, strict=True):
        problem = build_differences(before.archive, read_archive(path))
        if problem:
            yield problem
        else:
            runtime.runner.log(f"{before.filename} is reproducible: a second build is byte-identical.")


def _as_published(
    inputs: Inputs, runtime: Runtime, built: list[Distribution], paths: Sequence[Path], into: Path
) -> tuple[list[Distribution], tuple[Path, ...], list[Problem]]:
    """Return ``built`` and ``paths`` with equal published files in place of built ones, and the problems of others.

    An index never replaces a file, so the published files are the ones to release and attest. An unreachable index is
    only a warning, because it rejects duplicate uploads itself.
    """
    index = PackageIndex(url=inputs.published_index, log=runtime.runner.log)
    taken, places, problems = list(built), list(paths), list[Problem]()
    try:
        offered = {file.filename: file for file in index.files(built[0].name)}
    except Failure as failure:
        runtime.runner.annotate("warning", ACTION.title, failure.problems[0].found)
        return taken, tuple(places), problems
    into.mkdir()
    for number, item in enumerate(built):
        file = offered.get(item.filename)
        if file is None or file.sha256 == item.archive.sha256:
            continue
        served = index.download(file, into)
        archive = read_archive(served)
        problem = other_build(item.archive, archive, index.shown)
        if problem:
            problems.append(problem)
            continue
        runtime.runner.log(
            f"{index.shown} already has {item.filename} with the same content. Using the published file."
        )
        taken[number], places[number] = read_distribution(archive), served
    return taken, tuple(places), problems


def _outputs(inputs: Inputs, runtime: Runtime, distributions: Sequence[Distribution]) -> Outputs:
    first = distributions[0]
    paths = {item.kind: str(PurePosixPath(inputs.out_dir, item.filename)) for item in distributions}
    hashes = runtime.new_folder("hashes") / "SHA256SUMS"
    lines = digest_lines({item.filename: item.archive.sha256 for item in distributions})
    hashes.write_text(lines, "utf-8", newline="\n")
    return Outputs(
        name=first.name,
        version=str(first.version),
        prerelease=is_prerelease(first.version),
        dist_dir=inputs.out_dir,
        wheel=paths.get("wheel", ""),
        sdist=paths.get("sdist", ""),
        files=tuple(
            File(name=item.filename, size=item.archive.size, sha256=item.archive.sha256) for item in distributions
        ),
        python_versions=python_versions(first.metadata.get("requires_python"), first.metadata.get("classifiers", [])),
        hashes=str(hashes),
        sha256sums=lines.rstrip("\n"),
    )


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
