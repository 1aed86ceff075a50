"""What the tokens of a workflow's jobs may do, against what they need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagship.doctor.finding import Finding
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.core.workflows.reading import Job, Workflow

WANTED: Mapping[str, Mapping[str, str]] = {
    "python-build.yml": {"contents": "read"},
    "python-attest.yml": {"id-token": "write", "attestations": "write", "artifact-metadata": "write"},
    "github-release.yml": {"contents": "write"},
    "python-release.yml": {"contents": "write"},
}
"""The permissions that a job must have to call one of our workflows: GitHub starts no run in which it has less."""

_CALL = re.compile(re.escape(SOURCE) + r"/\.github/workflows/(?P<name>[^@]+)@")
_PUBLISHES = re.compile(r"publish", re.IGNORECASE)
_TO_PYPI = re.compile(r"pypi|python", re.IGNORECASE)


def on_permissions(workflow: Workflow) -> Iterator[Finding]:
    """What is granted at the top or to every scope, what is missing, and an identity shown in a foreign workflow."""
    yield from _on_top(workflow)
    for job in workflow.jobs:
        if job.own and job.own.everything == "write-all":
            yield Finding(
                rule="write-all",
                level="warning",
                found=f"The job {job.name} may write everything.",
                remedy="Grant what it needs and nothing else, for example: permissions: {contents: read}",
                file=workflow.path,
                line=job.own.line,
            )
        if job.uses:
            yield from _on_call(workflow, job)


def _on_top(workflow: Workflow) -> Iterator[Finding]:
    top = workflow.permissions
    if top is None and all(job.own for job in workflow.jobs):
        return
    if top is None:
        names = ", ".join(job.name for job in workflow.jobs if not job.own)
        yield Finding(
            rule="no-permissions",
            level="warning",
            found=f"Nothing says what the token may do in {names}: it may be everything.",
            remedy="Write permissions: {} at the top level, and in each job what it needs.",
            file=workflow.path,
        )
    elif top.writes or top.everything == "read-all" or top.scopes:
        granted = top.everything or ", ".join(f"{scope}: {word}" for scope, word in top.scopes.items())
        yield Finding(
            rule="write-all" if top.everything == "write-all" else "permissions-at-top",
            level="warning" if top.writes else "advice",
            found=f"Every job without permissions of its own is granted {granted}.",
            remedy="Write permissions: {} at the top level, and in each job what it needs.",
            file=workflow.path,
            line=top.line,
        )


def _on_call(workflow: Workflow, job: Job) -> Iterator[Finding]:
    match = _CALL.match(job.uses.value)
    if match:
        wanted = WANTED.get(match["name"], {})
        missing = [f"{scope}: {word}" for scope, word in wanted.items() if not _has(job, scope, word)]
        whole = ", ".join(f"{scope}: {word}" for scope, word in wanted.items())
        by_default = job.permissions is None and missing == ["contents: write"]
        if missing:
            yield Finding(
                rule="call-without-permission",
                level="warning" if by_default else "blocker",
                found=f"The job {job.name} calls {match['name']} without {', '.join(missing)}: GitHub "
                f"{'starts no run unless the default of the repository grants it' if by_default else 'starts no run'}.",
                remedy=f"Give that job: permissions: {{{whole}}}",
                file=workflow.path,
                line=job.line,
            )
    elif not job.uses.value.startswith(("./", "$/")):
        yield from _foreign_publisher(workflow, job)


def _has(job: Job, scope: str, word: str) -> bool:
    permissions = job.permissions
    if permissions is None:
        # The repository's default reads contents at least, and writes nothing but what it is set to.
        return word == "read"
    if permissions.grants(scope):
        return True
    return word == "read" and (permissions.everything == "read-all" or permissions.scopes.get(scope) == "read")


def _foreign_publisher(workflow: Workflow, job: Job) -> Iterator[Finding]:
    """Source: https://docs.pypi.org/trusted-publishers/troubleshooting/#reusable-workflows-on-github."""
    granted = job.permissions
    if granted is None or not granted.grants("id-token"):
        return
    others = not granted.everything and any(granted.grants(scope) for scope in ("attestations", "pages"))
    words = f"{job.name} {job.uses.value}"
    certain = _TO_PYPI.search(words)
    if others or not (certain or _PUBLISHES.search(words)):
        return
    place = f"{job.uses.value.partition('@')[0]}, a workflow of another repository"
    yield Finding(
        rule="foreign-publisher",
        level="blocker" if certain else "warning",
        found=f"The job {job.name} publishes by trusted publishing in {place}: PyPI refuses that."
        if certain
        else f"The job {job.name} shows its identity in {place}: if that is to publish, PyPI refuses it.",
        remedy="Publish in a job of this file; tagship init writes one: tagship init --file NAME.yml",
        file=workflow.path,
        line=job.uses.line,
    )
