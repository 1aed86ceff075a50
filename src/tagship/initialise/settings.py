"""The settings of the release workflow that ``tagship init`` writes, from the flags and the facts of the project."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.utils import InvalidName, canonicalize_name

from tagship.core.changelog_text import ChangelogText
from tagship.core.project.next_release import next_version, release_inputs
from tagship.core.runner import without_credentials
from tagship.edges.installation import origin
from tagship.edges.processes import Processes
from tagship.edges.project_files import clone_of, facts_of_clone
from tagship.edges.project_search import find_project
from tagship.errors import SOURCE, Failure

if TYPE_CHECKING:
    import argparse

    from tagship.core.project.facts import ProjectFacts

DEFAULT_REFERENCE = "v1"
"""The tag of tagship to call without a known commit."""

Index = Literal["pypi", "none", "other"]
"""The package index: PyPI with trusted publishing, none, or another index with a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSettings:
    """The settings for one project.

    ``package`` is the name in its metadata, ``folder`` its path in the repository. ``owner`` and ``repository`` are
    empty without a remote on GitHub, ``changelog`` is empty without one. ``version`` is the next version, or an
    example. ``inputs`` are the inputs of the workflow that differ from its defaults. ``compiled`` is true if the
    project contains compiled code, ``checked`` if it has checks. ``source`` is the repository of tagship,
    ``reference`` its tag to call, ``pin`` an optional commit SHA instead. ``host`` is the host of a remote that is not
    on github.com. ``rivals`` are the paths of other workflows that publish or release.
    """

    package: str
    folder: str = "."
    owner: str = ""
    repository: str = ""
    branch: str = "main"
    changelog: str = ""
    version: str = "1.2.0"
    inputs: Mapping[str, str] = field(default_factory=lambda: {"python-versions": "auto"})
    compiled: bool = False
    checked: bool = True
    tag_prefix: str = "v"
    index: Index = "pypi"
    index_url: str = ""
    testpypi: bool = False
    attestations: bool = False
    environment: str = "pypi"
    file: str = "release.yml"
    source: str = SOURCE
    reference: str = DEFAULT_REFERENCE
    pin: str = ""
    host: str = ""
    rivals: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        return " # ".join(filter(None, [self.pin, self.reference]))

    @property
    def project(self) -> str:
        return canonicalize_name(self.package)

    @property
    def tag_pattern(self) -> str:
        """The ``tags`` filter for this package, with special characters escaped."""
        return re.sub(r"([*?+\[\]!\\])", r"\\\1", self.tag_prefix) + ("*" if self.tag_prefix else "[0-9]*")


def gather_settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> tuple[Path, WorkflowSettings]:
    """Return the top of the checkout and the settings for the project in it. Raises Failure if a value is missing."""
    project = find_project(Path(arguments.path).resolve())
    repository, root = clone_of(project, environ)
    facts = facts_of_clone(project, environ, prefix=arguments.tag_prefix, name=arguments.name)
    if facts.problems:
        raise Failure(*facts.problems)
    name = _package_name(facts.declaration.name or _built_name(project, facts, environ), project)
    file = arguments.file or ("release.yml" if facts.folder == "." else f"release-{canonicalize_name(name)}.yml")
    owner, _, slug = facts.repository.partition("/")
    is_url = arguments.index not in {"pypi", "none"}
    source, pin, reference = _source(arguments, repository.processes)
    settings = WorkflowSettings(
        package=name,
        folder=facts.folder,
        owner=owner,
        repository=slug,
        branch=next(iter(facts.release_branches), repository.branch() or "main"),
        changelog=facts.changelog.path if isinstance(facts.changelog, ChangelogText) else "",
        version=proposed.value if (proposed := next_version(facts)) else "1.2.0",
        inputs={name: choice.value for name, choice in release_inputs(facts).items()},
        compiled=facts.is_compiled,
        checked=facts.checks is not None,
        tag_prefix=facts.prefix,
        index="other" if is_url else arguments.index,
        index_url=arguments.index if is_url else "",
        testpypi=arguments.testpypi,
        attestations=arguments.attestations,
        environment=arguments.environment or ("index" if is_url else "pypi"),
        file=file,
        host=_foreign_host(facts.remote),
        rivals=_rivals(facts, file) if facts.folder == "." else (),
        source=source,
        reference=reference,
        pin=pin,
    )
    return root, settings


def _source(arguments: argparse.Namespace, processes: Processes) -> tuple[str, str, str]:
    """Return the repository of tagship, the commit to pin or an empty text, and the tag of either.

    Raises Failure if the repository is unknown.
    """
    known = origin(processes)
    source = arguments.source or known.repository
    if not source:
        raise Failure.of(
            found="The GitHub repository of tagship is unknown, so the workflow cannot call it.",
            remedy=f"Set it: tagship init --source {SOURCE}",
            topic="no-source",
        )
    if arguments.pin or arguments.reference or source != known.repository:
        return source, arguments.pin, arguments.reference or DEFAULT_REFERENCE
    return source, known.commit, known.tag or ("" if known.commit else DEFAULT_REFERENCE)


def _built_name(project: Path, facts: ProjectFacts, environ: Mapping[str, str]) -> str:
    """Return the name that the build backend computes, or an empty text if it fails."""
    if not facts.files:
        return ""
    # The library `build` is slow to import.
    from tagship.edges.builds import Builder
    from tagship.edges.environments import Environments

    clean = without_credentials(environ)
    processes = Processes(environ=clean)
    with tempfile.TemporaryDirectory(prefix="tagship-init-") as folder:
        environments = Environments(folder=Path(folder), processes=processes, environ=clean, say=lambda _: None)
        try:
            return Builder(environments=environments, installer="uv").name(project, Path(folder) / "metadata")
        except Failure:
            return ""


def _package_name(name: str, project: Path) -> str:
    """Return ``name``. Raises Failure if it is missing or invalid."""
    try:
        canonicalize_name(name, validate=True)
    except InvalidName as error:
        raise Failure.of(
            found=f"{name!r} is not a valid package name." if name else f"No package name found in {project}.",
            remedy='Add name = "..." to [project] in pyproject.toml, or run: tagship init --name NAME',
            topic="no-package-name",
        ) from error
    return name


def _rivals(facts: ProjectFacts, file: str) -> tuple[str, ...]:
    """Return the other workflows that publish or release, without those that call tagship."""
    others = (path for path in facts.publishing_workflows if not path.endswith(f"/{file}"))
    return tuple(path for path in others if "/tagship" not in facts.workflows[path])


_HOST = re.compile(r"(?:(?:https?|ssh|git)://)?(?:[^/@]+@)?(?P<host>[^/:@]+\.[^/:@]+)[/:].+")


def _foreign_host(remote: str) -> str:
    """Return the host in the URL ``remote``; empty for github.com, for its SSH aliases, and for paths."""
    match = _HOST.fullmatch(remote)
    return match["host"] if match and "github.com" not in match["host"] else ""
