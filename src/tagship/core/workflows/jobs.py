"""The part of workflows and their jobs in a release: building, publishing, releasing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tagship.core.workflows.calls import called_path, own_path

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Job, Permissions, Step, Workflow


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
        return self.step.uses.value.startswith(PUBLISH_ACTION)

    @property
    def can_be_trusted(self) -> bool:
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
    return Publication(
        job=job,
        step=step,
        index=_index(url.value if url else "pypi"),
        token="" if token is None else "input password",
        line=step.uses.line if token is None else token.line,
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


_BUILD = re.compile(
    r"(?:^|\s)-m\s+build\b|\b(?:pyproject-build|pip\d?\s+wheel|cibuildwheel|(?:uv|hatch|poetry|pdm|flit|maturin)\s+build"
    r"|(?:uvx|pipx\s+run)\s+(?:--from\s+\S+\s+)?(?:py)?build|poetry\s+publish\s+--build|flit\s+publish"
    r"|setup\.py\s.*\b(?:sdist|bdist\w*)|(?:make|just|tox|nox|hatch\s+run)\b.*\b(?:build|dist|package|wheel|sdist))\b",
    re.MULTILINE,
)
_BUILDERS = ("hynek/build-and-inspect-python-package@", "pypa/cibuildwheel@", "PyO3/maturin-action@")
_OWN = ("", "actions/preflight", "actions/build-dist")
_RELEASERS = ("softprops/action-gh-release@", "ncipollo/release-action@")
_RELEASE = re.compile(r"\bgh\s+release\s+(?:create|upload|edit)\b")


def builds(job: Job) -> bool:
    """Return True if the job builds distributions from its checkout."""
    return uses_tagship(job) or any(
        step.uses.value.startswith(_BUILDERS) or _BUILD.search(step.run.value) is not None for step in job.steps
    )


def uses_tagship(job: Job) -> bool:
    """Return True if the job runs one of our actions that fail on a shallow clone."""
    return any(own_path(step.uses.value) in _OWN for step in job.steps)


def is_privileged(job: Job) -> bool:
    """Return True if the job uses a secret or its token can write, as it may by default without ``permissions``."""
    secret = any("secrets." in text.value for text in (*job.values, *(step.run for step in job.steps)))
    return secret or job.permissions is None or job.permissions.writes


def release_workflows(workflows: Mapping[str, Workflow]) -> Iterator[Workflow]:
    """Yield those of ``workflows`` (by path) that publish or release, and the local workflows that they call.

    Each has only its jobs with a part in the release. A workflow that is called has all.
    """
    waiting = [_release_part(workflow) for workflow in workflows.values() if _releases(workflow)]
    seen: dict[str, Workflow] = {}
    while waiting:
        workflow = waiting.pop(0)
        if workflow.path not in seen:
            seen[workflow.path] = workflow
            called = [(workflows.get(called_path(job)), job.permissions) for job in workflow.jobs]
            waiting += [_inheriting(other, granted) for other, granted in called if other]
    yield from (seen[path] for path in sorted(seen))


def _inheriting(workflow: Workflow, granted: Permissions | None) -> Workflow:
    """Return ``workflow`` as a job with the permissions ``granted`` calls it: they apply to jobs without their own."""
    if workflow.permissions or granted is None or granted.everything == "write-all":
        return workflow
    jobs = (replace(job, own=job.own or granted, permissions=job.own or granted) for job in workflow.jobs)
    return replace(workflow, jobs=tuple(jobs))


def _release_part(workflow: Workflow) -> Workflow:
    """Return ``workflow`` with the jobs that publish, release or may write, and those they need; all without such."""
    jobs = {job.name: job for job in workflow.jobs}
    waiting = [*_publishing_jobs(workflow), *(job for job in jobs.values() if job.own and job.own.writes)]
    found: set[str] = set()
    while waiting:
        job = waiting.pop()
        if job.name not in found:
            found.add(job.name)
            waiting += [jobs[name] for name in job.needs if name in jobs]
    return replace(workflow, jobs=tuple(job for job in workflow.jobs if job.name in found)) if found else workflow


def has_a_part(workflow: Workflow) -> bool:
    """Return True if ``workflow`` publishes or releases, itself or by a local workflow that it calls."""
    return publishes(workflow) or any(called_path(job) for job in workflow.jobs)


def _releases(workflow: Workflow) -> bool:
    """Return True if ``workflow`` publishes, or starts for a release and not, as tests do, for branches as well."""
    push = workflow.triggers.get("push")
    if "release" in workflow.triggers or (push and "tags" in push.filters and "branches" not in push.filters):
        return True
    return publishes(workflow)


def publishes(workflow: Workflow) -> bool:
    """Return True if ``workflow`` publishes to an index or creates a release, by its steps or by our workflows."""
    return any(True for _ in _publishing_jobs(workflow))


def _publishing_jobs(workflow: Workflow) -> Iterator[Job]:
    yield from (publication.job for publication in publications(workflow))
    for job in workflow.jobs:
        steps = any(_is_releaser(step.uses.value) or _RELEASE.search(step.run.value) for step in job.steps)
        if steps or _is_releaser(job.uses.value):
            yield job


def _is_releaser(uses: str) -> bool:
    return uses.startswith(_RELEASERS) or own_path(uses) is not None
