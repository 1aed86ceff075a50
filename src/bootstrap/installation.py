"""A lock installed into a folder that appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.diagnosis import diagnosis
from bootstrap.installers import NO_PIP, Outcome, Task, by_bundled_pip, by_fetched_uv, by_own_uv, by_pip
from bootstrap.surroundings import installers_environment
from bootstrap.telling import fold, note
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTIAL = ".partial-"
"""What stands in the name of a folder in which an installation is being made."""
ABANDONED_AFTER = 3600.0
"""Seconds after which an unfinished installation cannot be anybody's any more."""
_LINES_SHOWN = 30
_RENAME_ATTEMPTS = 10


def install(lock: Path, folder: Path, environ: Mapping[str, str]) -> None:
    """Have ``folder`` hold the distributions of ``lock``, whoever puts them there first. Failure where it cannot be."""
    started = time.monotonic()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        clear_abandoned(folder.parent)
        staging = Path(tempfile.mkdtemp(prefix=folder.name + PARTIAL, dir=folder.parent))
        try:
            temporary = staging / "tmp"
            temporary.mkdir()
            task = Task(
                lock=lock,
                staging=staging,
                environ=installers_environment(environ, temporary),
                source_of_uv=lock.with_name("full.txt"),
            )
            installer = settle(*fill(task, environ), folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise Failure(_no_room(folder.parent, error)) from error
    note(f"{lock.stem} dependencies installed by {installer} in {time.monotonic() - started:.1f} s")


def clear_abandoned(parent: Path) -> None:
    """Remove what interrupted installations left in ``parent``; one that may still be going on is left alone."""
    limit = time.time() - ABANDONED_AFTER
    for folder in parent.glob(f"tagship-*{PARTIAL}*"):
        try:
            abandoned = folder.lstat().st_mtime < limit
        except FileNotFoundError:
            continue
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)


def fill(task: Task, environ: Mapping[str, str]) -> tuple[str, Path]:
    """The installer that managed and the folder it filled. What the others printed is shown; Failure if all fail."""
    failed: list[Outcome] = []
    for way in (by_own_uv, by_fetched_uv, by_pip, by_bundled_pip):
        if way is by_bundled_pip and not any(NO_PIP in outcome.output for outcome in failed):
            continue
        target = task.staging / way.__name__
        outcome = way(task, target)
        if outcome is None:
            continue
        if outcome.code == 0:
            return outcome.installer, target
        lines = outcome.output.strip().splitlines()[-_LINES_SHOWN:]
        fold(f"{outcome.installer} ended with status {outcome.code}", "\n".join(lines), environ)
        failed.append(outcome)
    raise Failure(diagnosis(failed, task.lock.stem))


def settle(installer: str, filled: Path, folder: Path) -> str:
    """Rename ``filled`` to ``folder``, unless another process has put its own there meanwhile; says who installed."""
    for attempt in range(_RENAME_ATTEMPTS):
        try:
            filled.rename(folder)
        except OSError as error:
            if folder.is_dir():
                return "another process"
            # A scanner that looks into new files keeps Windows from renaming the folder around them.
            if attempt == _RENAME_ATTEMPTS - 1 or not isinstance(error, PermissionError):
                raise
            time.sleep(0.2)
        else:
            break
    return installer


def _no_room(parent: Path, error: OSError) -> Problem:
    return Problem(
        found=f"The dependencies cannot be installed below {parent}: {error}.",
        remedy="Free some space there, or set RUNNER_TEMP to a folder that can be written to.",
        topic="dependency-folder",
    )
