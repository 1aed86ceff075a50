"""The submodules of a checkout: checked out if the project's workflows do so, else named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.rehearsal.git import git, git_output

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.edges.processes import Processes

_WANTED = re.compile(r"^[^#\n]*\bsubmodules:\s*['\"]?(true|recursive)\b", re.MULTILINE)


def check_out_submodules(processes: Processes, project: Path, workspace: Path, *, packaged: bool) -> tuple[str, ...]:
    """Check out the submodules of ``workspace`` if a workflow in it does; return remarks about those that are missing.

    If they are ``packaged``, the workflow of ``tagship init`` does. Objects come from the submodules of ``project`` if
    it has them, else from their remotes. Raises Failure.
    """
    paths = _paths(processes, workspace)
    if not paths:
        return ()
    workflows = (workspace / ".github" / "workflows").glob("*.y*ml")
    wanted = [match[1] for file in workflows if (match := _WANTED.search(file.read_text("utf-8", "replace")))]
    if not wanted and not packaged:
        names = f"Submodule {paths[0]} is" if len(paths) == 1 else f"Submodules {', '.join(paths)} are"
        return (f"{names} not checked out: no workflow of the project sets `submodules: true` for actions/checkout.",)
    _check_out(processes, project, workspace, paths)
    if "recursive" in wanted:
        for path in paths:
            _check_out(processes, project / path, workspace / path, _paths(processes, workspace / path))
    return ()


def _paths(processes: Processes, workspace: Path) -> list[str]:
    if not (workspace / ".gitmodules").is_file():
        return []
    wanted = ("--file", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$")
    listed = git_output(processes, workspace, "config", *wanted)
    return [line.split(" ", 1)[1] for line in listed.splitlines()]


def _check_out(processes: Processes, project: Path, workspace: Path, paths: list[str]) -> None:
    origin = git_output(processes, project, "config", "--get", "remote.origin.url") or str(project)
    for path in paths:
        commit, local = git_output(processes, workspace, "rev-parse", f"HEAD:{path}"), project / path
        if commit and git_output(processes, local, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"):
            git(processes, workspace, "clone", "--quiet", "--no-checkout", "--template=", "--", local.resolve(), path)
            git(processes, workspace / path, "checkout", "--quiet", "--detach", commit)
        else:
            update = ("submodule", "--quiet", "update", "--init", "--", path)
            git(processes, workspace, "-c", f"remote.origin.url={origin}", *update)
