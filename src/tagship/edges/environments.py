"""Fresh virtual environments, created and filled by uv with a clean environment and its own cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.environment import OFFLINE
from tagship.core.formatting import last_lines
from tagship.core.reachability import machine_problem
from tagship.edges.installer_settings import with_uv_settings
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.edges.processes import Completed, Processes

_WINDOWS = os.name == "nt"
CACHE = "TAGSHIP_CACHE"
"""The variable with the folder that rehearsals share; without it every run of an action has a new cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment at ``path``."""

    path: Path

    @property
    def scripts(self) -> Path:
        return self.path / ("Scripts" if _WINDOWS else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if _WINDOWS else "python")

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return ``environ`` as if this environment were activated, with its programs first on PATH."""
        path = os.pathsep.join(filter(None, [str(self.scripts), environ.get("PATH", "")]))
        return {**environ, "PATH": path, "VIRTUAL_ENV": str(self.path)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """Factory of environments below ``folder``, which also contains the cache, so that no earlier cache is used.

    ``environ`` is the whole environment of child processes; ``say`` receives each line of their output. Pythons that
    are not installed are downloaded below ``folder`` if uv ``may_download`` them.
    """

    folder: Path
    processes: Processes
    environ: Mapping[str, str]
    say: Callable[[str], None]
    may_download: bool = False

    def create(self, name: str, *, python: str = "") -> Environment:
        """Return a new empty environment for ``python``, a path or version; by default the running interpreter."""
        environment = Environment(path=self.folder / name)
        options = ["--quiet", "--no-project"] + ([] if self.may_download else ["--no-python-downloads"])
        answer = self._uv("venv", *options, "--python", python or sys.executable, environment.path)
        if not answer.ok:
            raise Failure(
                machine_problem(answer.output)
                or Problem(
                    found=f"Creating a virtual environment for Python {python or sys.executable} failed:\n"
                    f"{last_lines(answer.output, indent='  ')}",
                    remedy="Install that Python in an earlier step (actions/setup-python), or leave the input python "
                    "empty.",
                    topic="no-virtual-environment",
                )
            )
        return environment

    def install(self, environment: Environment, *arguments: str | Path) -> Completed:
        """Run ``uv pip install ARGUMENTS`` in the environment and return the finished process."""
        return self._uv("pip", "install", "--python", environment.python, *arguments)

    def check(self, environment: Environment) -> Completed:
        """Run ``uv pip check`` in the environment and return the finished process."""
        return self._uv("pip", "check", "--python", environment.python)

    def _uv(self, *arguments: str | Path) -> Completed:
        own = {"UV_PYTHON_INSTALL_DIR": str(self.folder / "pythons")} if self.may_download else {}
        # uv reads settings from its working directory and all parents: only the root has none of the caller's.
        return self.processes.run(
            uv_command(*arguments, cache=self.folder / "cache", environ=self.environ),
            cwd=Path(self.folder.anchor),
            environ=with_uv_settings(self.environ) | own,
            on_line=self.say,
        )


def uv_command(*arguments: str | Path, cache: Path, environ: Mapping[str, str]) -> list[str | Path]:
    """Return the command line of uv with ``arguments``, plain output and the folder ``cache``.

    In a rehearsal the cache is that of all rehearsals.
    """
    from uv import find_uv_bin

    folder = Path(environ[CACHE], "uv") if environ.get(CACHE) else cache
    offline = ["--offline"] if environ.get(OFFLINE) else []
    return [find_uv_bin(), *arguments, "--cache-dir", folder, *offline, "--no-progress", "--color", "never"]
