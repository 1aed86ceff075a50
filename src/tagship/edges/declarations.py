"""The declaration of a project in a checkout: its name, version and metadata, and the files that contain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.project.declaration import PROJECT_FILES, Declaration, read_declaration
from tagship.edges.confinement import inside, read, texts
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from pathlib import Path


def declared(workspace: Path, folder: str) -> tuple[dict[str, str], Declaration, tuple[Problem, ...]]:
    """Return the project files in ``folder`` of the checkout by name, their declaration, and the problems with them."""
    files = texts(workspace, folder, PROJECT_FILES)
    try:
        _require_utf8(inside(workspace, folder) / "pyproject.toml", folder)
        return files, read_declaration(files, folder=folder) or Declaration(file=""), ()
    except Failure as failure:
        return files, Declaration(file=""), failure.problems


def _require_utf8(pyproject: Path, folder: str) -> None:
    """Raise Failure if the file exists and is not UTF-8 (https://toml.io/en/v1.0.0#spec)."""
    try:
        if pyproject.is_file():
            read(pyproject.resolve()).decode("utf-8")
    except UnicodeDecodeError as error:
        place = pyproject.name if folder == "." else f"{folder}/{pyproject.name}"
        raise Failure(
            Problem(
                found=f"{place} is not UTF-8: invalid byte 0x{error.object[error.start]:02x}.",
                remedy=f"Convert it, for example from Latin-1: iconv -f latin1 -t utf-8 {place} > utf-8.toml",
                topic="unreadable-project-file",
                file=place,
            )
        ) from error
