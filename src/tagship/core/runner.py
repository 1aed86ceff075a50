"""Facts of GitHub's runner that actions, the rehearsal and the tests share, and the variables that children do not get.

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


OFFLINE = "TAGSHIP_OFFLINE"
"""The variable of a rehearsal that downloads nothing."""

# The runner's own credentials, and its command files: with them a child process could set outputs.
_RUNNERS = re.compile(
    r"INPUTS|INPUT_.*|ACTIONS_(ID_TOKEN_REQUEST|RUNTIME|RESULTS|CACHE)_.*|ACTIONS_RUNTIME_TOKEN"
    r"|GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(^|.*_)(TOKENS?|PAT|(PG)?PASSWORD|PASSWD|PASSPHRASE|SECRETS?|(API|ACCESS|PRIVATE|SSH|DEPLOY|SIGNING)_?KEY"
    r"|CREDENTIALS?|AUTH|AUTHORIZATION|COOKIE)(_.*|$)|.*_(PASS|PWD|KEYS?|CREDS|ASKPASS|AUTHTOKEN)|SSHPASS|MYSQL_PWD",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"gh[opsur]_[A-Za-z0-9]{16}|github_pat_\w{16}|glpat-[\w-]{16}|npm_[A-Za-z0-9]{30}|pypi-Ag[\w-]{14}|xox[abeprs]-\w{8}"
    r"|(AKIA|ASIA)[A-Z0-9]{16}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?i:basic|bearer) \S{16}"
)
"""The form of tokens of known services, of a JSON Web Token, a private key and an Authorization header."""
_ACCOUNT = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@(?!127\.)[\w-]+\.", re.IGNORECASE)
"""A URL with a password. One for a host without a dot, such as the database of a test, does not count."""
_NETWORK = re.compile(r"(PIP|UV)_(\w+_)?INDEX(_URL)?|(HTTPS?|ALL|FTP)_PROXY", re.IGNORECASE)
"""Variables that keep their password: without it an installer would ask another index."""
_GIT = re.compile(r"GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+|PARAMETERS)")
_GIT_CREDENTIAL = re.compile(r"extraheader|credential|insteadof|cookie|proxy|ssl", re.IGNORECASE)
_LONG = 16
"""Length from which the value of a credential is searched in other variables; `postgres` is also a user's name."""
_PYTHON = re.compile(
    r"(PIP|UV|PYTHON)_.*|PYTHON[A-Z0-9]+|VIRTUAL_ENV(_PROMPT)?|CONDA_.*|__PYVENV_LAUNCHER__", re.IGNORECASE
)


def without_credentials(environ: Mapping[str, str], secrets: Iterable[str] = ()) -> dict[str, str]:
    """Return ``environ`` without credentials, as `withheld` finds them, and the runner's command files."""
    held = withheld(environ, secrets)
    return {name: value for name, value in environ.items() if name not in held and not _RUNNERS.fullmatch(name)}


def withheld(environ: Mapping[str, str], secrets: Iterable[str] = ()) -> frozenset[str]:
    """Return the names of the variables that are credentials by their name, or by the form of their value.

    A value that contains one of ``secrets`` or another credential is one too. The runner's own variables are left out.
    """
    named = {name for name in environ if _CREDENTIAL.fullmatch(name) and not _RUNNERS.fullmatch(name)}
    known = {*filter(None, secrets), *(environ[name] for name in named if len(environ[name]) >= _LONG)}
    held = named | {name for name, value in environ.items() if _is_secret(name, value, known)}
    git = {name for name in environ if _GIT.fullmatch(name)}
    # Git fails if one of its numbered settings is missing, so all are removed or none.
    return frozenset(held | git if held & git or any(_GIT_CREDENTIAL.search(environ[name]) for name in git) else held)


def _is_secret(name: str, value: str, known: Iterable[str]) -> bool:
    if _RUNNERS.fullmatch(name):
        return False
    account = _ACCOUNT.search(value) and not _NETWORK.fullmatch(name)
    return bool(account or _TOKEN.search(value)) or any(secret in value for secret in known)


def index_login(environ: Mapping[str, str]) -> dict[str, str]:
    """Return uv's variables with the user names and passwords of indexes in ``environ``."""
    return {name: value for name, value in environ.items() if re.fullmatch(r"UV_INDEX_\w+_(USERNAME|PASSWORD)", name)}


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
