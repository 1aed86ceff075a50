"""The findings on the permissions of a workflow's jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tagship.core.workflows.calls import own_path
from tagship.doctor.finding import Finding, with_permissions

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Job, Workflow

REQUIRED: Mapping[str, Mapping[str, str]] = {
    "python-build.yml": {"contents": "read"},
    "python-publish.yml": {"id-token": "write"},
    "python-attest.yml": {"id-token": "write", "attestations": "write", "artifact-metadata": "write"},
    "github-release.yml": {"contents": "write"},
    "python-release.yml": {"contents": "write"},
}
"""The permissions that a job needs to call one of our workflows: without them GitHub rejects the run."""

_TOP_REMEDY = "Set permissions: {} at the top level, and add to each job the scopes it needs."
_WORKFLOWS = ".github/workflows/"
_PUBLISHES = re.compile(r"publish", re.IGNORECASE)
_TO_PYPI = re.compile(r"pypi|python", re.IGNORECASE)


def on_permissions(workflow: Workflow) -> Iterator[Finding]:
    """Yield top-level and ``write-all`` grants, missing permissions, and trusted publishing in foreign workflows."""
    yield from _on_top(workflow)
    for job in workflow.jobs:
        if job.own and job.own.everything == "write-all":
            yield Finding(
                rule="write-all",
                found=f"Job {job.name} has `permissions: write-all`.",
                remedy="Grant only the scopes it needs, for example: permissions: {contents: read}",
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
            found=f"No `permissions:` for {names}; GITHUB_TOKEN gets the repository default, possibly write-all.",
            remedy=_TOP_REMEDY,
        )
    elif top.writes:
        granted = top.everything or ", ".join(f"{scope}: {word}" for scope, word in top.scopes.items())
        yield Finding(
            rule="write-all" if top.everything == "write-all" else "permissions-at-top",
            found=f"Top-level permissions grant {granted} to every job without its own `permissions:`.",
            remedy=_TOP_REMEDY,
            line=top.line,
        )


def _on_call(workflow: Workflow, job: Job) -> Iterator[Finding]:
    path = own_path(job.uses.value)
    if path is not None:
        name = path.removeprefix(_WORKFLOWS)
        required = REQUIRED.get(name, {})
        missing = [f"{scope}: {word}" for scope, word in required.items() if not _has(job, scope, word)]
        whole = ", ".join(f"{scope}: {word}" for scope, word in required.items())
        by_default = job.permissions is None and missing == ["contents: write"]
        if missing:
            yield Finding(
                rule="call-without-permission",
                level="warning" if by_default else "error",
                found=f"Job {job.name} calls {name} without {', '.join(missing)}: GitHub rejects the run"
                f"{' unless the repository default grants it' if by_default else ''}.",
                remedy=f"Add to the job: permissions: {{{whole}}}",
                line=job.line,
                fix=with_permissions(workflow, job, whole),
            )
    elif not job.uses.value.startswith(("./", "$/")):
        yield from _foreign_publisher(job)


def _has(job: Job, scope: str, word: str) -> bool:
    permissions = job.permissions
    if permissions is None:
        # The repository default always includes reading contents; whether it includes writing is a setting.
        return word == "read"
    if permissions.grants(scope):
        return True
    return word == "read" and (permissions.everything == "read-all" or permissions.scopes.get(scope) == "read")


def _foreign_publisher(job: Job) -> Iterator[Finding]:
    """Yield trusted publishing in a workflow of another repository.

    Source: https://docs.pypi.org/trusted-publishers/troubleshooting/#reusable-workflows-on-github
    """
    granted = job.permissions
    if granted is None or not granted.grants("id-token"):
        return
    others = not granted.everything and any(granted.grants(scope) for scope in ("attestations", "pages"))
    words = f"{job.name} {job.uses.value}"
    certain = _TO_PYPI.search(words)
    if others or not (certain or _PUBLISHES.search(words)):
        return
    yield Finding(
        rule="foreign-publisher",
        level="error" if certain else "warning",
        found=f"Job {job.name} {'uses' if certain else 'may use'} trusted publishing in "
        f"{job.uses.value.partition('@')[0]}. PyPI does not accept workflows of another repository.",
        remedy="Publish in a job of this file; `tagship init --file NAME.yml` writes one.",
        line=job.uses.line,
    )
