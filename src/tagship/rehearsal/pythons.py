"""The Pythons of this machine, and fresh virtual environments of them, as a job on a runner gets one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.edges.environments import uv_command
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.edges.processes import Processes

_PRINT_VERSION = (
    "import sys; print('%d.%d' % sys.version_info[:2] + ('t' if 't' in getattr(sys, 'abiflags', '') else ''));"
    "print(sys.executable)"
)

_CREATE = """
import ensurepip, os, sys, sysconfig, venv
venv.create(sys.argv[1], symlinks=os.name != "nt")
print(sysconfig.get_config_var("WHEEL_PKG_DIR") or os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"))
print(*["pip", "setuptools"][: 1 if sys.version_info >= (3, 12) else 2])
"""
"""Creates an environment, and prints the folder of the wheels that belong to the interpreter and what venv installs."""


def find_python(version: str, processes: Processes) -> Path | None:
    """Find a working interpreter of ``version``, such as ``3.12`` or ``3.14t`` (free-threaded); None if none is found.

    Searched in this order: the running interpreter, PATH, and the folders of pyenv and uv. The path is that of the
    interpreter itself: a shim of pyenv could choose another one in the folder of a project.
    """
    candidates = _candidates(version, processes.environ)
    return next((found for path in candidates if (found := _python_at(path, version, processes))), None)


def create_environment(interpreter: Path, target: Path, processes: Processes) -> Path:
    """Create a virtual environment with pip at ``target`` and return its folder of programs.

    It is that of ``python -m venv``, but uv installs the same wheels of pip in a tenth of the time. Raises Failure if
    the interpreter cannot create one, such as Debian's without python3-venv.
    """
    programs = target / ("Scripts" if os.name == "nt" else "bin")
    completed = processes.run([interpreter, "-I", "-c", _CREATE, target], cwd=target.parent)
    if completed.ok:
        folder, names = completed.output.strip().splitlines()[-2:]
        options = ("--no-config", "--no-index", "--find-links", folder, "--python", programs / "python")
        command = uv_command(
            "pip", "install", *options, *names.split(), cache=target / "cache", environ=processes.environ
        )
        completed = processes.run(command, cwd=target)
    if not completed.ok:
        raise Failure.of(
            found=f"{interpreter} -m venv failed: {' '.join(completed.output.split())}",
            remedy="Install the venv module (Debian, Ubuntu: apt install python3-venv), "
            "or choose another version with --python.",
            topic="ensurepip-is-not-available",
        )
    return programs


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
