"""The ways to install a lock into a folder, the fastest first; each hands on what it did, or that it is no way here.

Measured from cold: uv takes a fifth of pip's time, and fetching it by pip about a second, which pays once a lock has
more than ten requirements.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """The requirements of a lock by name, each with its line end, marker and hashes."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    return {re.split(r"[=\s;]", block, maxsplit=1)[0]: block for block in blocks[1:]}


def program_on_path(name: str, path: str) -> str | None:
    """The program called ``name`` in one of the absolute folders of ``path``; never one of the current folder."""
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
