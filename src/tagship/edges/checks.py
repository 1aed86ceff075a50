"""The checkers of built files, our own libraries run as programs."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.environment import without_python_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.edges.processes import Completed, Processes

_LIMIT = 300
"""Seconds a check may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """twine and check-wheel-contents over built files, all at once."""

    processes: Processes

    def run(self, files: Sequence[Path], project: Path, *, strict: bool) -> tuple[tuple[str, Path, Completed], ...]:
        """``(tool, file, end)`` of ``twine check`` for each file and ``check-wheel-contents`` for each wheel.

        The latter takes its configuration from the folder ``project``. ``strict`` makes twine's warnings failures.
        """
        options = ["--strict"] if strict else []
        jobs: list[tuple[str, Path, Sequence[str | Path]]] = []
        for file in files:
            jobs.append(("twine", file, library_command("twine", "--no-color", "check", *options, file)))
            if file.suffix == ".whl":
                command = library_command("check_wheel_contents", file)
                jobs.append(("check-wheel-contents", file, command))
        with ThreadPoolExecutor() as pool:
            ends = pool.map(lambda job: self._end(job[2], project), jobs)
            return tuple((tool, file, end) for (tool, file, _), end in zip(jobs, ends, strict=True))

    def _end(self, command: Sequence[str | Path], project: Path) -> Completed:
        # A narrow terminal would have twine break its messages in the middle of words.
        environ = {**without_python_settings(self.processes.environ), "COLUMNS": "2000"}
        return self.processes.run(command, cwd=project, environ=environ, timeout=_LIMIT)


def library_command(module: str, *arguments: str | Path) -> Sequence[str | Path]:
    """The command that runs one of our libraries as a program, isolated from the caller's environment and folder.

    The libraries can stand in a folder that only ``sys.path`` of this process knows, so the child is told where.
    """
    import packaging

    folder = Path(packaging.__file__).parents[1]
    return [sys.executable, "-I", "-X", "utf8", "-c", _RUN, folder, module, *arguments]


_RUN = """\
import runpy, sys
sys.path.insert(0, sys.argv[1])
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
