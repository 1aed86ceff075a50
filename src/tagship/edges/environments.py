"""Fresh virtual environments, made and filled by uv in a clean environment, with a cache of their own."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.verification.checks import tail
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagship.edges.processes import Completed, Processes

_WINDOWS = os.name == "nt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment at ``path``."""

    path: Path

    @property
    def scripts(self) -> Path:
        """The folder of its programs."""
        return self.path / ("Scripts" if _WINDOWS else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if _WINDOWS else "python")

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """``environ`` with this environment's programs first on PATH, as if it were activated."""
        path = os.pathsep.join(filter(None, [str(self.scripts), environ.get("PATH", "")]))
        return {**environ, "PATH": path, "VIRTUAL_ENV": str(self.path)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """Makes environments below ``folder``, where the cache also stands: what earlier jobs left is never used.

    ``environ`` is all that children see; ``say`` gets each line that they print.
    """

    folder: Path
    processes: Processes
    environ: Mapping[str, str]
    say: Callable[[str], None]

    def create(self, name: str, *, python: str = "") -> Environment:
        """Return a new empty environment for ``python`` (a path or version), by default the interpreter that runs
        us.
        """
        environment = Environment(path=self.folder / name)
        options = ("--quiet", "--no-project", "--no-python-downloads")
        answer = self._uv("venv", *options, "--python", python or sys.executable, environment.path)
        if not answer.ok:
            raise Failure(
                Problem(
                    found=f"No virtual environment could be made for {python or sys.executable}:\n{tail(answer)}",
                    remedy="Install that Python in the job first (actions/setup-python), or leave the input empty.",
                    topic="no-environment",
                )
            )
        return environment

    def install(self, environment: Environment, *arguments: str | Path) -> Completed:
        """How ``uv pip install ARGUMENTS`` into the environment ended; its output has been said."""
        return self._uv("pip", "install", "--python", environment.python, *arguments)

    def check(self, environment: Environment) -> Completed:
        """How ``uv pip check`` of the environment ended."""
        return self._uv("pip", "check", "--python", environment.python)

    def _uv(self, *arguments: str | Path) -> Completed:
        from uv import find_uv_bin

        cache = ("--cache-dir", self.folder / "cache", "--no-progress", "--color", "never")
        # uv takes settings from the folder it stands in and all above it: only the root has none of the caller's.
        return self.processes.run(
            [find_uv_bin(), *arguments, *cache],
            cwd=Path(self.folder.anchor),
            environ=self.environ,
            on_line=self.say,
        )
