"""Messages of the bootstrap: workflow commands on a runner, plain text on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tagship.errors import Failure
from tagship.workflow_commands import append, command, stop_commands

TITLE = "tagship could not start"


def report_failure(error: Exception, environ: Mapping[str, str]) -> bool:
    """Report an expected failure, and return False for any other error.

    A runner gets an annotation and a step summary; standard error always gets plain text.
    """
    if not isinstance(error, Failure):
        return False
    if _on_runner(environ):
        _summarise(error, environ)
    for problem in error.problems:
        if _on_runner(environ):
            _write(command("error", str(problem), {"title": TITLE}))
        sys.stderr.write(f"error: {problem}\n")
    return True


def note(text: str) -> None:
    """Write a line to standard error; standard output is reserved for results."""
    sys.stderr.write(f"tagship: {text}\n")
    sys.stderr.flush()


def fold(title: str, text: str, environ: Mapping[str, str]) -> None:
    """Print the output of another program, on a runner as a group in which no workflow command is executed."""
    if _on_runner(environ):
        stop, resume = stop_commands()
        _write("\n".join((command("group", title), stop, text, resume, command("endgroup"))))
    else:
        sys.stderr.write(f"{title}\n{text}\n")


def _on_runner(environ: Mapping[str, str]) -> bool:
    return environ.get("GITHUB_ACTIONS") == "true"


def _summarise(failure: Failure, environ: Mapping[str, str]) -> None:
    from tagship.core.runner import action_source
    from tagship.core.summary import failure_page

    server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
    repository, ref = action_source(environ)
    page = f"{server}/{repository}/blob/{ref}/docs/troubleshooting.md"
    summary = Path(environ.get("GITHUB_STEP_SUMMARY") or os.devnull)
    try:
        append(summary, failure_page(TITLE, failure.problems, help_page=page) + "\n\n")
    except OSError as error:
        note(f"The step summary could not be written: {error}.")


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
