"""The git commands that create and change the checkout of a rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.edges.git import git_not_found
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

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
