"""Workflow runs under act: one call is one run, described by act's JSON log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.tools import tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TIMEOUT = 300
"""Seconds that a run may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """A run that ended. ``events`` are the lines of act's log; ``status`` is 0 where every job went well."""

    status: int
    events: tuple[Mapping[str, Any], ...]

    @property
    def jobs(self) -> dict[str, str]:
        """``success`` or ``failure`` of each job that ran, by its id and the values of its matrix; not of skipped ones.

        act gives each job of a matrix the result of the whole; here each is judged by its own steps.
        """
        ended = {_job(event): event["jobResult"] for event in self.events if "jobResult" in event}
        main = [event for event in self.events if event.get("stage") == "Main" and "stepResult" in event]
        failed = {_job(event) for event in main if event["stepResult"] == "failure"}
        passed = {_job(event) for event in main} - failed
        return {job: "success" if job in passed else result for job, result in ended.items()}

    @property
    def failed_steps(self) -> list[str]:
        """The steps that failed, as job and name, those of actions left out."""
        return [
            f"{_job(event)}: {event['step']}"
            for event in self.events
            if event.get("stepResult") == "failure" and len(event.get("stepID", ())) == 1
        ]

    @property
    def errors(self) -> str:
        """All error annotations."""
        return "\n".join(event["arg"] for event in self.events if event.get("command") == "error")

    @property
    def summary(self) -> str:
        """The summaries of all steps, each once: act repeats that of an action's step for the action."""
        shown = (event["content"] for event in self.events if event.get("command") == "summary")
        return "\n".join(dict.fromkeys(shown))

    def log(self, job: str = "") -> str:
        """Return the output of the programs of ``job``, or of all jobs."""
        lines = (event for event in self.events if event.get("raw_output") and (not job or _job(event) == job))
        return "".join(event["msg"] for event in lines)

    def __str__(self) -> str:
        return "\n".join(f"{_job(event)} | {str(event.get('msg', event)).rstrip()}" for event in self.events)


def act(
    event: str,
    payload: Mapping[str, Any],
    *,
    checkout: Path,
    workflow: str,
    scratch: Path,
    repositories: Mapping[str, Path],
    environ: Mapping[str, str],
    secrets: Mapping[str, str],
    options: Sequence[str] = (),
) -> WorkflowRun:
    """Return the run of ``workflow`` in ``checkout`` for an event.

    ``repositories`` are the folders that replace ``owner/name@ref``. Jobs run on this machine one after the other,
    with ``environ`` set for their steps; ``options`` choose among them, in act's words.
    """
    scratch.mkdir(parents=True)
    (scratch / "event.json").write_text(json.dumps(payload))
    (scratch / "secrets").write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))
    command = [tool("act"), event, "--json", "--no-cache-server", "--no-skip-checkout", "--concurrent-jobs", "1"]
    command += ["--workflows", f".github/workflows/{workflow}", "--eventpath", str(scratch / "event.json")]
    command += ["--platform", "ubuntu-latest=-self-hosted", "--action-cache-path", str(scratch / "cache")]
    command += ["--secret-file", str(scratch / "secrets"), "--actor", "octocat"]
    for name, folder in repositories.items():
        command += ["--local-repository", f"{name}={folder}"]
    for name, value in environ.items():
        command += ["--env", f"{name}={value}"]
    command += options
    own = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "RUNNER_", "ACTIONS_"))}
    # A version manager's `python3` is a script that starts dozens of programs, at each step.
    path = os.pathsep.join([str(Path(sys.executable).resolve().parent), own["PATH"]])
    done = subprocess.run(
        command,
        cwd=checkout,
        env={**own, "PATH": path, "XDG_CONFIG_HOME": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return WorkflowRun(status=done.returncode, events=tuple(_event(line) for line in done.stdout.splitlines()))


def _event(line: str) -> Mapping[str, Any]:
    try:
        event: Mapping[str, Any] = json.loads(line)
    except ValueError:
        return {"msg": line}
    return event


def _job(event: Mapping[str, Any]) -> str:
    values = (event.get("matrix") or {}).values()
    return " ".join([str(event.get("jobID", "")), *map(str, values)])
