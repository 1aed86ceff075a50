"""The project that a folder belongs to, so that commands work in any of its folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tagship.core.project.declaration import PROJECT_FILES
from tagship.core.runner import without_credentials
from tagship.edges.git import Repository
from tagship.edges.processes import Processes


def is_project(folder: Path) -> bool:
    """Return True if ``folder`` has a project file."""
    return any((folder / name).is_file() for name in PROJECT_FILES)


def find_project(folder: Path) -> Path:
    """Return the closest of ``folder`` and its parents with a project file; ``folder`` if its repository has none."""
    if not folder.is_dir():
        return folder
    for candidate in (folder.absolute(), *folder.absolute().parents):
        if is_project(candidate):
            return candidate
        if (candidate / ".git").exists() or (candidate / "objects").is_dir():
            # The top of a repository, or a bare one.
            break
    return folder


def project_and_folder(folder: Path, environ: Mapping[str, str]) -> tuple[Path, str]:
    """Return the top of the repository with the project of ``folder``, and the project's folder in it.

    A project without files in a repository is its own top.
    """
    project = find_project(folder).resolve()
    repository = Repository(directory=project, processes=Processes(environ=without_credentials(environ)))
    top = repository.top() if repository.files() else None
    return (Path(top).resolve(), project.relative_to(Path(top).resolve()).as_posix()) if top else (project, ".")
