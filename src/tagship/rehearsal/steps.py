"""A step of a job, run on this machine as GitHub's runner would: one action, by the very command of its manifest."""

from __future__ import annotations

import json
import os
import shutil
import sys
import uuid
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from tagship.contract.expressions import expand
from tagship.errors import Failure, Problem
from tagship.rehearsal.workflow_commands import StepLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagship.edges.context import Context
    from tagship.rehearsal.children import Children
    from tagship.rehearsal.workflow_commands import Annotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in an ``action.yml``: the title, the defaults by input (empty where none is given), the command."""

    title: str
    defaults: Mapping[str, str]
    run: str


def require_manifests(root: Path) -> None:
    """Raise Failure where the folder ``root`` holds no actions, which is so where tagship was installed."""
    if not (root / "actions").is_dir():
        raise _no_manifest(root / "actions")


def read_manifest(path: Path) -> Manifest:
    """Return the manifest at ``path`` of a composite action of one step. Raises Failure where there is no such file."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise _no_manifest(path) from error
    document = YAML(typ="safe", pure=True).load(text)
    (step,) = document["runs"]["steps"]
    defaults = {name: str(declared.get("default", "")) for name, declared in document["inputs"].items()}
    return Manifest(title=str(document["name"]), defaults=defaults, run=str(step["run"]))


def _no_manifest(path: Path) -> Failure:
    """Return a wheel holds no manifests, so that an installed tagship has none."""
    return Failure(
        Problem(
            found=f"There is no {path}: an installed tagship lacks the manifests that a rehearsal goes by.",
            remedy="Rehearse in a clone: git clone https://github.com/OWNER/tagship && cd tagship && "
            "make rehearse REPO=path TAG=v1.2.0",
            topic="no-manifests",
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """How a step ended: its exit status, outputs, annotations, summary (Markdown) and log as a person sees it."""

    status: int
    outputs: Mapping[str, str]
    annotations: tuple[Annotation, ...]
    summary: str
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the steps share: the run they belong to, and the folders a runner gives them.

    ``tagship`` is the folder that holds the actions; ``temporary`` is RUNNER_TEMP. ``environ`` is the environment
    before the runner adds its own; it holds no credentials. ``shell`` is the program that runs a step's command.
    """

    context: Context
    tagship: Path
    workspace: Path
    temporary: Path
    event: Path
    environ: Mapping[str, str]
    children: Children
    shell: Path = field(default_factory=lambda: Path(shutil.which("bash") or "/bin/bash"))

    def manifest(self, action: str) -> Manifest:
        """Return the manifest of ``action``."""
        return read_manifest(self.tagship / "actions" / action / "action.yml")

    def run(
        self, action: str, inputs: Mapping[str, str], *, programs: Path, on_line: Callable[[str], None]
    ) -> StepResult:
        """Return the end of one step that uses ``action`` with ``inputs``, the folder ``programs`` first on its path.

        ``on_line`` gets each line of the log that a person would see, as it comes.
        """
        manifest = self.manifest(action)
        files = self._files(manifest.run)
        names = self.context.expressions()
        resolved = {name: expand(default, names) for name, default in manifest.defaults.items()} | dict(inputs)
        environ = {
            **self.environ,
            **self._variables(action, files),
            "PATH": os.pathsep.join([str(programs), self.environ.get("PATH", os.defpath)]),
            "INPUTS": json.dumps(resolved, ensure_ascii=False, indent=2),
        }
        log = StepLog()

        def read(line: str) -> None:
            shown = log.read(line)
            if shown is not None:
                on_line(shown)

        command: list[str | Path] = [self.shell, "--noprofile", "--norc", "-e", "-o", "pipefail", files["script"]]
        status = self.children.run(command, cwd=self.workspace, environ=environ, on_line=read)
        return StepResult(
            status=status,
            outputs=read_outputs(files["output"].read_text("utf-8")),
            annotations=tuple(log.annotations),
            summary=files["step_summary"].read_text("utf-8"),
            log=tuple(log.lines),
        )

    def _files(self, command: str) -> dict[str, Path]:
        """Return the files a runner makes for each step, new and empty, and the script that holds the command."""
        folder = self.temporary / "_runner_file_commands" / uuid.uuid4().hex
        folder.mkdir(parents=True)
        files = {name: folder / name for name in ("output", "step_summary", "env", "path", "state", "script")}
        for path in files.values():
            path.touch()
        files["script"].write_text(command + "\n", "utf-8", newline="\n")
        return files

    def _variables(self, action: str, files: Mapping[str, Path]) -> dict[str, str]:
        """Return the variables a runner sets for a step of a composite action.

        As in https://docs.github.com/actions/reference/workflows-and-actions/variables
        """
        context, owner = self.context, self.context.repository.partition("/")[0]
        github = {
            "ACTION": "run",
            "ACTION_PATH": str(self.tagship / "actions" / action),
            "ACTION_REF": context.action_ref,
            "ACTION_REPOSITORY": context.action_repository,
            "ACTOR": owner,
            "API_URL": context.api_url,
            "BASE_REF": "",
            "EVENT_NAME": context.event_name,
            "EVENT_PATH": str(self.event),
            "GRAPHQL_URL": f"{context.api_url}/graphql",
            "HEAD_REF": "",
            "JOB": "rehearsal",
            "REF": f"refs/tags/{context.ref_name}",
            "REF_NAME": context.ref_name,
            "REF_PROTECTED": "false",
            "REF_TYPE": context.ref_type,
            "REPOSITORY": context.repository,
            "REPOSITORY_OWNER": owner,
            "RUN_ATTEMPT": "1",
            "RUN_ID": "1",
            "RUN_NUMBER": "1",
            "SERVER_URL": context.server_url,
            "SHA": context.sha,
            "WORKFLOW": "Release",
            "WORKFLOW_REF": context.workflow_ref,
            "WORKFLOW_SHA": context.sha,
            "WORKSPACE": str(self.workspace),
        }
        commands = {name.upper(): str(path) for name, path in files.items() if name != "script"}
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            **{f"GITHUB_{name}": value for name, value in (github | commands).items()},
            "RUNNER_ARCH": "X64",
            "RUNNER_ENVIRONMENT": "self-hosted",
            "RUNNER_NAME": "rehearsal",
            "RUNNER_OS": _SYSTEMS.get(sys.platform, "Linux"),
            "RUNNER_TEMP": str(self.temporary),
            "RUNNER_TOOL_CACHE": str(self.temporary / "_tool"),
        }


def read_outputs(text: str) -> dict[str, str]:
    """Return the outputs that a step's output file spells: ``name=value``, or ``name<<word``, lines, and the word
    again.
    """
    outputs: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        name, mark, rest = _split(line)
        if mark == "=":
            outputs[name] = rest
        elif mark == "<<":
            outputs[name] = "\n".join(takewhile(rest.__ne__, lines))
    return outputs


def _split(line: str) -> tuple[str, str, str]:
    marks = [(line.index(mark), mark) for mark in ("=", "<<") if mark in line]
    if not marks:
        return line, "", ""
    place, mark = min(marks)
    return line[:place], mark, line[place + len(mark) :]


_SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
