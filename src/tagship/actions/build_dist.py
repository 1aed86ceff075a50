"""build-dist: sdist, wheel from the sdist, and proof that they are what was tagged."""

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
from tagship.core.project.python_versions import python_versions
from tagship.core.summary import page
from tagship.core.versions import Tag, is_prerelease, version_of
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tagship.core.distributions.distribution import Distribution, Kind
    from tagship.core.distributions.mismatches import Checkout
    from tagship.edges.checks import Checked
    from tagship.edges.runtime import Runtime

_EPOCH = "SOURCE_DATE_EPOCH"
_APART = 2.1
"""Seconds from the end of a build to the start of the one it is compared with: times in a zip file are good to two."""


@c.inputs
class Inputs:
    """What build-dist can be told."""

    tag: Tag = c.input(c.tag, "The tag to release.", default="${{ github.ref_name }}")
    tag_prefix: str = c.input(c.prefix, "What stands before the version in a tag.", default="v")
    working_directory: str = c.input(c.folder, "The project's folder inside the checkout.", default=".")
    out_dir: str = c.input(
        c.folder, "The folder for the files, from the top of the checkout; emptied first.", default="dist"
    )
    sdist: bool = c.input(c.boolean, "Whether to build the sdist.", default="true")
    wheel: bool = c.input(c.boolean, "Whether to build the wheel, from the sdist where there is one.", default="true")
    reproducible: Literal["epoch", "verify", "off"] = c.input(
        c.choice("epoch", "verify", "off"),
        "`epoch` sets SOURCE_DATE_EPOCH to the time of the commit, `verify` also builds twice and compares.",
        default="epoch",
    )
    installer: Literal["uv", "pip"] = c.input(
        c.choice("uv", "pip"), "What installs the build requirements.", default="uv"
    )
    constraints: str = c.input(
        c.text, "A file of constraints on the build requirements, from the top of the checkout.", default=""
    )
    config_settings: tuple[str, ...] = c.input(c.lines, "Settings for the backend, one `KEY=value` a line.", default="")
    env: Mapping[str, str] = c.input(
        c.mapping, "Variables for the build; `PIP_*`, `UV_*` and `PYTHON*` reach it only from here.", default=""
    )
    published_index: str = c.input(
        c.text,
        "The index that may have files of this version from an earlier run: one that holds the same as what was built "
        "takes its place, one that does not fails the step. `none`: not asked.",
        default="none",
    )
    strict: bool = c.input(
        c.boolean, "Whether warnings of twine and findings of check-wheel-contents fail the step.", default="true"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One built file; ``size`` in bytes."""

    name: str
    size: int
    sha256: str


@c.outputs
class Outputs:
    """What was built."""

    name: str = c.output("The package's name, normalised.")
    version: str = c.output("The version, normalised by PEP 440.")
    prerelease: bool = c.output("Whether the version is a pre-release.")
    dist_dir: str = c.output("The folder that holds the files, from the top of the checkout.")
    wheel: str = c.output("The path of the wheel, empty where none was built.")
    sdist: str = c.output("The path of the sdist, empty where none was built.")
    files: tuple[File, ...] = c.output("The files as JSON: name, size, sha256.")
    python_versions: tuple[str, ...] = c.output("The Python versions the package supports, as a JSON list.")
    hashes: str = c.output("The path of a SHA256SUMS file for the files, outside of their folder.")
    sha256sums: str = c.output("What that file says, to hand on to other jobs.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Build into a scratch folder, prove the files, and only then put them into ``out_dir``.

    Raises Failure with everything that is wrong with the project or the files; ``out_dir`` is empty then.
    """
    wanted: dict[Kind, bool] = {"sdist": inputs.sdist, "wheel": inputs.wheel}
    kinds = [kind for kind, is_wanted in wanted.items() if is_wanted]
    if not kinds:
        raise Failure(
            Problem(
                found="Both sdist and wheel are false, so there is nothing to build.",
                remedy="Leave at least one of them true.",
                topic="wrong-inputs",
            )
        )
    runtime.require_folder(inputs.working_directory)
    project = runtime.project(inputs.working_directory)
    tagged = _tagged(inputs, runtime)
    checkout = runtime.git(inputs.working_directory).checkout(inputs.tag)
    folder = runtime.output_folder(inputs.out_dir)
    folder.empty()
    with runtime.scratch("build") as scratch:
        paths = _build(inputs, runtime, scratch / "work", kinds, checkout)
        built = time.monotonic()
        distributions = [read_distribution(runtime.read_archive(path)) for path in paths]
        problems = list(disagreements(distributions))
        if tagged and not problems and distributions[0].version != tagged.version:
            # The build may have changed files itself, which is a reason of its own.
            checkout = runtime.git(inputs.working_directory).checkout(inputs.tag)
            problems.append(version_mismatch(distributions[0].version, tagged, project, checkout))
        checked = _checked(inputs, runtime, paths)
        problems += checked.problems
        if inputs.reproducible == "verify":
            time.sleep(max(0.0, built + _APART - time.monotonic()))
            # A compiler writes into its files where it ran, so the second build runs in the same place.
            (scratch / "work").rename(scratch / "first")
            paths = tuple(scratch / "first" / "built" / path.name for path in paths)
            again = _build(inputs, runtime, scratch / "work", kinds, checkout)
            problems += _differences(runtime, distributions, again)
        if inputs.published_index != "none" and not problems:
            distributions, paths, others = _as_published(inputs, runtime, distributions, paths, scratch / "published")
            problems += others
        warnings = (*checked.warnings, *(() if problems else advice(distributions, project, tagged)))
        for warning in warnings:
            runtime.runner.annotate("warning", ACTION.title, str(warning), file=warning.file, line=warning.line)
        summary = distribution_summary(distributions, _notes(distributions[0], tagged), warnings)
        subject = escaped(f"{distributions[0].name} {distributions[0].version}")
        if problems:
            raise Failure(*dict.fromkeys(problems), subject=subject, summary=summary)
        folder.take(paths)
    runtime.runner.summarise(page("warned" if warnings else "passed", ACTION.title, summary, subject=subject))
    return _outputs(inputs, runtime, distributions)


def _tagged(inputs: Inputs, runtime: Runtime) -> Tagged | None:
    """Return the tag that the files must match; None where the run is not about one, as on a branch."""
    if not inputs.tag or (inputs.tag == runtime.context.ref_name and runtime.context.ref_type != "tag"):
        return None
    return Tagged(tag=inputs.tag, prefix=inputs.tag_prefix, version=version_of(inputs.tag, inputs.tag_prefix))


def _build(inputs: Inputs, runtime: Runtime, work: Path, kinds: Sequence[Kind], checkout: Checkout) -> tuple[Path, ...]:
    """Return the files built into the folder ``built`` in the new folder ``work``."""
    environ = without_python_settings(runtime.environ)
    if not environ.get(_EPOCH):
        # An expression that gives nothing sets the variable all the same, and no backend can read that.
        environ.pop(_EPOCH, None)
        if inputs.reproducible != "off" and checkout.time is not None:
            environ[_EPOCH] = str(checkout.time)
    if checkout.top:
        environ = trusting(environ, checkout.top)
    constraints = runtime.directory(inputs.constraints).resolve() if inputs.constraints else None
    title = f"Build the {' and the '.join(kinds)}" + (" a second time" if work.with_name("first").exists() else "")
    with runtime.runner.group(title), runtime.runner.shielded() as say:
        environments = runtime.environments(work, environ={**environ, **inputs.env}, say=say)
        builder = runtime.builder(
            environments, installer=inputs.installer, settings=inputs.config_settings, constraints=constraints
        )
        return builder.build(runtime.directory(inputs.working_directory), work / "built", kinds)


def _notes(first: Distribution, tagged: Tagged | None) -> Sequence[str]:
    """What the summary says about the version and the README."""
    notes = [relative_links(first)]
    if tagged is None:
        notes.insert(0, "No tag is released: any version will do.")
    elif first.version == tagged.version:
        notes.insert(0, f"The version is that of the tag {tagged.tag}.")
    return [note for note in notes if note]


def _checked(inputs: Inputs, runtime: Runtime, paths: Sequence[Path]) -> Checked:
    """What twine and check-wheel-contents hold against the files."""
    with runtime.runner.group("Check the files with twine and check-wheel-contents"):
        checked = runtime.checks().run(paths, runtime.directory(inputs.working_directory), strict=inputs.strict)
        runtime.runner.untrusted(checked.output)
    return checked


def _differences(runtime: Runtime, first: Sequence[Distribution], again: Sequence[Path]) -> Iterator[Problem]:
    for before, path in zip(first, again, strict=True):
        problem = build_differences(before.archive, runtime.read_archive(path))
        if problem:
            yield problem
        else:
            runtime.runner.log(f"{before.filename} came out the same in a second build, byte for byte.")


def _as_published(
    inputs: Inputs, runtime: Runtime, built: list[Distribution], paths: Sequence[Path], into: Path
) -> tuple[list[Distribution], tuple[Path, ...], list[Problem]]:
    """``built`` and ``paths`` with what the index has already in the place of its twins, and what speaks against that.

    An index never replaces a file, so what is released and attested must be what it has. One that cannot be asked is
    warned of: it will refuse by itself what it has.
    """
    index = runtime.package_index(inputs.published_index, log=runtime.runner.log)
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
        archive = runtime.read_archive(served)
        problem = other_build(item.archive, archive, index.shown)
        if problem:
            problems.append(problem)
            continue
        runtime.runner.log(f"{index.shown} has a {item.filename} already that holds the same: it is used.")
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
    summary="Build the sdist and the wheel from it, check both, and prove that they are the version that was tagged.",
    step="Build the sdist and the wheel",
    icon="package",
    color="blue",
    tier="build",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
