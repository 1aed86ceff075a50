"""The facts of a project, read from its files and its repository."""

from __future__ import annotations

import configparser
import tomllib
from typing import TYPE_CHECKING, Any

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from pathlib import Path

CHANGELOGS = ("CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md", "MILESTONES.md", ".planning/MILESTONES.md")
"""Where a changelog usually stands, from the project's folder or from its ``docs``."""


def metadata_of(project: Path) -> dict[str, Any]:
    """The static metadata of the project in the folder ``project``, by the names of PEP 621; empty where it has none.

    Raises Failure where ``pyproject.toml`` is no TOML.
    """
    file = project / "pyproject.toml"
    try:
        tables = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except ValueError as error:
        raise Failure(
            Problem(
                found=f"{file} is no TOML in UTF-8: {error}.",
                remedy="Mend it; `python -m build` reads it the same way.",
                topic="unreadable-pyproject",
            )
        ) from error
    poetry = tables.get("tool", {}).get("poetry", {})
    found = {"name": poetry.get("name"), "requires-python": poetry.get("dependencies", {}).get("python")}
    found |= _configured(project / "setup.cfg")
    found |= tables.get("project", {})
    return {name: value for name, value in found.items() if value}


def changelog_in(project: Path) -> str:
    """The path of the project's changelog from its folder, or nothing where there is none under its usual names."""
    names = (*CHANGELOGS, *(f"docs/{name}" for name in CHANGELOGS))
    return next((name for name in names if (project / name).is_file()), "")


def declares_pythons(metadata: dict[str, Any]) -> bool:
    """Whether the metadata says which Pythons the project supports."""
    classifiers = metadata.get("classifiers", ())
    return "requires-python" in metadata or any("Python :: 3." in str(item) for item in classifiers)


def _configured(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(file.read_text("utf-8"))
    except (configparser.Error, UnicodeDecodeError):
        return {}
    found = {
        "name": parser.get("metadata", "name", fallback=""),
        "requires-python": parser.get("options", "python_requires", fallback=""),
    }
    return {name: value for name, value in found.items() if value}
