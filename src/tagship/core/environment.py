"""The environment variables that are removed for child processes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The runner's own credentials, and its command files: with them a child process could set outputs.
_RUNNERS = re.compile(
    r"INPUTS|INPUT_.*|ACTIONS_(ID_TOKEN_REQUEST|RUNTIME|RESULTS|CACHE)_.*|ACTIONS_RUNTIME_TOKEN"
    r"|GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(^|.*_)(TOKEN|PAT|(PG)?PASSWORD|PASSWD|PASSPHRASE|SECRET|(API|ACCESS|PRIVATE|SSH|DEPLOY|SIGNING)_?KEY"
    r"|CREDENTIALS?)(_.*|$)|MYSQL_PWD",
    re.IGNORECASE,
)
_PYTHON = re.compile(
    r"(PIP|UV|PYTHON)_.*|PYTHON[A-Z0-9]+|VIRTUAL_ENV(_PROMPT)?|CONDA_.*|__PYVENV_LAUNCHER__", re.IGNORECASE
)


def without_credentials(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` without tokens, passwords and the runner's command files."""
    return {
        name: value
        for name, value in environ.items()
        if not _RUNNERS.fullmatch(name) and not _CREDENTIAL.fullmatch(name)
    }


def without_python_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` without settings of pip, uv, Python and virtual environments, on which no build may depend."""
    return {name: value for name, value in environ.items() if not _PYTHON.fullmatch(name)}


def trusting(environ: Mapping[str, str], folder: str) -> dict[str, str]:
    """Return ``environ`` with the checkout at ``folder`` as a git ``safe.directory``, for containers."""
    given = environ.get("GIT_CONFIG_COUNT", "")
    count = int(given) if given.isdecimal() else 0
    return {
        **environ,
        f"GIT_CONFIG_KEY_{count}": "safe.directory",
        f"GIT_CONFIG_VALUE_{count}": folder,
        "GIT_CONFIG_COUNT": str(count + 1),
    }
