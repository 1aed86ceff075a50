"""The settings of a project's workflow, from the flags and the facts of the project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import InvalidName, canonicalize_name

from tagship.core.project.facts import ChangelogText
from tagship.core.project.python_versions import python_versions
from tagship.edges.project_files import clone_of, facts_of_clone
from tagship.edges.project_search import find_project
from tagship.errors import SOURCE, Failure, Problem
from tagship.initialise.settings import WorkflowSettings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from tagship.core.project.declaration import Declaration
    from tagship.core.project.facts import ProjectFacts


def gather_settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> tuple[Path, WorkflowSettings]:
    """Return the top of the checkout and the settings for the project in it. Raises Failure if a value is missing."""
    project = find_project(Path(arguments.path).resolve())
    repository, root = clone_of(project, environ)
    facts = facts_of_clone(project, environ, prefix=arguments.tag_prefix, name=arguments.name)
    if facts.problems:
        raise Failure(*facts.problems)
    name = _package_name(facts.declaration.name or "", project)
    file = arguments.file or ("release.yml" if facts.folder == "." else f"release-{canonicalize_name(name)}.yml")
    owner, _, slug = facts.repository.partition("/")
    is_url = arguments.index not in {"pypi", "none"}
    settings = WorkflowSettings(
        package=name,
        folder=facts.folder,
        owner=owner,
        repository=slug,
        branch=next(iter(facts.release_branches), repository.branch() or "main"),
        changelog=facts.changelog.path if isinstance(facts.changelog, ChangelogText) else "",
        version=_next_version(facts),
        declares_pythons=_declares_pythons(facts.declaration),
        tag_prefix=facts.prefix,
        index="other" if is_url else arguments.index,
        index_url=arguments.index if is_url else "",
        testpypi=arguments.testpypi,
        attestations=arguments.attestations,
        environment=arguments.environment or ("index" if is_url else "pypi"),
        file=file,
        host=_foreign_host(facts.remote),
        rivals=_rivals(facts, file) if facts.folder == "." else (),
        reference=arguments.reference,
        pin=arguments.pin,
    )
    return root, settings


def _package_name(name: str, project: Path) -> str:
    """Return ``name``. Raises Failure if it is missing or invalid."""
    try:
        canonicalize_name(name, validate=True)
    except InvalidName as error:
        raise Failure(
            Problem(
                found=f"{name!r} is not a valid package name." if name else f"No package name found in {project}.",
                remedy='Add name = "..." to [project] in pyproject.toml, or run: tagship init --name NAME',
                topic="no-package-name",
            )
        ) from error
    return name


def _declares_pythons(declaration: Declaration) -> bool:
    """Return True if the project declares the Python versions it supports."""
    declared = declaration.requires_python or any("Python :: 3." in line for line in declaration.classifiers)
    return bool(declared and python_versions(declaration.requires_python, declaration.classifiers))


def _rivals(facts: ProjectFacts, file: str) -> tuple[str, ...]:
    """Return the other workflows that publish or release, without those that call tagship."""
    others = (path for path in facts.publishing_workflows if not path.endswith(f"/{file}"))
    return tuple(path for path in others if SOURCE not in facts.workflows[path])


_HOST = re.compile(r"(?:(?:https?|ssh|git)://)?(?:[^/@]+@)?(?P<host>[^/:@]+\.[^/:@]+)[/:].+")


def _foreign_host(remote: str) -> str:
    """Return the host in the URL ``remote``; empty for github.com, for its SSH aliases, and for paths."""
    match = _HOST.fullmatch(remote)
    return match["host"] if match and "github.com" not in match["host"] else ""


def _next_version(facts: ProjectFacts) -> str:
    """Return the version to tag: the declared one without its development segment, else an example."""
    version = facts.written
    if version is None:
        return "1.2.0"
    return version.base_version if version.is_devrelease else version.public
