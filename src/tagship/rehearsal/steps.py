"""A step of a job, run as GitHub's runner runs it: an action, by the command in its manifest, and its log."""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from tagship.contract.conversion import expand
from tagship.core.runner import ANNOTATION_LIMIT, BLANK_VARIABLES, SOURCE_VARIABLES, job_outputs
from tagship.errors import Level
from tagship.workflow_commands import read_outputs

if TYPE_CHECKING:
    from tagship.edges.context import Context
    from tagship.edges.processes import Processes

_COMMAND = re.compile(r"::(?P<name>[A-Za-z-]+)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "notice": "note"}
_ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """An annotation of the run, with its place in the repository if it has one."""

    level: Level
    title: str
    text: str
    file: str | None = None
    line: int | None = None


@dataclass(slots=True)
class StepLog:
    """The log of a step: the lines that a person sees, the annotations, and the masked texts."""

    lines: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    _resume_token: str | None = None

    def read(self, line: str) -> str | None:
        """Add a line; return it as a person sees it, or None if it is a command without text."""
        shown = self._shown(line)
        if shown is None:
            return None
        for secret in self.secrets:
            shown = shown.replace(secret, "***")
        self.lines.append(shown)
        return shown

    def _shown(self, line: str) -> str | None:
        if self._resume_token is not None:
            ended = line.strip() == f"::{self._resume_token}::"
            self._resume_token = None if ended else self._resume_token
            return None if ended else line
        match = _COMMAND.match(line.lstrip())
        return self._apply(match) if match else line

    def _apply(self, match: re.Match[str]) -> str | None:
        message = _unescaped(match["message"])
        level = _LEVELS.get(match["name"])
        if level:
            annotation = _annotation(level, match["properties"] or "", message)
            self.annotations.append(annotation)
            return f"{level}: {annotation.title}: {message}" if annotation.title else f"{level}: {message}"
        match match["name"]:
            case "stop-commands":
                self._resume_token = message
            case "add-mask":
                self.secrets += [message] if message else []
            case "group":
                return f"== {message}"
            case _:
                pass
        return None


def _annotation(level: Level, properties: str, message: str) -> Annotation:
    pairs = dict(pair.split("=", 1) for pair in properties.split(",") if "=" in pair)
    values = {name.strip(): _unescaped(value) for name, value in pairs.items()}
    line = values.get("line", "")
    return Annotation(
        level=level,
        title=values.get("title", ""),
        text=message[:ANNOTATION_LIMIT],
        file=values.get("file"),
        line=int(line) if line.isdigit() else None,
    )


def _unescaped(text: str) -> str:
    return re.sub("%(25|0[DA]|3A|2C)", lambda match: _ESCAPES[match[0].upper()], text, flags=re.IGNORECASE)


def read_manifest(path: Path) -> tuple[str, Mapping[str, str]]:
    """Return the command of a composite action with one step, and the default of each input, empty if it has none."""
    document = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    (step,) = document["runs"]["steps"]
    return step["run"], {name: str(declared.get("default", "")) for name, declared in document["inputs"].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """The result of a step: exit status, outputs, annotations, summary (Markdown), and log without commands."""

    status: int
    outputs: Mapping[str, str]
    annotations: tuple[Annotation, ...]
    summary: str
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The run and the folders that steps share.

    ``tagship`` is the folder with the actions, ``temporary`` is RUNNER_TEMP, ``event`` the file with the event payload.
    The environment of ``processes`` contains no credentials; the variables of the runner are added to it.
    """

    context: Context
    tagship: Path
    workspace: Path
    temporary: Path
    event: Path
    processes: Processes

    def run(
        self, action: str, inputs: Mapping[str, str], *, programs: Path, on_line: Callable[[str], None]
    ) -> StepResult:
        """Run one step: ``action`` with ``inputs``, and the folder ``programs`` first on PATH.

        ``on_line`` is called with each line of the log that a person sees.
        """
        command, defaults = read_manifest(self.tagship / "actions" / action / "action.yml")
        files = self._files(command)
        names = self.context.expressions()
        resolved = {name: expand(default, names) for name, default in defaults.items()} | dict(inputs)
        environ = {
            **self.processes.environ,
            **self._variables(action, files),
            "PATH": os.pathsep.join([str(programs), self.processes.environ.get("PATH", os.defpath)]),
            "INPUTS": json.dumps(resolved, ensure_ascii=False, indent=2),
        }
        log = StepLog()

        def read(line: str) -> None:
            shown = log.read(line)
            if shown is not None:
                on_line(shown)

        shell: list[str | Path] = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", files["script"]]
        completed = self.processes.run(shell, cwd=self.workspace, environ=environ, on_line=read)
        return StepResult(
            status=completed.code,
            outputs=job_outputs(read_outputs(files["output"].read_text("utf-8")), log.secrets),
            annotations=tuple(log.annotations),
            summary=files["step_summary"].read_text("utf-8"),
            log=tuple(log.lines),
        )

    def _files(self, command: str) -> dict[str, Path]:
        """Create the files of a step: empty ones for the runner's file commands, and the script with the command."""
        folder = self.temporary / "_runner_file_commands" / uuid.uuid4().hex
        folder.mkdir(parents=True)
        files = {name: folder / name for name in ("output", "step_summary", "env", "path", "state", "script")}
        for path in files.values():
            path.touch()
        files["script"].write_text(command + "\n", "utf-8", newline="\n")
        return files

    def _variables(self, action: str, files: Mapping[str, Path]) -> dict[str, str]:
        """Return the variables that a runner sets for a step of a composite action.

        Source: https://docs.github.com/actions/reference/workflows-and-actions/variables
        """
        context, owner = self.context, self.context.repository.partition("/")[0]
        github = {
            "ACTION": "run",
            "ACTION_PATH": str(self.tagship / "actions" / action),
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
            **dict.fromkeys(BLANK_VARIABLES, ""),
            **dict(zip(SOURCE_VARIABLES, (context.action_repository, context.action_ref), strict=True)),
            "RUNNER_ARCH": "X64",
            "RUNNER_ENVIRONMENT": "self-hosted",
            "RUNNER_NAME": "rehearsal",
            "RUNNER_OS": _SYSTEMS.get(sys.platform, "Linux"),
            "RUNNER_TEMP": str(self.temporary),
            "RUNNER_TOOL_CACHE": str(self.temporary / "_tool"),
        }


_SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
