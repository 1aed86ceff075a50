"""How the project is published: by whom, from where, with which credential."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.core.workflows.jobs import builds
from tagship.core.workflows.publications import publications
from tagship.doctor.finding import Finding
from tagship.initialise.facts import Facts as Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagship.core.workflows.publications import Publication
    from tagship.core.workflows.reading import Job, Workflow
    from tagship.doctor.facts import Facts

_ADDRESS = re.compile(r"https://(?:test\.)?pypi\.org/(?:p|project)/(?P<name>[A-Za-z0-9._-]+)")
_SITES = {"PyPI": "https://pypi.org", "TestPyPI": "https://test.pypi.org"}


def on_publishing(workflow: Workflow, facts: Facts) -> Iterator[Finding]:
    """Yield everything about the steps of ``workflow`` that publish, but for the permissions, which preflight looks
    at.
    """
    found = list(publications(workflow))
    for publication in found:
        yield from _credential(workflow, publication)
    for job in dict.fromkeys(publication.job.name for publication in found):
        mine = [publication for publication in found if publication.job.name == job]
        yield from _job(workflow, mine)
        yield from _address(workflow, mine[0].job, facts)


def on_publishers(workflows: Sequence[Workflow], facts: Facts) -> Iterator[Finding]:
    """What the indexes have to be told, where it is not what ``tagship init`` tells, and who else publishes."""
    found = [
        (workflow, publication)
        for workflow in workflows
        for publication in publications(workflow)
        if not publication.token and publication.can_be_trusted and not workflow.is_only_called
    ]
    for index in _SITES:
        places = {(flow.path, one.job.name): (flow, one) for flow, one in found if one.index == index}
        files = sorted({path for path, _ in places})
        if len(files) > 1:
            yield Finding(
                rule="several-publishers",
                level="warning",
                found=f"{len(files)} files publish to {index} by trusted publishing: {', '.join(files)}.",
                remedy=f"Keep one of them, or enter each as a publisher at {_settings(facts, index)}",
                file=files[0],
            )
        for flow, one in places.values():
            yield from _publisher(flow, one, facts)
    if not workflows:
        yield Finding(
            rule="no-release-workflow",
            level="warning",
            found="No workflow publishes or releases: it would be done by hand, from one person's machine.",
            remedy="Write one: tagship init",
        )


def _credential(workflow: Workflow, publication: Publication) -> Iterator[Finding]:
    job = publication.job
    if publication.token and publication.can_be_trusted and not workflow.is_only_called:
        yield Finding(
            rule="long-lived-token",
            level="warning",
            found=f"The job {job.name} publishes to {publication.index} with a stored token ({publication.token}), "
            "where trusted publishing would do.",
            remedy="Remove it, give the job permissions: {id-token: write} and environment: "
            f"{_environment(publication, 'pypi')}, "
            "and enter the file as a trusted publisher at the index.",
            file=workflow.path,
            line=publication.line,
        )
    elif not publication.token and not publication.by_action and not _identified(job):
        yield Finding(
            rule="no-credential",
            level="warning",
            found=f"The job {job.name} publishes with neither a token in sight nor the permission for trusted "
            "publishing.",
            remedy="Give that job: permissions: {id-token: write}",
            file=workflow.path,
            line=publication.line,
        )


def _identified(job: Job) -> bool:
    return job.permissions is not None and job.permissions.grants("id-token")


def _job(workflow: Workflow, mine: Sequence[Publication]) -> Iterator[Finding]:
    job, line = mine[0].job, mine[0].job.line
    if not job.environment:
        yield Finding(
            rule="no-environment",
            level="warning",
            found=f"The job {job.name} publishes in no environment: nobody is asked, and any branch may do it.",
            remedy=f"Give that job: environment: {_environment(mine[0], 'pypi')}",
            file=workflow.path,
            line=line,
        )
    if len([one for one in mine if one.by_action and not one.token]) > 1:
        yield Finding(
            rule="two-uploads",
            level="warning",
            found=f"The job {job.name} publishes twice: the second upload finds the attestations of the first.",
            remedy="Publish to each index in a job of its own.",
            file=workflow.path,
            line=mine[1].line,
        )
    if builds(job) and _identified(job):
        yield Finding(
            rule="build-beside-credential",
            level="warning",
            found=f"The job {job.name} builds and publishes: whatever runs in the build can publish, too.",
            remedy="Build in a job without permissions and hand the files on: actions/upload-artifact, "
            "actions/download-artifact. tagship init writes it so.",
            file=workflow.path,
            line=line,
        )


def _address(workflow: Workflow, job: Job, facts: Facts) -> Iterator[Finding]:
    match, name = _ADDRESS.match(job.address.value), facts.declaration.name
    if match and name and canonicalize_name(match["name"]) != canonicalize_name(name):
        yield Finding(
            rule="other-project",
            level="warning",
            found=f"The environment's address names the project {match['name']}, but this one is {name}.",
            remedy=f"Write: url: {match[0][: match.start('name')]}{canonicalize_name(name)}",
            file=workflow.path,
            line=job.address.line,
        )


def _publisher(workflow: Workflow, publication: Publication, facts: Facts) -> Iterator[Finding]:
    """Yield the four values, where a publisher entered by the habits of ``tagship init`` would not match."""
    name = facts.declaration.name or ""
    standard = Wanted(
        package=name, file="release.yml" if facts.folder == "." else f"release-{canonicalize_name(name)}.yml"
    )
    wanted = _environment(publication, standard.environment)
    file, environment = workflow.path.rpartition("/")[2], publication.job.environment.value
    if file == standard.file and environment in ("", wanted):
        return
    owner, _, repository = facts.repository.partition("/")
    yield Finding(
        rule="publisher",
        level="advice",
        found=f"{publication.index} must know {file} as the publisher, not {standard.file} and {wanted} as usual: "
        f"owner {owner or '(no remote names it)'}, repository {repository or '(no remote names it)'}, "
        f"workflow {file}, environment {environment or '(none)'}.",
        remedy=f"Compare letter by letter with what stands at {_settings(facts, publication.index)}",
        file=workflow.path,
        line=publication.job.line,
    )


def _environment(publication: Publication, standard: str) -> str:
    """Return the environment to publish in: an upload to TestPyPI should wait for nobody's approval."""
    return "testpypi" if publication.index == "TestPyPI" else standard


def _settings(facts: Facts, index: str) -> str:
    name = canonicalize_name(facts.declaration.name or "NAME")
    return f"{_SITES[index]}/manage/project/{name}/settings/publishing/"
