"""The steps of a workflow that publish to a package index, and their credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.workflows.reading import Job, Step, Workflow

PUBLISH_ACTION = "pypa/gh-action-pypi-publish@"
_TOKEN_INPUTS = frozenset({"password", "user"})
"""Inputs of PUBLISH_ACTION that make it use a token."""
_COMMAND = re.compile(r"\btwine\s+upload\b|\b(?:uv|poetry|hatch|flit|pdm|maturin)\s+publish\b|\bmaturin\s+upload\b")
_TOKEN = re.compile(
    r"TWINE_PASSWORD|UV_PUBLISH_(?:TOKEN|PASSWORD)|POETRY_PYPI_TOKEN_\w+|POETRY_HTTP_BASIC_\w+_PASSWORD|HATCH_INDEX_AUTH"
    r"|FLIT_PASSWORD|PDM_PUBLISH_PASSWORD|MATURIN_(?:PYPI_TOKEN|PASSWORD)|secrets\.\w+"
)
_INDEX = re.compile(r"(?:--repository(?:-url)?|--publish-url|--index(?:-url)?|\s-r|\bTWINE_REPOSITORY_URL:?)[ =]+(\S+)")
_INDEXES = {"pypi": "PyPI", "upload.pypi.org": "PyPI", "pypi.org": "PyPI", "testpypi": "TestPyPI"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A step that publishes. ``token`` is the source of its token, such as a variable, or empty if none is found.

    ``index`` is ``PyPI``, ``TestPyPI`` or the name or URL of another index. ``line`` is the line of the token, else of
    the command.
    """

    job: Job
    step: Step
    index: str
    token: str
    line: int

    @property
    def by_action(self) -> bool:
        """True if the step uses PUBLISH_ACTION."""
        return self.step.uses.value.startswith(PUBLISH_ACTION)

    @property
    def can_be_trusted(self) -> bool:
        """True if the index supports trusted publishing."""
        return self.index in ("PyPI", "TestPyPI")


def is_trusted(step: Step) -> bool:
    """Return True if the step runs PUBLISH_ACTION without a token, and so uses trusted publishing."""
    return step.uses.value.startswith(PUBLISH_ACTION) and not _TOKEN_INPUTS & set(step.given)


def publications(workflow: Workflow) -> Iterator[Publication]:
    """Yield every step of ``workflow`` that publishes, by a command or with the token of one in its environment."""
    for job in workflow.jobs:
        for step in job.steps:
            if step.uses.value.startswith(PUBLISH_ACTION):
                yield _by_action(job, step)
            elif _COMMAND.search(_code(step.run.value)) or any(map(_TOKEN.fullmatch, step.environ)):
                yield _by_command(workflow, job, step)


def _by_action(job: Job, step: Step) -> Publication:
    token = step.given.get("password") or step.given.get("user")
    url = step.given.get("repository-url") or step.given.get("repository_url")
    trusted = is_trusted(step) or token is None
    return Publication(
        job=job,
        step=step,
        index=_index(url.value if url else "pypi"),
        token="" if trusted or token is None else "input password",
        line=step.uses.line if trusted or token is None else token.line,
    )


def _by_command(workflow: Workflow, job: Job, step: Step) -> Publication:
    code = _code(step.run.value)
    given = {**workflow.environ, **job.environ, **step.environ}
    variable = next((name for name in given if _TOKEN.fullmatch(name)), "")
    spoken = _TOKEN.search(code)
    named = _INDEX.search(code + "".join(f"\n{name}: {text.value}" for name, text in given.items()))
    return Publication(
        job=job,
        step=step,
        index=_index(named[1] if named else "pypi"),
        token=f"variable {variable}" if variable else spoken[0] if spoken else "",
        line=given[variable].line if variable else step.run.line or step.line,
    )


def _index(named: str) -> str:
    name = named.strip("'\"")
    host = urlsplit(name).hostname or name
    return _INDEXES.get(host, "TestPyPI" if host == "test.pypi.org" else name)


def _code(script: str) -> str:
    return "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("#"))
