"""The submodules of a checkout: checked out if the project's workflows do so, else named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

_WANTED = re.compile(r"^[^#\n]*\bsubmodules:\s*['\"]?(true|recursive)\b", re.MULTILINE)


class Git(Protocol):
    """A git command in a folder: its output, or nothing."""

    def __call__(self, directory: Path, *arguments: str | Path) -> str | None:
        """Run the command."""


def check_out_submodules(project: Path, workspace: Path, *, packaged: bool, read: Git, run: Git) -> tuple[str, ...]:
    """Check out the submodules of ``workspace`` if a workflow in it does; return remarks about those that are missing.

    If they are ``packaged``, the workflow of ``tagship init`` does.

    Objects come from the submodules of ``project`` if it has them, else from their remotes. ``read`` returns the output
    of a git command, empty if it fails; ``run`` raises Failure if it fails.
    """
    paths = _paths(workspace, read)
    if not paths:
        return ()
    workflows = (workspace / ".github" / "workflows").glob("*.y*ml")
    wanted = [match[1] for file in workflows if (match := _WANTED.search(file.read_text("utf-8", "replace")))]
    if not wanted and not packaged:
        names = f"Submodule {paths[0]} is" if len(paths) == 1 else f"Submodules {', '.join(paths)} are"
        return (f"{names} not checked out: no workflow of the project sets `submodules: true` for actions/checkout.",)
    _check_out(project, workspace, paths, read=read, run=run)
    if "recursive" in wanted:
        for path in paths:
            inner = _paths(workspace / path, read)
            _check_out(project / path, workspace / path, inner, read=read, run=run)
    return ()


def _paths(workspace: Path, read: Git) -> list[str]:
    if not (workspace / ".gitmodules").is_file():
        return []
    listed = read(workspace, "config", "--file", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$") or ""
    return [line.split(" ", 1)[1] for line in listed.splitlines()]


def _check_out(project: Path, workspace: Path, paths: list[str], *, read: Git, run: Git) -> None:
    origin = read(project, "config", "--get", "remote.origin.url") or str(project)
    for path in paths:
        commit, local = read(workspace, "rev-parse", f"HEAD:{path}"), project / path
        if commit and read(local, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"):
            run(workspace, "clone", "--quiet", "--no-checkout", "--template=", "--", local.resolve(), path)
            run(workspace / path, "checkout", "--quiet", "--detach", commit)
        else:
            run(workspace, "-c", f"remote.origin.url={origin}", "submodule", "--quiet", "update", "--init", "--", path)
