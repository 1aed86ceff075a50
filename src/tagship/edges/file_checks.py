"""The checks of the files of one release, which build-dist and check-dist share, and their report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from tagship.core.digests import digest_lines
from tagship.core.distributions.distribution import Distribution, disagreements, read_distribution
from tagship.core.distributions.lint import advice
from tagship.core.distributions.mismatches import Tagged, version_mismatch
from tagship.core.distributions.page import distribution_summary, relative_links
from tagship.core.distributions.reproducibility import other_build
from tagship.core.formatting import escaped
from tagship.core.index_rules.release import release_violations
from tagship.core.index_rules.rule import Index, findings_of
from tagship.core.project.python_versions import python_versions
from tagship.core.summary import page
from tagship.core.versions import Tag, version_of
from tagship.edges.archives import read_archive
from tagship.edges.checks import Checks
from tagship.edges.index_rules import upload_of
from tagship.edges.runtime import Runtime, require_library
from tagship.errors import Failure, Graded, Problem

if TYPE_CHECKING:
    from tagship.core.project.declaration import Declaration

LINT = "lint"
"""The tier with the libraries of the checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One built file; ``size`` in bytes."""

    name: str
    size: int
    sha256: str


def read_file(path: Path) -> tuple[Path, Distribution]:
    """Return the file at ``path`` with its contents. Raises Failure if it is not a wheel or sdist."""
    return path, read_distribution(read_archive(path))


def tag_to_match(runtime: Runtime, tag: Tag, prefix: str) -> Tagged | None:
    """Return the tag that the files must match; None if the run is not for a tag, for example on a branch."""
    if not tag or (tag == runtime.context.ref_name and runtime.context.ref_type != "tag"):
        return None
    return Tagged(tag=tag, prefix=prefix, version=version_of(tag, prefix))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChecks:
    """The checks for an action with the ``title``, in the project directory ``folder``, that of ``project``.

    ``tagged`` is None if no tag is released. With ``strict`` warnings are errors.
    """

    runtime: Runtime
    title: str
    folder: str
    project: Declaration
    index_rules: Index
    strict: bool
    tagged: Tagged | None

    def findings(self, files: Sequence[tuple[Path, Distribution]], others: Sequence[Graded] = ()) -> list[Graded]:
        """Return the findings of the index rules, twine, check-wheel-contents and this project, and ``others``."""
        runtime, project = self.runtime, self.project
        sources = runtime.texts(self.folder, ["pyproject.toml"])
        require_library("twine", LINT, runtime.installer_environ)
        distributions, is_online = [item for _, item in files], self.index_rules == "pypi" and runtime.is_online
        found = release_violations(
            [upload_of(item, is_online=is_online) for item in distributions],
            index=self.index_rules,
            is_release=self.tagged is not None,
        )
        refused = {item.filename for item in found if item.level == "error"}
        with runtime.runner.group("Check the files with twine and check-wheel-contents"):
            checks = Checks(
                processes=runtime.processes,
                project=runtime.directory(self.folder),
                is_configured=project.has_contents_check,
            )
            checked = checks.run(files, refused)
            runtime.runner.untrusted(checked.output)
        findings = [
            *findings_of(found, {str(PurePosixPath(self.folder, name)): text for name, text in sources.items()}),
            *checked.findings,
            *others,
            *advice(distributions, project, self.tagged),
        ]
        return [("error" if self.strict and level == "warning" else level, problem) for level, problem in findings]

    def mismatches(self, distributions: Sequence[Distribution]) -> list[Problem]:
        """Return the problems of files that disagree with each other, or else with the tag."""
        problems: list[Problem] = list(disagreements(distributions))
        version = distributions[0].version
        if self.tagged and not problems and version != self.tagged.version:
            # A build may change files in the checkout, which can also explain the mismatch.
            checkout = self.runtime.git(self.folder).checkout(self.tagged.tag)
            problems.append(version_mismatch(version, self.tagged, self.project, checkout))
        return problems

    def as_published(
        self, index: str, files: Sequence[tuple[Path, Distribution]], into: Path
    ) -> tuple[list[tuple[Path, Distribution]], list[Problem]]:
        """Return ``files`` with equal published files in place of built ones, and the problems of others.

        An index never replaces a file, so the published files are the ones to release and attest. An unreachable index
        is only a warning, because it rejects duplicate uploads itself.
        """
        # The HTTP client is slow to import.
        from tagship.edges.package_index import PackageIndex

        source = PackageIndex(url=index, log=self.runtime.runner.log)
        taken, problems = list(files), list[Problem]()
        try:
            offered = {file.filename: file for file in source.files(files[0][1].name)}
        except Failure as failure:
            self.runtime.runner.annotate("warning", self.title, failure.problems[0].found)
            return taken, problems
        into.mkdir()
        for number, (_, item) in enumerate(files):
            file = offered.get(item.filename)
            if file is None or file.sha256 == item.archive.sha256:
                continue
            served = read_file(source.download(file, into))
            problem = other_build(item.archive, served[1].archive, source.shown)
            if problem:
                problems.append(problem)
                continue
            self.runtime.runner.log(
                f"{source.shown} already has {item.filename} with the same content. Using the published file."
            )
            taken[number] = served
        return taken, problems

    def report(
        self,
        distributions: Sequence[Distribution],
        findings: Sequence[Graded],
        problems: Sequence[Problem],
        left_out: Sequence[str] = (),
    ) -> None:
        """Annotate the ``findings`` and write the summary. Raises Failure if one is an error or there are ``problems``.

        ``problems`` are errors that are not among the findings, ``left_out`` are files that the sdist lacks.
        """
        runner, first = self.runtime.runner, distributions[0]
        for level, problem in findings:
            if level != "error":
                runner.annotate(level, self.title, str(problem), file=problem.file, line=problem.line)
        warnings = [problem for level, problem in findings if level == "warning"]
        notes = [problem.found for level, problem in findings if level == "note"]
        summary = distribution_summary(distributions, [*self._notes(first), *notes], warnings, left_out)
        subject = escaped(f"{first.name} {first.version}")
        errors = [*problems, *(problem for level, problem in findings if level == "error")]
        if errors:
            raise Failure(*dict.fromkeys(errors), subject=subject, summary=summary)
        runner.summarise(page("warned" if warnings else "passed", self.title, summary, subject=subject))

    def _notes(self, first: Distribution) -> Sequence[str]:
        """Return the summary's notes about the version and the README."""
        notes = [relative_links(first)]
        if self.tagged is None:
            notes.insert(0, "This run is not for a tag, so the version is not checked.")
        elif first.version == self.tagged.version:
            notes.insert(0, f"The version matches the tag {self.tagged.tag}.")
        return [note for note in notes if note]


def file_outputs(runtime: Runtime, distributions: Sequence[Distribution]) -> dict[str, Any]:
    """Return the outputs that describe ``distributions``, and write SHA256SUMS outside of their folder."""
    first = distributions[0]
    hashes = runtime.new_folder("hashes") / "SHA256SUMS"
    lines = digest_lines({item.filename: item.archive.sha256 for item in distributions})
    hashes.write_text(lines, "utf-8", newline="\n")
    return {
        "name": first.name,
        "version": str(first.version),
        "prerelease": first.version.is_prerelease,
        "files": tuple(
            File(name=item.filename, size=item.archive.size, sha256=item.archive.sha256) for item in distributions
        ),
        "python_versions": python_versions(
            first.metadata.get("requires_python"), first.metadata.get("classifiers", [])
        ),
        "hashes": str(hashes),
        "sha256sums": lines.rstrip("\n"),
    }
