"""What a start has to say: to the runner by workflow commands, to a person on standard error.

``tagship.edges.runner`` says the same things with a library that is not installed yet.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping


TITLE = "tagship could not start"


def tell(error: Exception, environ: Mapping[str, str]) -> bool:
    """Say what keeps the action from starting; False for an error that is none of the expected ones.

    On a runner that is an annotation and the step's summary; plain text stands on standard error everywhere.
    """
    if not isinstance(error, Failure):
        return False
    if _on_runner(environ):
        _summarise(error, environ)
    for problem in error.problems:
        if _on_runner(environ):
            _write(f"::error title={TITLE}::{_escaped(str(problem))}")
        sys.stderr.write(f"error: {problem}\n")
    return True


def note(text: str) -> None:
    """Say what was done, in a line of its own; standard output stays clean for those who read results there."""
    sys.stderr.write(f"tagship: {text}\n")
    sys.stderr.flush()


def fold(title: str, text: str, environ: Mapping[str, str]) -> None:
    """Show another program's output: folded on a runner, where nothing in it can act as a workflow command."""
    if _on_runner(environ):
        word = secrets.token_hex(16)
        _write(f"::group::{title}\n::stop-commands::{word}\n{text}\n::{word}::\n::endgroup::")
    else:
        sys.stderr.write(f"{title}\n{text}\n")


def _on_runner(environ: Mapping[str, str]) -> bool:
    return environ.get("GITHUB_ACTIONS") == "true"


def _summarise(failure: Failure, environ: Mapping[str, str]) -> None:
    from tagship.core.summary import failure_page

    server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
    repository = environ.get("GITHUB_ACTION_REPOSITORY") or "OWNER/tagship"
    page = f"{server}/{repository}/blob/{environ.get('GITHUB_ACTION_REF') or 'v1'}/docs/troubleshooting.md"
    text = failure_page(TITLE, failure.problems, help_page=page) + "\n\n"
    with Path(environ.get("GITHUB_STEP_SUMMARY") or os.devnull).open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _escaped(text: str) -> str:
    """``text`` as the value of a workflow command, in which a line end would end the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
