"""The Python of the job: found on PATH, filled by uv, or used as base of a fresh environment."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.edges.environments import Environments, uv_command, with_uv_settings
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.edges.processes import Completed, Processes

_DESCRIBE = """
import json, os, sys, sysconfig
print(json.dumps({
    "path": sys.executable,
    "version": ".".join(map(str, sys.version_info[:3])),
    "implementation": sys.implementation.name.replace("cpython", ""),
    "flags": getattr(sys, "abiflags", ""),
    "prefix": sys.prefix,
    "base": getattr(sys, "base_prefix", sys.prefix),
    "scripts": sysconfig.get_path("scripts"),
    "managed": os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")),
    "writable": os.access(sysconfig.get_path("purelib"), os.W_OK),
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python, the folder ``scripts`` of its programs, and the folder of its virtual environment, if it has one.

    ``request`` is its minor version as uv spells it, such as ``3.14t``. ``reserved`` is the reason why nothing must be
    installed into it, or empty.
    """

    path: Path
    version: str
    request: str
    scripts: Path
    environment: Path | None
    reserved: str

    @property
    def minor(self) -> str:
        return ".".join(self.version.split(".")[:2])

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return ``environ`` with this Python's programs first on PATH and its virtual environment active.

        Tools that create environments of their own use this Python too: the one that a virtual environment was created
        from is last on PATH, because uv does not create an environment from another.
        """
        folders = [str(self.scripts), str(self.path.parent), environ.get("PATH", ""), str(self.path.resolve().parent)]
        active = {"VIRTUAL_ENV": str(self.environment)} if self.environment else {}
        return {**environ, "PATH": os.pathsep.join(filter(None, folders)), **active, **self.choice}

    @property
    def choice(self) -> dict[str, str]:
        """The variables by which uv and hatch use this Python for environments, and by which nothing is downloaded."""
        # For uv it is a version: with a path, `uv pip` would ignore the environment that is active.
        never = {"UV_PYTHON_DOWNLOADS": "never", "NOX_DOWNLOAD_PYTHON": "never"}
        return {"UV_PYTHON": self.request, "HATCH_PYTHON": str(self.path), **never}

    def lacks(self, program: str, environ: Mapping[str, str]) -> bool:
        """Return True if ``program`` is neither among this Python's programs nor on the PATH of ``environ``.

        Those of the Python that a virtual environment was created from do not count: their modules are not importable.
        """
        folders = (str(self.scripts), str(self.path.parent), environ.get("PATH", ""))
        return shutil.which(program, path=os.pathsep.join(filter(None, folders))) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreters:
    """Pythons on the PATH of the job; ``temporary`` is the folder for environments and caches."""

    processes: Processes
    temporary: Path

    def find(self, name: str) -> Interpreter:
        """Return the Python called ``name`` on PATH or at that path; ``python3`` if there is no ``python``.

        Raises Failure if it is not found or does not run.
        """
        search = self.processes.environ.get("PATH")
        names = (name, "python3") if name == "python" else (name,)
        found = next((path for item in names if (path := shutil.which(item, path=search))), None)
        if found is None:
            raise _no_python(f"Python not found: {name!r} is not on PATH.")
        # Absolute, because the working directory of the process is another folder.
        answer = self.processes.run(
            [Path(found).absolute(), "-I", "-c", _DESCRIBE], cwd=self.temporary, errors_apart=True, timeout=60
        )
        try:
            facts = json.loads(answer.output)
        except ValueError as error:
            raise _no_python(f"{found} does not run: exit code {answer.code}.") from error
        return self._described(facts)

    def _described(self, facts: Mapping[str, str]) -> Interpreter:
        environ, prefix = self.processes.environ, Path(facts["prefix"])
        environment = prefix if facts["prefix"] != facts["base"] else None
        conda = environ.get("CONDA_DEFAULT_ENV", "base") != "base" and _same(environ.get("CONDA_PREFIX"), prefix)
        set_up = _same(environ.get("pythonLocation"), prefix)
        reserved = ""
        if environment is None and not conda:
            if facts["managed"]:
                reserved = "it is managed by the operating system (PEP 668)"
            elif not set_up:
                reserved = "it was not set up by this job"
        if not facts["writable"]:
            reserved = "it is not writable"
        return Interpreter(
            path=Path(facts["path"]),
            version=facts["version"],
            request=facts["implementation"]
            + ".".join(facts["version"].split(".")[:2])
            + ("t" if "t" in facts["flags"] else ""),
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
            environ = self.processes.environ
            environments = Environments(
                folder=Path(folder).resolve(), processes=self.processes, environ=environ, say=lambda _: None
            )
            made = environments.create("environment", python=str(base.path))
            yield replace(base, path=made.python, scripts=made.scripts, environment=made.path, reserved="")

    def install(
        self,
        interpreter: Interpreter,
        arguments: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        on_line: Callable[[str], None],
    ) -> Completed:
        """Run ``uv ARGUMENTS`` in ``cwd`` for ``interpreter``, with the uv settings of that folder and an empty cache.

        Without a virtual environment ``uv sync`` installs into the folder of the interpreter, too.
        """
        # A new cache, removed afterwards, so that no file of an earlier job is used.
        with tempfile.TemporaryDirectory(prefix="tagship-uv-", dir=self.temporary, ignore_cleanup_errors=True) as cache:
            settings = with_uv_settings({**environ, "UV_PROJECT_ENVIRONMENT": str(interpreter.scripts.parent)})
            options = ("--python", interpreter.path, "--no-python-downloads")
            command = uv_command(*arguments, *options, cache=Path(cache), environ=settings)
            return self.processes.run(command, cwd=cwd, environ=settings, on_line=on_line)


def _same(path: str | None, prefix: Path) -> bool:
    return bool(path) and Path(path or "").resolve() == prefix.resolve()


def _no_python(found: str) -> Failure:
    return Failure.of(
        found=found,
        remedy="Add actions/setup-python before this step, or select an installed Python: python: python3.12",
        topic="python-not-found",
    )
