"""The gh-release action in a process of its own, which tests kill at a given request."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from support.github import COMMIT, REPOSITORY, TOKEN
from tagship.main import main

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from support.github import GitHubUnderTest

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["support.killing", "tagship.actions.gh_release", "tagship.edges.github.reconcile"])


def start(github: GitHubUnderTest, name: str = "run", **given: str) -> BaseProcess:
    """Start the command of the manifest with the variables of a runner; its log is ``<name>.log``."""
    github.temporary.mkdir(parents=True, exist_ok=True)
    output = github.temporary / f"{name}.out"
    output.touch()
    environ = {
        "GITHUB_API_URL": github.server.url,
        "GITHUB_OUTPUT": str(output),
        "GITHUB_REF_NAME": "v1.2.0",
        "GITHUB_REF_TYPE": "tag",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_SHA": COMMIT,
        "GITHUB_WORKSPACE": str(github.checkout),
        "INPUTS": json.dumps({"token": TOKEN, **given}),
        "RUNNER_TEMP": str(github.temporary),
    }
    process = _PROCESSES.Process(target=_run, args=(environ, github.temporary / f"{name}.log"))
    process.start()
    return process


def finish(process: BaseProcess) -> int | None:
    """Wait for the run to end and return its exit status."""
    process.join(60)
    return process.exitcode


def wait_for(github: GitHubUnderTest, requests: int) -> bool:
    """Wait up to 30 seconds for that number of requests; return True if they arrived."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if len(github.server.requests()) >= requests:
            return True
        time.sleep(0.01)
    return False


def _run(environ: dict[str, str], log: Path) -> None:
    with log.open("w", encoding="utf-8") as stream, redirect_stdout(stream):
        status = main(["gh-release"], environ)
    sys.exit(status)
