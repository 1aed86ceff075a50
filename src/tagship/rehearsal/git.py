"""The git commands that create and change the checkout of a rehearsal, with its submodules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.edges.git import git_not_found
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.edges.processes import Completed, Processes

_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"),
    *("-c", "user.name=tagship", "-c", "user.email=tagship@example.invalid", "-c", "advice.detachedHead=false"),
)


def git_output(processes: Processes, directory: Path, *arguments: str | Path) -> str:
    """Return the output of a git command, or an empty string if it fails."""
    completed = _run(processes, directory, arguments, errors_apart=True)
    return completed.output.strip() if completed.ok else ""


def git(processes: Processes, directory: Path, *arguments: str | Path, remedy: str = "") -> None:
    """Run a git command. Raises Failure with ``remedy`` if it fails."""
    completed = _run(processes, directory, arguments)
    if not completed.ok:
        raise Failure.of(
            found=f"git {arguments[0]} failed: {completed.output.strip()}",
            remedy=remedy or f"Check the repository: git -C {directory} fsck",
            topic="git-clone-failed",
        )


def _run(
    processes: Processes, directory: Path, arguments: tuple[str | Path, ...], *, errors_apart: bool = False
) -> Completed:
    try:
        command = ["git", *_SETTINGS, *arguments]
        return processes.run(command, cwd=directory, timeout=1800, errors_apart=errors_apart)
    except FileNotFoundError as error:
        raise Failure(git_not_found(directory, error)) from error


_WANTED = re.compile(r"^[^#\n]*\bsubmodules:\s*['\"]?(true|recursive)\b", re.MULTILINE)


def check_out_submodules(processes: Processes, project: Path, workspace: Path, *, packaged: bool) -> tuple[str, ...]:
    """Check out the submodules of ``workspace`` if a workflow in it does; return remarks about those that are missing.

    If they are ``packaged``, the workflow of ``tagship init`` does. Objects come from the submodules of ``project`` if
    it has them, else from their remotes. Raises Failure if one that is packaged cannot be fetched.
    """
    paths = _paths(processes, workspace)
    if not paths:
        return ()
    workflows = (workspace / ".github" / "workflows").glob("*.y*ml")
    wanted = [match[1] for file in workflows if (match := _WANTED.search(file.read_text("utf-8", "replace")))]
    if not wanted and not packaged:
        names = f"Submodule {paths[0]} is" if len(paths) == 1 else f"Submodules {', '.join(paths)} are"
        return (f"{names} not checked out: no workflow of the project sets `submodules: true` for actions/checkout.",)
    try:
        _check_out(processes, project, workspace, paths)
        if "recursive" in wanted:
            for path in paths:
                _check_out(processes, project / path, workspace / path, _paths(processes, workspace / path))
    except Failure as failure:
        if packaged:
            raise
        return (f"A submodule is not checked out. {str(failure).splitlines()[0]}",)
    return ()


def _paths(processes: Processes, workspace: Path) -> list[str]:
    if not (workspace / ".gitmodules").is_file():
        return []
    wanted = ("--file", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$")
    listed = git_output(processes, workspace, "config", *wanted)
    return [line.split(" ", 1)[1] for line in listed.splitlines()]


def _check_out(processes: Processes, project: Path, workspace: Path, paths: list[str]) -> None:
    origin = git_output(processes, project, "config", "--get", "remote.origin.url") or str(project)
    git(processes, workspace, "config", "remote.origin.url", origin)
    for path in paths:
        commit, local = git_output(processes, workspace, "rev-parse", f"HEAD:{path}"), project / path
        known = ("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
        if commit and local.is_dir() and git_output(processes, local, *known):
            git(processes, workspace, "clone", "--quiet", "--no-checkout", "--template=", "--", local.resolve(), path)
            git(processes, workspace / path, "checkout", "--quiet", "--detach", commit)
        else:
            update = ("submodule", "--quiet", "update", "--init", "--", path)
            git(processes, workspace, *update, remedy=f"Fetch it in {project}: git submodule update --init")
