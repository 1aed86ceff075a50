"""build-dist: sdist, wheel from the sdist, and proof that they are what was tagged."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.contract import Action, boolean, choice, folder, given, gives, inputs, lines, mapping, outputs, tag, text
from tagship.core.advice import advice
from tagship.core.digests import digest_lines
from tagship.core.distribution_summary import distribution_summary
from tagship.core.distributions import DISTRIBUTION_SUFFIXES, disagreements, read_distribution
from tagship.core.environment import trusting, without_python_settings
from tagship.core.mismatches import Checkout, Tagged, version_mismatch
from tagship.core.python_versions import python_versions
from tagship.core.reproducibility import build_differences
from tagship.core.tool_reports import contents_problems, twine_problems
from tagship.core.versions import Tag, is_prerelease, version_of
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tagship.core.distributions import Distribution, Kind
    from tagship.core.projects import Project
    from tagship.edges.world import World

_SECOND_BUILD_AFTER = 2.1
"""Seconds between two builds that are compared: a time written into a zip file is good to two seconds."""


@inputs
class Inputs:
    """What build-dist can be told."""

    tag: Tag = given(tag, "The tag to release.", default="${{ github.ref_name }}")
    tag_prefix: str = given(text, "What stands before the version in a tag.", default="v")
    working_directory: str = given(folder, "The project's folder inside the checkout.", default=".")
    out_dir: str = given(
        folder, "The folder for the files, from the top of the checkout; emptied first.", default="dist"
    )
    sdist: bool = given(boolean, "Whether to build the sdist.", default="true")
    wheel: bool = given(boolean, "Whether to build the wheel, from the sdist where there is one.", default="true")
    reproducible: Literal["epoch", "verify", "off"] = given(
        choice("epoch", "verify", "off"),
        "`epoch` sets SOURCE_DATE_EPOCH to the time of the commit, `verify` also builds twice and compares.",
        default="epoch",
    )
    installer: Literal["uv", "pip"] = given(choice("uv", "pip"), "What installs the build requirements.", default="uv")
    constraints: str = given(
        text, "A file of constraints on the build requirements, from the top of the checkout.", default=""
    )
    config_settings: tuple[str, ...] = given(lines, "Settings for the backend, one `KEY=value` a line.", default="")
    env: Mapping[str, str] = given(
        mapping, "Variables for the build; `PIP_*`, `UV_*` and `PYTHON*` reach it only from here.", default=""
    )
    strict: bool = given(
        boolean, "Whether warnings of twine and findings of check-wheel-contents fail the step.", default="true"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One built file; ``size`` in bytes."""

    name: str
    size: int
    sha256: str


@outputs
class Outputs:
    """What was built."""

    name: str = gives("The package's name, normalised.")
    version: str = gives("The version, normalised by PEP 440.")
    prerelease: bool = gives("Whether the version is a pre-release.")
    dist_dir: str = gives("The folder that holds the files, from the top of the checkout.")
    wheel: str = gives("The path of the wheel, empty where none was built.")
    sdist: str = gives("The path of the sdist, empty where none was built.")
    files: tuple[File, ...] = gives("The files as JSON: name, size, sha256.")
    python_versions: tuple[str, ...] = gives("The Python versions the package supports, as a JSON list.")
    hashes: str = gives("The path of a SHA256SUMS file for the files, outside of their folder.")
    sha256sums: str = gives("What that file says, to hand on to other jobs.")


def run(inputs: Inputs, world: World) -> Outputs:
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
    project = world.project(inputs.working_directory)
    tagged = _tagged(inputs, world)
    checkout = _checkout(inputs, world)
    target = _emptied(inputs, world)
    with world.scratch("build") as scratch:
        with world.runner.group(f"Build {' and '.join(kinds)}"):
            paths = _build(inputs, world, scratch, kinds)
        distributions = [read_distribution(world.read_archive(path)) for path in paths]
        problems = list(disagreements(distributions))
        if tagged and not problems and distributions[0].version != tagged.version:
            problems.append(version_mismatch(distributions[0].version, tagged, project, checkout))
        problems += _checked(inputs, world, paths)
        if inputs.reproducible == "verify":
            problems += _rebuilt(inputs, world, scratch, kinds, distributions)
        if problems:
            raise Failure(*problems)
        for path in paths:
            shutil.move(path, target / path.name)
    _tell(world, distributions, project, tagged)
    return _outputs(inputs, world, distributions)


def _tagged(inputs: Inputs, world: World) -> Tagged | None:
    """The tag that the files must match; None where the run is not about one, as on a branch."""
    if not inputs.tag or (inputs.tag == world.context.ref_name and world.context.ref_type != "tag"):
        return None
    return Tagged(tag=inputs.tag, prefix=inputs.tag_prefix, version=version_of(inputs.tag, inputs.tag_prefix))


