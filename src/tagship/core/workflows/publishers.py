"""The jobs that publish to PyPI when a tag is pushed, and the trusted publisher that each requires.

Source: https://docs.pypi.org/trusted-publishers/using-a-publisher/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tagship.core.workflows.calls import called_path
from tagship.core.workflows.jobs import Publication, publications
from tagship.core.workflows.reading import Job, Workflow, read_workflows

_PATTERN = re.compile(r"\\.|\*\*|\*|[+?]|\[[^]]*\]|.", re.DOTALL)
_COMMENT = re.compile(r"#\s*Trusted publisher: workflow (\S+\.ya?ml), environment (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The file name of the workflow and the environment of a trusted publisher. ``environment`` may be empty."""

    workflow: str
    environment: str = ""

    @property
    def comment(self) -> str:
        """The comment in a publishing job that records its publisher."""
        return f"# Trusted publisher: workflow {self.workflow}, environment {self.environment or '(none)'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingJob:
    """A job that publishes in a run of the workflow file ``started``, and its step.

    ``defined`` is the file with the job: ``started``, or a workflow that it calls. ``identified`` is true if the job
    can request an identity token. ``recorded`` is the publisher in a comment of the job.
    """

    started: str
    defined: str
    event: str
    publication: Publication
    identified: bool
    recorded: Publisher | None

    @property
    def is_trusted(self) -> bool:
        """True if the step uses trusted publishing; a command does so only if the job is identified."""
        found = self.publication
        return found.can_be_trusted and not found.token and (found.by_action or self.identified)

    @property
    def environment(self) -> str:
        """The deployment environment; that of the recorded publisher if an expression computes it."""
        named = self.publication.job.environment.value
        return self.recorded.environment if self.recorded and "${{" in named else named

    @property
    def publisher(self) -> Publisher:
        """The recorded publisher, or the one that PyPI's form requires for this job: the file that is started."""
        return self.recorded or Publisher(workflow=self.started.rpartition("/")[2], environment=self.environment)

    def enables(self, name: str, *, default: str = "false") -> bool:
        """Return True if the boolean input ``name`` of the step is true."""
        given = self.publication.step.given.get(name)
        return (given.value if given else default).lower() == "true"


def publishing_jobs(workflows: Mapping[str, str], tag: str) -> tuple[PublishingJob, ...]:
    """Return the jobs of ``workflows`` (text by path) that publish to PyPI or TestPyPI.

    If a workflow starts on the push of ``tag`` or on a release, the jobs of all others are left out.
    """
    read = {workflow.path: workflow for workflow in read_workflows(workflows)}
    started = [workflow for workflow in read.values() if not workflow.is_only_called]
    found = [(workflow, job) for workflow in started for job in _jobs(workflow, read, _start(workflow))]
    on_tag = [job for workflow, job in found if _starts_on(tag, workflow)]
    return tuple(on_tag or [job for _, job in found])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """A run of the workflow ``path``. ``granted`` is what the calling job grants to a called one; None if none does."""

    path: str
    event: str
    granted: bool | None = None
    depth: int = 0


def _start(workflow: Workflow) -> _Start:
    events = [name for name in ("push", "release") if name in workflow.triggers]
    return _Start(path=workflow.path, event=next(iter([*events, *workflow.triggers]), "push"))


def _starts_on(tag: str, workflow: Workflow) -> bool:
    filters = workflow.triggers["push"].filters if "push" in workflow.triggers else {"branches": ()}
    if "tags" in filters:
        return any(_matches(tag, pattern) for pattern in filters["tags"]) or "release" in workflow.triggers
    return "release" in workflow.triggers or not {"branches", "branches-ignore"} & set(filters)


def _matches(tag: str, pattern: str) -> bool:
    """Return True if ``tag`` matches a filter of GitHub.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
    """
    try:
        return re.fullmatch("".join(map(_translated, _PATTERN.findall(pattern))), tag) is not None
    except re.error:
        return True


def _translated(part: str) -> str:
    known = {"**": ".*", "*": "[^/]*", "+": "+", "?": "?"}
    return known.get(part) or (part if part.startswith("[") else re.escape(part.removeprefix("\\")))


def _jobs(workflow: Workflow, workflows: Mapping[str, Workflow], start: _Start) -> Iterator[PublishingJob]:
    for publication in publications(workflow):
        if publication.can_be_trusted:
            yield PublishingJob(
                started=start.path,
                defined=workflow.path,
                event=start.event,
                publication=publication,
                identified=_identified(publication.job, start.granted),
                recorded=_recorded(workflow, publication),
            )
    for job in workflow.jobs:
        called = workflows.get(called_path(job))
        # GitHub follows calls up to ten levels deep.
        if called is not None and start.depth < 10:
            granted = _identified(job, start.granted)
            inner = _Start(path=start.path, event=start.event, granted=granted, depth=start.depth + 1)
            yield from _jobs(called, workflows, inner)


def _identified(job: Job, granted: bool | None) -> bool:
    """Return True if the job has ``id-token: write``. A called workflow cannot have more than its caller grants."""
    if job.permissions is None:
        return bool(granted)
    return granted is not False and job.permissions.grants("id-token")


def _recorded(workflow: Workflow, publication: Publication) -> Publisher | None:
    lines = workflow.lines[publication.job.line - 1 : publication.step.line]
    match = next((match for line in lines if (match := _COMMENT.search(line))), None)
    if match is None:
        return None
    return Publisher(workflow=match[1], environment="" if match[2] == "(none)" else match[2])
