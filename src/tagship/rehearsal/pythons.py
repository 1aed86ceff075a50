"""The Pythons of this machine, and fresh environments of them, as a job on a runner finds one."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.rehearsal.children import Children

_ASK = "import sys; print('%d.%d' % sys.version_info[:2] + ('t' if 't' in getattr(sys, 'abiflags', '') else ''))"

COMPLETE = "tagship-complete"
"""The file that an environment holds once it is whole."""


def find_python(version: str, environ: Mapping[str, str]) -> Path | None:
    """Return an interpreter of ``version`` (``3.12``, or ``3.14t`` for one without the lock) that runs, or None.

    Looked at, in this order: the Python that runs now, the search path, and the folders in which pyenv and uv keep
    Pythons that need not be on it.
    """
    return next((path for path in _candidates(version, environ) if _is_python(path, version, environ)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """Fresh virtual environments with pip. Of each interpreter one is kept in the folder ``kept``, to be copied."""

    kept: Path
    environ: Mapping[str, str]
    children: Children

    def make(self, interpreter: Path, folder: Path) -> Path:
        """Return the folder of programs of a fresh environment of ``interpreter``, made at ``folder``.

        Raises Failure where the interpreter cannot make one, as Debian's without python3-venv.
        """
        original = self.original(interpreter)
        if not (original / COMPLETE).exists():
            shutil.rmtree(original, ignore_errors=True)
            self._make_original(interpreter, original)
        shutil.copytree(original, folder, symlinks=True)
        programs = folder / ("Scripts" if os.name == "nt" else "bin")
        for path in (folder / "pyvenv.cfg", *programs.iterdir()):
            if path.is_file() and not path.is_symlink():
                path.write_bytes(path.read_bytes().replace(os.fsencode(original), os.fsencode(folder)))
        return programs

    def original(self, interpreter: Path) -> Path:
        """Return where the environment is kept that those of ``interpreter`` are copies of."""
        told = f"{interpreter} {interpreter.stat().st_mtime_ns}"
        return self.kept.resolve() / f"python-{hashlib.sha256(told.encode()).hexdigest()[:16]}"

    def _make_original(self, interpreter: Path, folder: Path) -> None:
        said: list[str] = []
        command: list[str | Path] = [interpreter, "-I", "-m", "venv", folder]
        if self.children.run(command, cwd=self.kept, environ=self.environ, on_line=said.append):
            raise Failure(
                Problem(
                    found=f"{interpreter} could not make a virtual environment: {' '.join(said)}",
                    remedy="Install the venv module for it (Debian, Ubuntu: apt install python3-venv), "
                    "or choose another version with --python.",
                    topic="no-venv",
                )
            )
        (folder / COMPLETE).touch()


def running_interpreter() -> Path:
    """Return the interpreter that runs now, outside of the virtual environment that it may run in."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    if version == "{}.{}".format(*sys.version_info):
        yield running_interpreter()
    program = f"python{version}"
    for folder in environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder, f"{program}.exe" if os.name == "nt" else program)
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.devnull)
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    yield from sorted(pyenv.glob(f"versions/{version}*/bin/{program}"), reverse=True)
    yield from sorted(data.glob(f"uv/python/cpython-{version}.*/bin/{program}"), reverse=True)


def _is_python(path: Path, version: str, environ: Mapping[str, str]) -> bool:
    """Return True if the program runs and is of that version: a shim on the path may stand for nothing."""
    if not path.is_file():
        return False
    try:
        done = subprocess.run(
            [path, "-I", "-c", _ASK], env=dict(environ), check=False, capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version