def _checkout(inputs: Inputs, world: World) -> Checkout:
    git = world.git(inputs.working_directory)
    head = git.commit_of("HEAD")
    return Checkout(
        is_repository=head is not None,
        shallow=git.is_shallow(),
        head=head,
        tag_commit=git.commit_of(f"refs/tags/{inputs.tag}") if inputs.tag else None,
        head_tags=git.tags(at=head) if head else (),
        changed=git.changed_files(),
    )


def _emptied(inputs: Inputs, world: World) -> Path:
    """The folder for the files, without the distributions of earlier builds.

    Raises Failure where it holds anything else: what is not ours is not deleted, and later steps would publish it.
    """
    target = world.directory(inputs.out_dir)
    present = sorted(target.iterdir()) if target.is_dir() else []
    strangers = [path.name for path in present if path.is_dir() or not _is_left_over(path.name)]
    if strangers or (target.exists() and not target.is_dir()):
        raise Failure(
            Problem(
                found=f"{inputs.out_dir} is to hold the built files alone, but holds "
                f"{', '.join(strangers[:5]) or 'a file of that name'}.",
                remedy="Remove it in an earlier step, or set out-dir to a folder of its own.",
                topic="out-dir-in-use",
            )
        )
    for path in present:
        path.unlink()
    target.mkdir(parents=True, exist_ok=True)
    return target


def _is_left_over(name: str) -> bool:
    # uv puts a .gitignore beside what it builds; attestations stand beside the files they are for.
    return name == ".gitignore" or name.endswith((*DISTRIBUTION_SUFFIXES, ".attestation"))


def _build(inputs: Inputs, world: World, scratch: Path, kinds: Sequence[Kind], name: str = "built") -> tuple[Path, ...]:
    constraints = world.directory(inputs.constraints).resolve() if inputs.constraints else None
    with world.runner.shielded() as say:
        environments = world.environments(scratch, environ=_environ(inputs, world), say=say)
        builder = world.builder(
            environments, installer=inputs.installer, settings=inputs.config_settings, constraints=constraints
        )
        return builder.build(world.directory(inputs.working_directory), scratch / name, kinds)


def _environ(inputs: Inputs, world: World) -> Mapping[str, str]:
    git = world.git(inputs.working_directory)
    environ = without_python_settings(world.environ)
    moment = git.commit_time()
    if inputs.reproducible != "off" and moment is not None:
        environ = {"SOURCE_DATE_EPOCH": str(moment), **environ}
    return {**trusting(environ, git.top() or ""), **inputs.env}


def _checked(inputs: Inputs, world: World, paths: Sequence[Path]) -> Iterator[Problem]:
    """What twine and check-wheel-contents hold against the files; without ``strict`` findings are told, not raised."""
    project = world.directory(inputs.working_directory)
    with world.runner.group("Check the files with twine and check-wheel-contents"):
        for tool, path, end in world.checks().run(paths, project, strict=inputs.strict):
            world.runner.untrusted(end.output.strip())
            if end.ok:
                continue
            if tool == "twine":
                yield from twine_problems(path.name, end.output.replace(str(path), path.name))
                continue
            for problem in contents_problems(path.name, end.output.replace(str(path), path.name)):
                if inputs.strict:
                    yield problem
                else:
                    world.runner.annotate("warning", ACTION.title, str(problem))


def _rebuilt(
    inputs: Inputs, world: World, scratch: Path, kinds: Sequence[Kind], first: Sequence[Distribution]
) -> Iterator[Problem]:
    """What differs in a second build from the same source."""
    time.sleep(_SECOND_BUILD_AFTER)
    with world.runner.group("Build again and compare"):
        for before, path in zip(first, _build(inputs, world, scratch, kinds, "again"), strict=True):
            problem = build_differences(before.archive, world.read_archive(path))
            if problem:
                yield problem
            else:
                world.runner.log(f"{before.filename} came out the same, byte for byte.")


def _tell(world: World, distributions: Sequence[Distribution], project: Project, tagged: Tagged | None) -> None:
    """The summary, with an annotation for everything that is worth mending but did not fail the step."""
    note = f"The version is that of the tag {tagged.tag}." if tagged else "No tag is released: no version was expected."
    world.runner.log(note)
    for problem in advice(distributions, project, tagged):
        world.runner.annotate("warning", ACTION.title, str(problem), file=problem.file, line=problem.line)
    world.runner.summarise(distribution_summary(distributions, [note]))


def _outputs(inputs: Inputs, world: World, distributions: Sequence[Distribution]) -> Outputs:
    first = distributions[0]
    paths = {item.kind: f"{inputs.out_dir}/{item.filename}" for item in distributions}
    hashes = world.new_folder("hashes") / "SHA256SUMS"
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


ACTION = Action(
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
