"""The facts of a project, read from its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.utils import InvalidName, canonicalize_name

from tagship.core.preflight.history import released_versions
from tagship.core.project.declaration import PROJECT_FILES, Declaration, read_declaration
from tagship.core.project.python_versions import python_versions
from tagship.core.workflows.jobs import publishes
from tagship.core.workflows.reading import Workflow, read_workflow
from tagship.edges.changelogs import Changelogs
from tagship.errors import SOURCE, Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def declaration_in(project: Path) -> Declaration:
    """What the files in the folder ``project`` declare. Raises Failure where one of them cannot be read."""
    texts = {name: _text(project / name) for name in PROJECT_FILES if (project / name).is_file()}
    return read_declaration(texts, folder=project.name) or Declaration(file="")


def package_name(given: str, declaration: Declaration, project: Path) -> str:
    """Return the package's name: the ``given`` one, else the declared one. Raises Failure where there is none."""
    name = given or declaration.name or ""
    try:
        canonicalize_name(name, validate=True)
    except InvalidName as error:
        said = f"{name!r} is no name for a package." if name else f"No file in {project} says the package's name."
        raise Failure(
            Problem(
                found=said,
                remedy='Write name = "..." into [project] of pyproject.toml, or give it: tagship init --name NAME',
                topic="no-package-name",
            )
        ) from error
    return name


def changelog_in(project: Path) -> str:
    """Return the path of the project's changelog from its folder, or nothing where there is none under its usual
    names.
    """
    try:
        return Changelogs(workspace=project, inside=".").read("").path
    except Failure:
        return ""


def declares_pythons(declaration: Declaration) -> bool:
    """Return True if the project says which Pythons it supports."""
    told = declaration.requires_python or any("Python :: 3." in line for line in declaration.classifiers)
    return bool(told and python_versions(declaration.requires_python, declaration.classifiers))


_HOST = re.compile(r"(?:(?:https?|ssh|git)://)?(?:[^/@]+@)?(?P<host>[^/:@]+\.[^/:@]+)[/:].+")


def foreign_host(remote: str) -> str:
    """Return the host that the address ``remote`` names; empty for github.com, for ssh's names of it, and for paths."""
    match = _HOST.fullmatch(remote)
    return match["host"] if match and "github.com" not in match["host"] else ""


def tag_prefix(tags: Sequence[str]) -> str:
    """What stands before the version in a tag of a project that is alone in its repository, as ``tags`` show it."""
    return "" if released_versions(tags, "") and not any(tag.startswith("v") for tag in tags) else "v"


def rivals(root: Path, file: str) -> tuple[str, ...]:
    """Return the workflows in the checkout ``root`` that publish or release, other than ``file`` and those that call
    us.
    """
    folder = ".github/workflows"
    texts = {
        f"{folder}/{path.name}": path.read_text("utf-8-sig", "replace")
        for path in sorted((root / folder).glob("*.y*ml"))
        if path.is_file() and path.name != file
    }
    read = [read_workflow(path, text) for path, text in texts.items() if SOURCE not in text]
    return tuple(workflow.path for workflow in read if isinstance(workflow, Workflow) and publishes(workflow))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failure(
            Problem(
                found=f"{file} is not UTF-8.",
                remedy="Save it as UTF-8; packaging tools read nothing else.",
                topic="unreadable-project-file",
            )
        ) from error
