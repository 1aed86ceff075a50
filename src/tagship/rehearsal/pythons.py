"""The Pythons of this machine, and fresh virtual environments of them, as a job on a runner gets one."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.edges.processes import Processes

_PRINT_VERSION = (
    "import sys; print('%d.%d' % sys.version_info[:2] + ('t' if 't' in getattr(sys, 'abiflags', '') else ''));"
    "print(sys.executable)"
)

COMPLETE = "tagship-complete"
"""The file that marks a template environment as complete."""


def find_python(version: str, processes: Processes) -> Path | None:
    """Find a working interpreter of ``version``, such as ``3.12`` or ``3.14t`` (free-threaded); None if none is found.

    Searched in this order: the running interpreter, PATH, and the folders of pyenv and uv. The path is that of the
    interpreter itself: a shim of pyenv could choose another one in the folder of a project.
    """
    candidates = _candidates(version, processes.environ)
    return next((found for path in candidates if (found := _python_at(path, version, processes))), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """Creates virtual environments with pip, as copies of one template per interpreter in ``folder``."""

    folder: Path
    processes: Processes

    def create(self, interpreter: Path, target: Path) -> Path:
        """Create an environment of ``interpreter`` at ``target`` and return its folder of programs.

        Raises Failure if the interpreter cannot create one, such as Debian's without python3-venv.
        """
        template = self.template(interpreter)
        if not (template / COMPLETE).exists():
            shutil.rmtree(template, ignore_errors=True)
            self._create_template(interpreter, template)
        shutil.copytree(template, target, symlinks=True)
        programs = target / ("Scripts" if os.name == "nt" else "bin")
        for path in (target / "pyvenv.cfg", *programs.iterdir()):
            if path.is_file() and not path.is_symlink():
                path.write_bytes(path.read_bytes().replace(os.fsencode(template), os.fsencode(target)))
        return programs

    def template(self, interpreter: Path) -> Path:
        """Return the folder of the template for ``interpreter``."""
        identity = f"{interpreter} {interpreter.stat().st_mtime_ns}"
        return self.folder.resolve() / f"python-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"

    def _create_template(self, interpreter: Path, folder: Path) -> None:
        command: list[str | Path] = [interpreter, "-I", "-m", "venv", folder]
        completed = self.processes.run(command, cwd=self.folder)
        if completed.code:
            raise Failure.of(
                found=f"{interpreter} -m venv failed: {' '.join(completed.output.split())}",
                remedy="Install the venv module (Debian, Ubuntu: apt install python3-venv), "
                "or choose another version with --python.",
                topic="ensurepip-is-not-available",
            )
        (folder / COMPLETE).touch()


def base_interpreter() -> Path:
    """Return the running interpreter, outside of the virtual environment that it may run in."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    if version == "{}.{}".format(*sys.version_info):
        yield base_interpreter()
    program = f"python{version}"
    for folder in environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder, f"{program}.exe" if os.name == "nt" else program)
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.devnull)
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    yield from sorted(pyenv.glob(f"versions/{version}*/bin/{program}"), reverse=True)
    yield from sorted(data.glob(f"uv/python/cpython-{version}.*/bin/{program}"), reverse=True)


def _python_at(path: Path, version: str, processes: Processes) -> Path | None:
    """Return the interpreter that the program starts, or None if it does not run or has another version."""
    if not path.is_file():
        return None
    command: list[str | Path] = [path.absolute(), "-I", "-c", _PRINT_VERSION]
    try:
        completed = processes.run(command, cwd=path.absolute().parent, timeout=30, errors_apart=True)
    except OSError:
        return None
    found, _, executable = completed.output.strip().partition("\n")
    return Path(executable or path) if completed.ok and found == version else None
