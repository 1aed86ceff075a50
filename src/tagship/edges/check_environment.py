"""The Python of the checks with everything that they need: that of the job, or a fresh environment."""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.formatting import last_lines
from tagship.core.gate.detection import NATIVE
from tagship.core.gate.installation import Installation, refuse_missing_extras
from tagship.core.reachability import unreachable
from tagship.edges.interpreters import Interpreter, Interpreters
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.edges.processes import Completed
    from tagship.edges.runtime import Runtime

_OUT_OF_DATE = re.compile(r"lockfile at `[^`]*` needs to be updated|Unable to find lockfile")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEnvironment:
    """Installer for the checks in ``folder`` of the checkout. ``environ`` is the environment of uv."""

    runtime: Runtime
    folder: str
    environ: Mapping[str, str]

    @contextmanager
    def prepared(
        self, base: Interpreter, plan: Installation, without_sync: Callable[[], Installation]
    ) -> Iterator[Interpreter]:
        """Return ``base``, or a fresh environment of it if it must not be changed, with ``plan`` installed.

        If uv.lock is out of date, the plan is the one of ``without_sync``. Raises Failure if an installation fails.
        """
        log = self.runtime.runner.log
        if not (plan.package or plan.requirements or plan.sync or self._lacking(base, plan)):
            log(f"Python {base.version} at {base.path}; nothing to install.")
            yield base
        elif base.reserved:
            log(f"Python {base.version}: a new environment, because {base.path} must not be changed: {base.reserved}.")
            with self._pythons.fresh(base) as fresh:
                self._install(fresh, plan, without_sync)
                yield fresh
        else:
            log(f"Python {base.version}: {base.path}.")
            self._install(base, plan, without_sync)
            yield base

    @property
    def _pythons(self) -> Interpreters:
        return Interpreters(processes=self.runtime.processes, temporary=self.runtime.temporary)

    def _lacking(self, python: Interpreter, plan: Installation) -> list[str]:
        """Return the requirements of the programs that ``python`` lacks."""
        elsewhere = self.runtime.environ
        tools = plan.tools.items()
        return [line for name, line in tools if python.lacks(name, elsewhere if name in NATIVE else {})]

    def _install(self, python: Interpreter, plan: Installation, without_sync: Callable[[], Installation]) -> None:
        package: Sequence[str] = plan.package
        if plan.sync:
            completed = self._uv(python, plan.sync)
            if completed.ok:
                package = ()
            elif _OUT_OF_DATE.search(completed.output):
                plan = without_sync()
                package = plan.package
            else:
                raise _failure(completed)
        for warning in plan.warnings:
            self.runtime.runner.annotate("warning", "Quality gate", str(warning), file=warning.file)
        arguments = [*package, *plan.requirements, *self._lacking(python, plan)]
        if arguments:
            self._pip_install(python, arguments, plan.constraints)

    def _pip_install(self, python: Interpreter, arguments: Sequence[str], constraints: Sequence[str]) -> None:
        with tempfile.TemporaryDirectory(prefix="tagship-lock-", dir=self.runtime.temporary) as folder:
            file = Path(folder).resolve() / "constraints.txt"
            file.write_text("\n".join(constraints), "utf-8")
            locked = ("--constraints", str(file)) if constraints else ()
            completed = self._uv(python, ["pip", "install", *arguments, *locked], shown=arguments)
        if not completed.ok:
            raise _failure(completed)
        refuse_missing_extras(completed.output)

    def _uv(self, python: Interpreter, arguments: Sequence[str], shown: Sequence[str] = ()) -> Completed:
        """Run uv; without an editable package if the build backend has no hook for it (PEP 660), as old ones have."""
        completed = self._run(python, arguments, shown)
        if completed.ok or "has no attribute 'build_editable'" not in completed.output:
            return completed
        copied = [one for one in arguments if one != "--editable"] + ["--no-editable"] * (arguments[0] == "sync")
        return self._run(python, copied, [one for one in shown if one != "--editable"])

    def _run(self, python: Interpreter, arguments: Sequence[str], shown: Sequence[str]) -> Completed:
        runner = self.runtime.runner
        with runner.group(f"Install {shlex.join(shown or arguments)}"), runner.shielded() as write:
            folder = self.runtime.directory(self.folder)
            return self._pythons.install(python, arguments, cwd=folder, environ=self.environ, on_line=write)


def _failure(completed: Completed) -> Failure:
    return Failure(
        unreachable(completed.output)
        or Problem(
            found=f"Installing the test dependencies failed (uv exited with status {completed.code}):\n"
            f"{last_lines(completed.output)}",
            remedy="Correct the requirement, or set install: -e .[test]; without the lock file: install: latest; to "
            "install nothing: install: none",
            topic="install-failed",
        )
    )
