"""twine and check-wheel-contents, run on built files as isolated programs."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.distributions.lint import contents_problems, twine_problems, twine_warnings
from tagship.core.environment import without_python_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tagship.edges.processes import Completed, Processes
    from tagship.errors import Problem

_LIMIT = 300
"""Time limit of one check in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Problems, warnings, and the output of the tools."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Checks of built files with twine and check-wheel-contents."""

    processes: Processes

    def run(self, files: Sequence[Path], project: Path, *, strict: bool) -> Checked:
        """Run ``twine check`` on each file and ``check-wheel-contents`` on each wheel, in parallel.

        check-wheel-contents reads its configuration from the folder ``project``. With ``strict``, its findings and the
        warnings of twine are problems.
        """
        jobs: list[Callable[[], Checked]] = [partial(self._twine, file, strict=strict) for file in files]
        wheels = [file for file in files if file.suffix == ".whl"]
        jobs += [partial(self._contents, file, project, strict=strict) for file in wheels]
        with ThreadPoolExecutor() as pool:
            ends = [end.result() for end in [pool.submit(job) for job in jobs]]
        names = [file.name for file in files]
        return Checked(
            problems=_once((problem for end in ends for problem in end.problems), names),
            warnings=_once((problem for end in ends for problem in end.warnings), names),
            output="\n".join(end.output for end in ends),
        )

    def _twine(self, file: Path, *, strict: bool) -> Checked:
        options = ["--strict"] if strict else []
        end = self._end("twine", "--no-color", "check", *options, file, project=file.parent)
        output = _about(file, end)
        warnings = twine_warnings(file.name, output) if end.ok else ()
        return Checked(problems=() if end.ok else twine_problems(file.name, output), warnings=warnings, output=output)

    def _contents(self, file: Path, project: Path, *, strict: bool) -> Checked:
        end = self._end("check_wheel_contents", file, project=project)
        output = _about(file, end)
        found = () if end.ok else contents_problems(file.name, output)
        return Checked(problems=found if strict else (), warnings=() if strict else found, output=output)

    def _end(self, *arguments: str | Path, project: Path) -> Completed:
        # twine wraps its messages at the width of the terminal, in the middle of words.
        environ = {**without_python_settings(self.processes.environ), "COLUMNS": "2000"}
        return self.processes.run(library_command(*arguments), cwd=project, environ=environ, timeout=_LIMIT)


def _once(problems: Iterable[Problem], names: Sequence[str]) -> tuple[Problem, ...]:
    """Return the problems without those that repeat, for another file, what an earlier one says."""
    first: dict[str, Problem] = {}
    for problem in problems:
        about = next((name for name in names if problem.found.startswith(name)), "")
        first.setdefault(problem.found.removeprefix(about), problem)
    return tuple(first.values())


def _about(file: Path, end: Completed) -> str:
    lines = end.output.replace(str(file), file.name).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def library_command(module: str | Path, *arguments: str | Path) -> Sequence[str | Path]:
    """Return the command that runs a dependency as a program, isolated from the caller's environment and folder.

    The dependencies may be in a folder that is only on ``sys.path`` of this process, so the command passes it on.
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
