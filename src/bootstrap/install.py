"""The ways to install a lock into a folder, the fastest first; each hands on what it did, or that it is no way here.

Measured from cold: uv takes a fifth of pip's time, and fetching it by pip about a second, which pays once a lock has
more than ten requirements.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.installer_environment import installers_environment
from bootstrap.messages import fold, note
from tagship.core.formatting import last_lines
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE)
_NETWORK = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Retrying \(Retry"
    r"|error sending request|Failed to fetch|dns error|timed out|HTTP error \d|\b(4\d\d|5\d\d) (Client|Server) Error",
    re.IGNORECASE,
)
_NO_WHEEL = re.compile(
    r"No matching distribution found for (?P<pip>[\w.=-]+)|Because (there is no version of )?(?P<uv>[\w.=-]+)"
    r"|is not a supported wheel",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(r"^\s*(?P<pip>[\w.-]+==[\w.]+)[^\n]* from |mismatch for `(?P<uv>[\w.=-]+)`", re.MULTILINE)


def diagnosis(failed: Sequence[Outcome], tier: str) -> Problem:
    """Return the one cause that the outputs of all ``failed`` ways point to."""
    output = "\n".join(outcome.output for outcome in failed)
    if _HASH.search(output):
        return Problem(
            found=f"{_named(_REQUIREMENT, output, 'A file')} on the index is not the file that tagship has locked.",
            remedy="Do not go on: find out what the index, mirror or proxy in between hands out for it.",
            topic="these-packages-do-not-match-the-hashes",
        )
    if _NETWORK.search(output):
        return Problem(
            found=f"The package index could not be reached for the {tier} dependencies.",
            remedy="Run the job again; behind a mirror or proxy set PIP_INDEX_URL, PIP_PROXY or PIP_CERT for the step.",
            topic="failed-to-fetch-dependencies",
        )
    if _NO_WHEEL.search(output):
        return Problem(
            found=f"No wheel of {_named(_NO_WHEEL, output, 'a dependency')} fits this Python and platform.",
            remedy='Use a CPython that has one: "uses: actions/setup-python" with "python-version: 3.12".',
            topic="no-matching-distribution-found",
        )
    if NO_PIP in output and failed[-1].installer == "venv":
        return Problem(
            found="There is neither uv nor pip to install the dependencies with, and the venv module makes no pip.",
            remedy='Add a step before this one: "uses: actions/setup-python" with "python-version: 3.12".',
            topic="no-module-named-pip",
        )
    return Problem(
        found=f"The {tier} dependencies could not be installed: {failed[-1].installer} ended with {failed[-1].code}.",
        remedy="What it printed stands in the log above.",
        topic="dependency-installation-failed",
    )


def _named(pattern: re.Pattern[str], output: str, otherwise: str) -> str:
    match = pattern.search(output)
    return (match["pip"] or match["uv"] or otherwise) if match else otherwise


WORTH_FETCHING_UV = 11
"""Requirements a lock must have for uv to be fetched to install it."""
NO_PIP = "No module named pip"

_WHEELS_BY_HASH = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
_PIP = [
    "-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir",
    "--no-compile", "--no-warn-script-location", "--root-user-action", "ignore", "--no-user", "--no-binary", ":none:",
]  # fmt: skip
_UV = ["pip", "install", "--quiet", "--no-config", "--no-cache", "--no-python-downloads", "--color", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one way: the program that did it, its exit status, and all that it printed."""

    installer: str
    code: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A lock to install. ``staging`` is an empty folder to work in, ``environ`` the installer's whole environment.

    ``source_of_uv`` is a lock that holds uv.
    """

    lock: Path
    staging: Path
    environ: Mapping[str, str]
    source_of_uv: Path


def by_own_uv(task: Task, target: Path) -> Outcome | None:
    """Install by the uv that is on PATH."""
    program = program_on_path("uv", task.environ.get("PATH", ""))
    return _uv(program, task, task.lock, target) if program else None


def by_fetched_uv(task: Task, target: Path) -> Outcome | None:
    """Install by the uv of our own locks, fetched by pip: into ``target`` where it belongs there anyway."""
    wanted = requirements(task.lock.read_text("utf-8"))
    if len(wanted) < WORTH_FETCHING_UV:
        return None
    tools = target if "uv" in wanted else task.staging / "tools"
    uv = wanted.pop("uv", None) or requirements(task.source_of_uv.read_text("utf-8"))["uv"]
    fetched = _pip(sys.executable, task, _written(task.staging / "uv.txt", uv), tools)
    if fetched.code:
        return fetched
    rest = _written(task.staging / "rest.txt", "".join(wanted.values()))
    return _uv(_program(tools, "uv", folder="bin"), task, rest, target)


def by_pip(task: Task, target: Path) -> Outcome | None:
    """Install by the pip of this interpreter."""
    return _pip(sys.executable, task, task.lock, target)


def by_bundled_pip(task: Task, target: Path) -> Outcome | None:
    """Install by the pip that comes with the standard library, unpacked into a virtual environment."""
    made = _run("venv", [sys.executable, "-I", "-m", "venv", "--clear", str(task.staging / "venv")], task)
    if made.code:
        return made
    scripts = "Scripts" if os.name == "nt" else "bin"
    return _pip(_program(task.staging / "venv", "python", folder=scripts), task, task.lock, target)


def requirements(lock: str) -> dict[str, str]:
    """Return the requirements of a lock by name, each with its line end, marker and hashes."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    return {re.split(r"[=\s;]", block, maxsplit=1)[0]: block for block in blocks[1:]}


def program_on_path(name: str, path: str) -> str | None:
    """Return the program called ``name`` in one of the absolute folders of ``path``; never one of the current
    folder.
    """
    for folder in path.split(os.pathsep):
        candidate = _program(Path(folder), name, folder="")
        if Path(folder).is_absolute() and os.access(candidate, os.X_OK) and Path(candidate).is_file():
            return candidate
    return None


def _program(parent: Path, name: str, *, folder: str) -> str:
    return str(parent / folder / (f"{name}.exe" if os.name == "nt" else name))


def _written(file: Path, text: str) -> Path:
    file.write_text(text, "utf-8")
    return file


def _uv(program: str, task: Task, lock: Path, target: Path) -> Outcome:
    where = ["--python", sys.executable, "--target", str(target), "--requirement", str(lock)]
    return _run("uv", [program, *_UV, *_WHEELS_BY_HASH, *where], task)


def _pip(python: str, task: Task, lock: Path, target: Path) -> Outcome:
    return _run("pip", [python, *_PIP, *_WHEELS_BY_HASH, "--target", str(target), "--requirement", str(lock)], task)


def _run(installer: str, command: list[str], task: Task) -> Outcome:
    try:
        done = subprocess.run(
            command,
            cwd=task.staging,
            env=task.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return Outcome(installer=installer, code=127, output=str(error))
    return Outcome(installer=installer, code=done.returncode, output=done.stdout)


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
    """Return the installer that managed and the folder it filled. What the others printed is shown; Failure if all
    fail.
    """
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
        lines = last_lines(outcome.output, lines=_LINES_SHOWN, characters=10_000)
        fold(f"{outcome.installer} ended with status {outcome.code}", lines, environ)
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
        topic="no-space-left-on-device",
    )
