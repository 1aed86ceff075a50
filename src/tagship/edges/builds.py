"""Distributions built by the project's backend, in fresh environments, with the library ``build``.

The library runs in this process and starts no others: every hook of the backend runs through ``Processes``, without
credentials and without the variables that configure Python, pip and uv.
"""

from __future__ import annotations

import contextlib
import email
import os
import re
import subprocess
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tagship.core.formatting import last_lines
from tagship.core.reachability import unreachable
from tagship.edges.archives import normalise_sdist, unpack_sdist
from tagship.edges.processes import program_on_path
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from build import ProjectBuilder

    from tagship.core.distributions.distribution import Kind
    from tagship.edges.environments import Environment, Environments

_READS_GIT = re.compile(r"setuptools_scm|setuptools-scm|vcs.versioning|hatch_vcs|versioningit|dunamai|\bgit\b")
Installer = Literal["uv", "pip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Builder with ``settings`` (``KEY=value``) for the backend and a file of ``constraints`` on its requirements.

    ``python`` is a version or a path, by default the running interpreter. ``sdist_time`` is a time in seconds since the
    epoch for every member of the sdist, which is rewritten then.
    """

    environments: Environments
    installer: Installer
    settings: Sequence[str] = ()
    constraints: Path | None = None
    python: str = ""
    sdist_time: int | None = None

    def build(self, source: Path, into: Path, kinds: Sequence[Kind]) -> tuple[Path, ...]:
        """Return the files built into ``into``: the sdist from ``source``, the wheel from that sdist if there is one.

        Raises Failure if ``source`` is not a project, its build requirements cannot be installed, or the backend fails.
        """
        into.mkdir(parents=True)
        built: list[Path] = []
        prepared = None
        if "sdist" in kinds:
            prepared = self._prepared(source, "sdist", into)
            built.append(self._one(prepared, into, "sdist"))
            if self.sdist_time is not None and built[0].name.endswith(".tar.gz"):
                normalise_sdist(built[0], self.sdist_time)
            source = unpack_sdist(built[0], into.with_name(f"{into.name}-sdist"))
        if "wheel" in kinds:
            built.append(self._one(self._prepared(source, "wheel", into, prepared), into, "wheel"))
        return tuple(built)

    def name(self, source: Path, scratch: Path) -> str:
        """Return the name in the metadata that the backend prepares in ``scratch``, as ``Builder.build`` would."""
        prepared = self._prepared(source, "wheel", Path("metadata"))
        with _reported("wheel", prepared.backend):
            metadata = Path(prepared.project.metadata_path(scratch), "METADATA").read_text("utf-8")
        return str(email.message_from_string(metadata)["Name"])

    def _prepared(self, source: Path, kind: Kind, into: Path, earlier: _Prepared | None = None) -> _Prepared:
        """Return an environment with the requirements of ``source``: that of ``earlier`` if it has nothing else."""
        import build

        environment = earlier.backend.environment if earlier else None
        environment = environment or self.environments.create(f"{into.name}-{kind}-environment", python=self.python)
        backend = _Backend(environment=environment, environments=self.environments)
        with _reported(kind, backend):
            project = build.ProjectBuilder.from_isolated_env(backend, source, runner=backend.run)
            static, installed = project.build_system_requires, earlier.extra if earlier else set[str]()
            if earlier and earlier.static != static:
                return self._prepared(source, kind, into)
            if not earlier:
                self._install(environment, static)
            extra = project.get_requires_for_build(kind, self._settings())
            if installed - extra:
                return self._prepared(source, kind, into)
            self._install(environment, extra - installed)
        return _Prepared(project=project, backend=backend, static=static, extra=extra)

    def _one(self, prepared: _Prepared, into: Path, kind: Kind) -> Path:
        with _reported(kind, prepared.backend):
            path = Path(prepared.project.build(kind, into, self._settings()))
        if not path.is_file():
            error = f"it reported {path.name}, which does not exist"
            raise Failure(_backend_problem(kind, error, prepared.backend.output))
        return path

    def _settings(self) -> dict[str, str | Sequence[str]]:
        collected: dict[str, list[str]] = {}
        for line in self.settings:
            name, _, value = line.partition("=")
            collected.setdefault(name, []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in collected.items()}

    def _install(self, environment: Environment, requirements: set[str]) -> None:
        if not requirements:
            return
        file = environment.path / "requirements.txt"
        file.write_text("".join(f"{line}\n" for line in sorted(requirements)), "utf-8")
        limits: list[str | Path] = ["--constraint", self.constraints] if self.constraints else []
        if self.installer == "uv":
            answer = self.environments.install(environment, "--requirements", file, *limits)
        else:
            self.environments.install(environment, "pip")
            options = ["--no-input", "--no-cache-dir", "--disable-pip-version-check"]
            answer = self.environments.processes.run(
                [environment.python, "-I", "-m", "pip", "install", *options, "--requirement", file, *limits],
                cwd=environment.path,
                environ=self.environments.environ,
                on_line=self.environments.say,
            )
        if not answer.ok:
            raise Failure(
                unreachable(answer.output)
                or Problem(
                    found=f"Installing the build requirements failed: {', '.join(sorted(requirements))}.\n"
                    f"{last_lines(answer.output, indent='  ')}",
                    remedy="Correct requires in the [build-system] table of pyproject.toml; the log has the full "
                    "output of the installer.",
                    topic="build-requirements",
                )
            )


@dataclass(slots=True)
class _Backend:
    """One environment in the form that ``build`` expects, and the runner of its hooks."""

    environment: Environment
    environments: Environments
    output: str = ""

    @property
    def python_executable(self) -> str:
        return str(self.environment.python)

    def make_extra_environ(self) -> Mapping[str, str]:
        path = self.environments.environ.get("PATH", "")
        return {"PATH": os.pathsep.join(filter(None, [str(self.environment.scripts), path]))}

    def run(self, cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None) -> None:
        answer = self.environments.processes.run(
            cmd,
            cwd=Path(cwd or self.environment.path),
            environ={**self.environments.environ, **(extra_environ or {})},
            on_line=self.environments.say,
        )
        self.output = answer.output
        if not answer.ok:
            raise subprocess.CalledProcessError(answer.code, list(cmd))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A project with an environment that has its requirements: ``static`` ones and those of a hook, ``extra``."""

    project: ProjectBuilder
    backend: _Backend
    static: set[str]
    extra: set[str]


@contextlib.contextmanager
def _reported(kind: Kind, backend: _Backend) -> Iterator[None]:
    """Turn exceptions of ``build`` into Failures, and its warnings into log lines."""
    import build

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except build.BuildBackendException as error:
            trace = str(getattr(error.exception, "traceback", None) or "")
            if trace:
                backend.environments.say(trace.rstrip())
            output = trace or backend.output
            missing = _without_git(backend, output)
            raise Failure(missing or _backend_problem(kind, str(error), output)) from error
        except build.BuildException as error:
            raise Failure.of(
                found=f"The project cannot be built: {error}.",
                remedy="Set working-directory to the folder with pyproject.toml, which needs a [build-system] "
                'table such as: requires = ["hatchling"], build-backend = "hatchling.build"',
                topic="no-project",
            ) from error
        finally:
            for warning in caught:
                backend.environments.say(f"warning: {warning.message}")


def _without_git(backend: _Backend, output: str) -> Problem | None:
    """Return the problem of a backend that reads the version from git on a machine without git, or None."""
    path = backend.make_extra_environ()["PATH"]
    if not _READS_GIT.search(output) or program_on_path("git", path):
        return None
    return Problem(
        found="The build backend reads the version from git, and git is not on PATH.",
        remedy="Install git (apt-get install git).",
        topic="git-not-found",
    )


def _backend_problem(kind: Kind, error: str, output: str) -> Problem:
    return Problem(
        found=f"The build backend failed to build the {kind}: {error}\n{last_lines(output, indent='  ')}".rstrip(),
        remedy="Fix the error above. To reproduce it: python -m build",
        topic="build-failed",
    )
