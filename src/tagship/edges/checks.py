"""twine, check-wheel-contents and abi3audit, run on built files as isolated programs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.distributions.lint import contents_findings, twine_problems
from tagship.core.formatting import last_lines
from tagship.core.runner import without_python_settings
from tagship.edges.runtime import Runtime, require_library
from tagship.errors import Graded, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution
    from tagship.edges.processes import Completed, Processes

_LIMIT = 300
"""Time limit of one check in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Findings, and the output of the tools."""

    findings: tuple[Graded, ...]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Checks of built files with twine and check-wheel-contents.

    check-wheel-contents reads its configuration from the folder ``project``; ``is_configured`` is true if it has one.
    """

    processes: Processes
    project: Path
    is_configured: bool = False

    def run(self, files: Sequence[tuple[Path, Distribution]], refused: Collection[str] = ()) -> Checked:
        """Run ``twine check`` on each different metadata and ``check-wheel-contents`` on the wheels, in parallel.

        ``refused`` are the names of files for which the rules of the index already report an error.
        """
        wheels = [(path, item) for path, item in files if item.kind == "wheel"]
        sdist = next((item for _, item in files if item.kind == "sdist"), None)
        # twine reads nothing but the metadata, which most wheels of a release have in common.
        distinct = {(item.kind, str(item.metadata)): path for path, item in reversed(files)}
        with ThreadPoolExecutor() as pool:
            jobs = [pool.submit(self._twine, list(reversed(distinct.values())), refused)]
            jobs += [pool.submit(self._contents, wheels, sdist, refused)] if wheels else []
            ends = [job.result() for job in jobs]
        findings = _once((finding for end in ends for finding in end.findings), [path.name for path, _ in files])
        return Checked(findings=findings, output="\n".join(end.output for end in ends))

    def _twine(self, files: Sequence[Path], refused: Collection[str]) -> Checked:
        """Check all ``files`` with one process; if it fails, each with one, because twine stops at an invalid file."""
        end = self._end("twine", "--no-color", "check", *files, project=files[0].parent)
        if len(files) > 1 and not end.ok:
            ends = [self._twine([file], refused) for file in files]
            findings = tuple(finding for each in ends for finding in each.findings)
            return Checked(findings=findings, output="\n".join(each.output for each in ends))
        output = _about(files, end)
        problems = () if end.ok else twine_problems(files[0].name, output, is_refused=files[0].name in refused)
        return Checked(findings=tuple(("error", problem) for problem in problems), output=output)

    def _contents(
        self, wheels: Sequence[tuple[Path, Distribution]], sdist: Distribution | None, refused: Collection[str]
    ) -> Checked:
        """Check all wheels with one process, whose start takes longer than the check of one.

        The process stops at the first wheel that it cannot read, so ``refused`` wheels are left out then.
        """
        paths = [path for path, _ in wheels]
        output = _about(paths, self._end("check_wheel_contents", *paths, project=self.project))
        readable = [(path, wheel) for path, wheel in wheels if path.name not in refused]
        if "invalid wheel: " in output and len(readable) < len(wheels):
            return self._contents(readable, sdist, ()) if readable else Checked(findings=(), output=output)
        found = (contents_findings(wheel, sdist, output, is_configured=self.is_configured) for _, wheel in wheels)
        return Checked(findings=tuple(chain.from_iterable(found)), output=output)

    def _end(self, package: str, *arguments: str | Path, project: Path) -> Completed:
        # twine wraps its messages at the width of the terminal, in the middle of words.
        environ = {**without_python_settings(self.processes.environ), "COLUMNS": "2000"}
        return self.processes.run(library_command(package, *arguments), cwd=project, environ=environ, timeout=_LIMIT)


def _once(findings: Iterable[Graded], names: Sequence[str]) -> tuple[Graded, ...]:
    """Return the findings without those that repeat, for another file, what an earlier one says."""
    first: dict[str, Graded] = {}
    for level, problem in findings:
        about = next((name for name in names if problem.found.startswith(name)), "")
        first.setdefault(problem.found.removeprefix(about), (level, problem))
    return tuple(first.values())


def _about(files: Iterable[Path], end: Completed) -> str:
    output = end.output
    for file in files:
        output = output.replace(str(file), file.name)
    return "\n".join(line.rstrip() for line in output.splitlines())


def library_command(package: str, *arguments: str | Path) -> Sequence[str | Path]:
    """Return the command that runs a dependency as a program, isolated from the caller's environment and folder.

    The dependencies may be in a folder that is only on ``sys.path`` of this process, so the command passes it on.
    """
    found = find_spec(package)
    folder = Path(found.origin).parents[1] if found and found.origin else ""
    return [sys.executable, "-I", "-X", "utf8", "-c", _RUN, folder, package, *arguments]


_RUN = """\
import runpy, sys
sys.path.insert(0, sys.argv[1])
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def abi3_findings(files: Sequence[tuple[Path, Distribution]], runtime: Runtime) -> Iterator[Graded]:
    """Yield an error for each wheel tagged abi3 that breaks its promise. Other wheels are not read."""
    for path, item in files:
        if any(tag.abi == "abi3" for tag in item.tags):
            require_library("abi3audit", "abi3", runtime.installer_environ)
            environ = {**without_python_settings(runtime.environ), "NO_COLOR": "1", "COLUMNS": "200"}
            command = library_command("abi3audit", "--strict", "--summary", path)
            ended = runtime.processes.run(command, cwd=path.parent, environ=environ, timeout=_LIMIT)
            runtime.runner.untrusted(ended.output)
            if not ended.ok:
                yield (
                    "error",
                    Problem(
                        found=f"{path.name} is tagged abi3, but uses functions outside the stable ABI:\n"
                        f"{last_lines(ended.output, indent='  ')}",
                        remedy="Define Py_LIMITED_API as the lowest supported Python, for example 0x030B0000, or build "
                        f"a wheel for each Python. To reproduce it: abi3audit --strict {path.name}",
                        topic="abi3-violations",
                    ),
                )
