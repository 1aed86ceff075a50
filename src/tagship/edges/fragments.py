"""The notes of a version out of changelog fragments that are not built yet, written by the project's own tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.formatting import last_lines
from tagship.core.runner import without_python_settings
from tagship.edges.environments import Environments
from tagship.edges.lock_tiers import require_library
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.core.changelog_text import Fragments
    from tagship.edges.runtime import Runtime

_REQUIREMENTS = {"towncrier": "towncrier", "scriv": "scriv[toml]"}
_TIMEOUT = 300


def fragment_draft(fragments: Fragments, runtime: Runtime, project: Path, *, name: str, version: str) -> str:
    """Return the draft that the tool of ``fragments`` prints for ``version`` in the folder ``project``.

    The newest release of the tool runs in an environment of its own, without credentials; it may execute templates of
    the checkout. Raises Failure if it cannot be installed or fails.
    """
    requirement = _REQUIREMENTS.get(fragments.tool)
    if requirement is None:
        raise _failed(fragments, f"{fragments.tool} is not a Python program, so no draft can be made.")
    require_library("uv", "environments", runtime.installer_environ)
    with runtime.scratch("fragments") as folder:
        environ = without_python_settings(runtime.environ)
        environments = Environments(
            folder=folder, processes=runtime.processes, environ=environ, say=runtime.runner.untrusted
        )
        environment = environments.create("tool")
        installed = environments.install(environment, requirement)
        if not installed.ok:
            raise _failed(fragments, f"Installing {requirement} failed:\n{last_lines(installed.output, indent='  ')}")
        draft = folder / "draft"
        arguments: tuple[str | Path, ...] = ("print", "--output", draft)
        if fragments.tool == "towncrier":
            arguments = ("build", "--draft", "--name", name or project.name, "--version", version)
        done = runtime.processes.run(
            [environment.python, "-P", "-m", fragments.tool, *arguments],
            cwd=project,
            environ=environment.variables(environ),
            timeout=_TIMEOUT,
            errors_apart=fragments.tool == "towncrier",
            on_line=runtime.runner.untrusted,
        )
        if not done.ok:
            cause = last_lines(done.output, indent="  ")
            raise _failed(fragments, f"{fragments.tool} exited with status {done.code}:\n{cause}")
        return draft.read_text("utf-8", "replace") if draft.is_file() else done.output


def _failed(fragments: Fragments, found: str) -> Failure:
    remedy = f"Run `{fragments.command}`, commit the result, and tag that commit."
    return Failure.of(found=found, remedy=remedy, topic="changelog-fragments")
