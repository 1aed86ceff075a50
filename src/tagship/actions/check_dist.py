"""check-dist: check the files of one release together, wherever they were built."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tagship import contract as c
from tagship.core.distributions.agreement import metadata_differences, missing_platforms, same_names
from tagship.edges.checks import abi3_findings
from tagship.edges.file_checks import File, FileChecks, file_outputs, read_file, tag_to_match
from tagship.edges.output_folder import OutputFolder, find_files
from tagship.errors import Failure, Graded, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution
    from tagship.core.index_rules.rule import Index
    from tagship.core.versions import Tag
    from tagship.edges.runtime import Runtime


@c.inputs
class Inputs:
    """The files to check."""

    files: tuple[str, ...] = c.input(
        c.lines,
        "Files, directories or globs of the wheels and the sdist, for example `artifacts`. All files below a directory "
        "are checked.",
        default="dist",
    )
    out_dir: str = c.input(
        c.text,
        "Directory to move the files to, emptied first, for example `dist`. Empty: the files stay in place.",
        default="",
    )
    tag: Tag = c.input(c.tag, "Tag to release, for example `v1.2.0`.", default="${{ github.ref_name }}")
    tag_prefix: str = c.input(c.prefix, "Tag prefix before the version, for example `v` or `pkg-v`.", default="v")
    working_directory: str = c.input(c.folder, "Project directory, for example `packages/core`.", default=".")
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


@c.outputs
class Outputs:
    """The checked files."""

    name: str = c.output("Package name, normalised.")
    version: str = c.output("Version, normalised by PEP 440.")
    prerelease: bool = c.output("`true` if the version is a pre-release.")
    dist_dir: str = c.output("Directory of the files, relative to the repository root; empty if they stay in place.")
    files: tuple[File, ...] = c.output("Files as a JSON list of name, size and sha256.")
    python_versions: tuple[str, ...] = c.output("Supported Python versions, as a JSON list.")
    hashes: str = c.output("Path of a SHA256SUMS file for the files, outside their directory.")
    sha256sums: str = c.output("Content of the SHA256SUMS file, for other jobs.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Check all files, and then move them to ``out_dir``. Raises Failure with every problem; nothing is moved then."""
    runtime.require_folder(inputs.working_directory)
    checks = FileChecks(
        runtime=runtime,
        title=ACTION.title,
        folder=inputs.working_directory,
        project=runtime.declaration(inputs.working_directory),
        index_rules=inputs.index_rules,
        strict=inputs.strict,
        tagged=tag_to_match(runtime, inputs.tag, inputs.tag_prefix),
    )
    files, problems = _read(_paths(inputs, runtime), runtime)
    distributions = [item for _, item in files]
    problems += checks.mismatches(distributions)
    findings = checks.findings(
        files,
        [
            *abi3_findings(files, runtime),
            *metadata_differences(distributions),
            *_lost_platforms(inputs, runtime, distributions),
        ],
    )
    with runtime.scratch("check") as scratch:
        if inputs.published_index != "none" and not problems:
            files, others = checks.as_published(inputs.published_index, files, scratch / "published")
            problems += others
        distributions = [item for _, item in files]
        checks.report(distributions, findings, problems)
        if inputs.out_dir:
            _move(inputs, runtime, [path for path, _ in files], scratch)
    return Outputs(dist_dir=inputs.out_dir, **file_outputs(runtime, distributions))


def _paths(inputs: Inputs, runtime: Runtime) -> list[Path]:
    """Return the files that the input selects, sorted by name. Raises Failure if a line of it selects none."""
    found = {pattern: find_files(runtime.workspace, pattern) for pattern in inputs.files}
    unmatched = [pattern for pattern, paths in found.items() if not paths]
    if unmatched or not found:
        raise Failure.of(
            found=f"No file matches {', '.join(unmatched)}.",
            remedy="Download the artifacts with the wheels in an earlier step, or correct files, paths relative to "
            "the repository root.",
            topic="no-file-matches",
        )
    return sorted({path for paths in found.values() for path in paths}, key=lambda path: (path.name, str(path)))


def _read(paths: list[Path], runtime: Runtime) -> tuple[list[tuple[Path, Distribution]], list[Problem]]:
    """Return one file of each name, and the problems of names with different contents.

    Raises Failure with every file that is not a wheel or sdist.
    """
    files: dict[str, tuple[Path, Distribution]] = {}
    places: dict[str, list[tuple[str, str]]] = {}
    unread: list[Problem] = []
    for path in paths:
        try:
            read = read_file(path)
        except Failure as failure:
            unread += failure.problems
            continue
        files.setdefault(path.name, read)
        shown = path.relative_to(runtime.workspace) if path.is_relative_to(runtime.workspace) else path
        places.setdefault(path.name, []).append((shown.as_posix(), read[1].archive.sha256))
    if unread:
        raise Failure(*unread)
    return list(files.values()), list(same_names(places))


def _lost_platforms(inputs: Inputs, runtime: Runtime, distributions: list[Distribution]) -> list[Graded]:
    if inputs.published_index == "none":
        return []
    # The HTTP client is slow to import.
    from tagship.edges.package_index import PackageIndex

    index = PackageIndex(url=inputs.published_index, log=runtime.runner.log)
    try:
        return list(missing_platforms(distributions, index.files(distributions[0].name), index.shown))
    except Failure:
        # The search for published files reports an index that does not respond.
        return []


def _move(inputs: Inputs, runtime: Runtime, paths: list[Path], scratch: Path) -> None:
    """Move ``paths`` to the output folder, which may contain them."""
    kept = scratch / "kept"
    kept.mkdir()
    moved = [Path(shutil.move(path, kept / path.name)) for path in paths]
    folder = OutputFolder(top=runtime.workspace, name=inputs.out_dir)
    folder.empty()
    folder.take(moved)


ACTION = c.Action(
    name="check-dist",
    title="Check distributions",
    summary="Check the wheels and the sdist of a release together: against the tag, each other, and the rules of PyPI.",
    step="Check all files of the release",
    icon="check-square",
    color="blue",
    tier="changelog",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
