"""The job's own Python: found, described, and filled by uv, or left alone and a fresh environment made from it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tagship.edges.processes import Completed, Processes

_WINDOWS = os.name == "nt"
_DESCRIBE = """
import json, os, sys, sysconfig
print(json.dumps({
    "path": sys.executable,
    "version": ".".join(map(str, sys.version_info[:3])),
    "prefix": sys.prefix,
    "base": getattr(sys, "base_prefix", sys.prefix),
    "scripts": sysconfig.get_path("scripts"),
    "managed": os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")),
    "writable": os.access(sysconfig.get_path("purelib"), os.W_OK),
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python and what may be done with it.

    ``scripts`` is the folder of its programs; ``environment`` the folder of the virtual environment it belongs to.
    ``reserved`` says why nothing may be installed into it, and is empty where it may.
    """

    path: Path
    version: str
    scripts: Path
    environment: Path | None
    reserved: str

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """``environ`` with this Python's programs first on PATH, and its environment active if it has one."""
        path = os.pathsep.join(filter(None, [str(self.scripts), str(self.path.parent), environ.get("PATH", "")]))
        active = {"VIRTUAL_ENV": str(self.environment)} if self.environment else {}
        return {**environ, "PATH": path, **active}

    def lacks(self, program: str, environ: Mapping[str, str]) -> bool:
        """Return True if ``program`` is neither among this Python's programs nor on PATH."""
        return shutil.which(program, path=self.variables(environ)["PATH"]) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreters:
    """Finds Pythons as the job sees them and installs into them; ``temporary`` takes environments and caches."""

    processes: Processes
    temporary: Path

    def find(self, name: str) -> Interpreter:
        """Return the Python called ``name`` on PATH, or at that path; ``python3`` where there is no ``python``.

        Raises Failure where there is none or it does not answer.
        """
        search = self.processes.environ.get("PATH")
        names = (name, "python3") if name == "python" else (name,)
        found = next((path for item in names if (path := shutil.which(item, path=search))), None)
        if found is None:
            raise _no_python(f"There is no program {name!r} on PATH.")
        # It is started in another folder, from which a path inside the checkout would lead nowhere.
        answer = self.processes.run(
            [Path(found).absolute(), "-I", "-c", _DESCRIBE], cwd=self.temporary, errors_apart=True, timeout=60
        )
        try:
            facts = json.loads(answer.output)
        except ValueError as error:
            raise _no_python(f"{found} does not run: it ended with status {answer.code}.") from error
        return self._described(facts)

    def _described(self, facts: Mapping[str, str]) -> Interpreter:
        environ, prefix = self.processes.environ, Path(facts["prefix"])
        environment = prefix if facts["prefix"] != facts["base"] else None
        conda = environ.get("CONDA_DEFAULT_ENV", "base") != "base" and _same(environ.get("CONDA_PREFIX"), prefix)
        set_up = _same(environ.get("pythonLocation"), prefix)
        reserved = ""
        if environment is None and not conda:
            if facts["managed"]:
                reserved = "it belongs to the operating system (PEP 668)"
            elif not set_up:
                reserved = "it is no environment of this job"
        if not facts["writable"]:
            reserved = "this user may not write there"
        return Interpreter(
            path=Path(facts["path"]),
            version=facts["version"],
            scripts=Path(facts["scripts"]),
            environment=environment,
            reserved=reserved,
        )

    @contextmanager
    def fresh(self, base: Interpreter) -> Iterator[Interpreter]:
        """Return a new virtual environment for ``base``, removed at the end of the ``with`` block."""
        with tempfile.TemporaryDirectory(
            prefix="tagship-gate-", dir=self.temporary, ignore_cleanup_errors=True
        ) as folder:
            path = Path(folder).resolve() / "environment"
            answer = self._uv(["venv", "--quiet", "--no-project", "--python", base.path, path], cwd=Path(folder))
            if not answer.ok:
                raise _no_python(f"No virtual environment could be made from {base.path}: {answer.output.strip()}")
            scripts = path / ("Scripts" if _WINDOWS else "bin")
            python = scripts / ("python.exe" if _WINDOWS else "python")
            yield Interpreter(path=python, version=base.version, scripts=scripts, environment=path, reserved="")

    def install(
        self,
        interpreter: Interpreter,
        arguments: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        on_line: Callable[[str], None],
    ) -> Completed:
        """How ``uv pip install ARGUMENTS`` ended, run in ``cwd`` (whose settings for uv count) with an empty cache."""
        command: list[str | Path] = ["pip", "install", "--python", interpreter.path, *arguments]
        return self._uv(command, cwd=cwd, environ=environ, on_line=on_line)

    def _uv(
        self,
        arguments: Sequence[str | Path],
        *,
        cwd: Path,
        environ: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Completed:
        from uv import find_uv_bin

        # A cache of its own, thrown away: what earlier jobs left on this machine is not looked at.
        with tempfile.TemporaryDirectory(prefix="tagship-uv-", dir=self.temporary, ignore_cleanup_errors=True) as cache:
            command = [find_uv_bin(), *arguments, "--cache-dir", cache, "--no-progress", "--color", "never"]
            return self.processes.run(command, cwd=cwd, environ=environ, on_line=on_line)


def _same(given: str | None, prefix: Path) -> bool:
    return bool(given) and Path(given or "").resolve() == prefix.resolve()


def _no_python(found: str) -> Failure:
    return Failure(
        Problem(
            found=found,
            remedy="Set Python up in an earlier step (actions/setup-python), or name one: python: python3.12",
            topic="no-python",
        )
    )
