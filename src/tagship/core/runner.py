"""Facts of GitHub's runner that actions, the rehearsal and the tests share.

Sources: ``ActionRunner.cs``, ``ActionCommandManager.cs`` and ``ExecutionContext.cs`` of actions/runner, and
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tagship.errors import SOURCE

ANNOTATION_LIMIT = 4096
"""Characters of an annotation; the runner cuts a longer one, in the log too."""

SUMMARY_LIMIT = 1024 * 1024
"""Size of a step's summary in bytes; GitHub drops a longer one."""

BLANK_VARIABLES = ("GITHUB_ACTION_REPOSITORY", "GITHUB_ACTION_REF")
"""Variables that the runner sets to an empty text for a ``run:`` step of a composite action."""

SOURCE_VARIABLES = {"TAGSHIP_REPOSITORY": "github.action_repository", "TAGSHIP_REF": "github.action_ref"}
"""Variables by which a manifest passes on the repository and the ref of the action, with their expressions."""

_ELLIPSIS = "\n[...]\n"
_TAIL = 1024
_DOWNLOADED = re.compile(r"/_actions/([^/]+/[^/]+)/([^/]+)(?:/|$)")


def action_source(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the repository and the ref that the running action comes from.

    The manifest's own variables come first, then the runner's, which act sets, then the folder of the download.
    """
    downloaded = _DOWNLOADED.search(environ.get("GITHUB_ACTION_PATH", "").replace("\\", "/"))
    named = zip(SOURCE_VARIABLES, BLANK_VARIABLES, downloaded.groups() if downloaded else ("", ""), strict=True)
    repository, ref = (environ.get(own) or environ.get(runner) or path for own, runner, path in named)
    return repository or SOURCE, ref or "v1"


def job_outputs(outputs: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    """Return the outputs that other jobs get: those without the text of a secret."""
    return {name: text for name, text in outputs.items() if not any(secret in text for secret in secrets)}


def annotation_text(text: str) -> str:
    """Return ``text`` within the limit of an annotation: its beginning, and its end, which is the remedy."""
    if len(text) <= ANNOTATION_LIMIT:
        return text
    return text[: ANNOTATION_LIMIT - _TAIL - len(_ELLIPSIS)] + _ELLIPSIS + text[-_TAIL:]
