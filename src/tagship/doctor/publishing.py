"""The findings on the jobs that publish: credentials, environments, trusted publishers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.core.workflows.jobs import Publication, builds, publications
from tagship.doctor.finding import Finding

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts
    from tagship.core.workflows.reading import Job, Workflow

_ADDRESS = re.compile(r"https://(?:test\.)?pypi\.org/(?:p|project)/(?P<name>[A-Za-z0-9._-]+)")
_SITES = {"PyPI": "https://pypi.org", "TestPyPI": "https://test.pypi.org"}


def on_publishing(workflow: Workflow, facts: ProjectFacts) -> Iterator[Finding]:
    """Yield the findings on the steps of ``workflow`` that publish, except for permissions, which preflight checks."""
    found = list(publications(workflow))
    for publication in found:
        yield from _credential(workflow, publication)
    for job in dict.fromkeys(publication.job.name for publication in found):
        mine = [publication for publication in found if publication.job.name == job]
        yield from _job(mine)
        yield from _address(mine[0].job, facts)


def on_publishers(workflows: Sequence[Workflow], facts: ProjectFacts) -> Iterator[Finding]:
    """Yield several publishers of one project, and the lack of a release workflow."""
    found = [
        (workflow, publication)
        for workflow in workflows
        for publication in publications(workflow)
        if not publication.token and publication.can_be_trusted and not workflow.is_only_called
    ]
    for index in _SITES:
        files = sorted({flow.path for flow, one in found if one.index == index})
        if len(files) > 1:
            yield Finding(
                rule="several-publishers",
                found=f"{len(files)} workflow files use trusted publishing to {index}: {', '.join(files)}.",
                remedy=f"Keep one of them, or add each as a trusted publisher at {_settings(facts, index)}",
                file=files[0],
            )
    if not workflows:
        yield Finding(
            rule="no-release-workflow",
            found="No workflow publishes the package or creates a release.",
            remedy="Create one: tagship init",
        )


def _credential(workflow: Workflow, publication: Publication) -> Iterator[Finding]:
    job = publication.job
    if publication.token and publication.can_be_trusted and not workflow.is_only_called:
        yield Finding(
            rule="long-lived-token",
            found=f"Job {job.name} publishes to {publication.index} with a long-lived API token ({publication.token}) "
            "instead of trusted publishing.",
            remedy="Remove the token, add permissions: {id-token: write} and environment: "
            f"{_environment(publication, 'pypi')} to the job, and add the file as a trusted publisher at the index.",
            line=publication.line,
        )
    elif not publication.token and not publication.by_action and not _identified(job):
        yield Finding(
            rule="no-credential",
            found=f"Job {job.name} publishes without a token and without `id-token: write` for trusted publishing.",
            remedy="Add to the job: permissions: {id-token: write}",
            line=publication.line,
        )


def _identified(job: Job) -> bool:
    return job.permissions is not None and job.permissions.grants("id-token")


def _job(mine: Sequence[Publication]) -> Iterator[Finding]:
    job, line = mine[0].job, mine[0].job.line
    if not job.environment:
        yield Finding(
            rule="no-environment",
            found=f"Job {job.name} publishes without a deployment environment, so no approval or branch rule applies.",
            remedy=f"Add to the job: environment: {_environment(mine[0], 'pypi')}",
            line=line,
        )
    if len([one for one in mine if one.by_action and not one.token]) > 1:
        yield Finding(
            rule="two-uploads",
            found=f"Job {job.name} publishes twice: the second upload fails on the attestations of the first.",
            remedy="Publish to each index in a separate job.",
            line=mine[1].line,
        )
    if builds(job) and _identified(job):
        yield Finding(
            rule="build-with-credential",
            found=f"Job {job.name} builds and publishes, so all code that runs in the build can publish too.",
            remedy="Build in a job without permissions and pass the files with actions/upload-artifact and "
            "actions/download-artifact. `tagship init` writes such jobs.",
            line=line,
        )


def _address(job: Job, facts: ProjectFacts) -> Iterator[Finding]:
    match, name = _ADDRESS.match(job.address.value), facts.declaration.name
    if match and name and canonicalize_name(match["name"]) != canonicalize_name(name):
        yield Finding(
            rule="other-project",
            found=f"The URL of the environment names project {match['name']}, but this project is {name}.",
            remedy=f"Set url: {match[0][: match.start('name')]}{canonicalize_name(name)}",
            line=job.address.line,
        )


def _environment(publication: Publication, standard: str) -> str:
    """Return the deployment environment: an upload to TestPyPI should not wait for an approval."""
    return "testpypi" if publication.index == "TestPyPI" else standard


def _settings(facts: ProjectFacts, index: str) -> str:
    name = canonicalize_name(facts.declaration.name or "NAME")
    return f"{_SITES[index]}/manage/project/{name}/settings/publishing/"
