"""The exchange of a job's identity token for an upload token, with the messages of pypa/gh-action-pypi-publish.

Source: https://github.com/pypa/gh-action-pypi-publish/blob/release/v1/oidc-exchange.py
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tagship.errors import Failure, Problem
from tagship.rehearsal.fake_index.models import Publisher
from tagship.rehearsal.fake_index.trusted_publishing import Identity

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from tagship.core.workflows.publishers import PublishingJob
    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.fake_index.server import FakeIndex
    from tagship.rehearsal.stage import Log

_SITES = {"PyPI": "https://pypi.org", "TestPyPI": "https://test.pypi.org"}
_FAILURE = "Trusted publishing exchange failure:\n\n"
_NO_IDENTITY = (
    f"{_FAILURE}OpenID Connect token retrieval failed: GitHub: missing or insufficient OIDC token permissions, "
    "the ACTIONS_ID_TOKEN_REQUEST_TOKEN environment variable was unset"
)
_REFUSED = f"""{_FAILURE}Token request failed: the server refused the request for the following reasons:

{{reasons}}

This generally indicates a trusted publisher configuration error, but could
also indicate an internal error on GitHub or PyPI's part.

The claims rendered below are **for debugging purposes only**. You should **not**
use them to configure a trusted publisher unless they already match your expectations.

If a claim is not present in the claim set, then it is rendered as `MISSING`.

{{claims}}"""
_CLAIMS = ("sub", "repository", "repository_owner", "workflow_ref", "job_workflow_ref", "ref", "environment")


def exchange(index: FakeIndex, job: PublishingJob, checkout: Checkout, *, project: NormalizedName, log: Log) -> str:
    """Return the upload token that PyPI would mint for ``job``. Raises Failure with the action's message."""
    publisher = publisher_of(job, checkout.repository, project=project)
    identity = identity_of(job, checkout.repository, ref=f"refs/tags/{checkout.tag}", sha=checkout.commit)
    log(
        f"Trusted publisher on {job.publication.index}: repository {publisher.repository}, workflow "
        f"{publisher.workflow}, environment {publisher.environment or '(none)'}."
    )
    # One embedded index serves as PyPI and TestPyPI, which accept their own publishers only.
    index.catalogue.publishers = (publisher,)
    if not job.identified:
        raise Failure(_not_identified(job))
    index.identities[job.publication.job.name] = identity
    _, audience = ask(f"{index.url}/_/oidc/audience")
    address = f"{index.identity_url}&audience={audience['audience']}"
    _, identified = ask(address, authorization=f"bearer {job.publication.job.name}")
    status, minted = ask(f"{index.url}/_/oidc/mint-token", body={"token": identified["value"]})
    if status != 200:
        raise Failure(_invalid(job, publisher, refusal_text(minted["errors"], identity.claims())))
    return str(minted["token"])


def identity_of(job: PublishingJob, repository: str, *, ref: str, sha: str) -> Identity:
    """Return what GitHub states about a run of the job at ``ref``."""
    return Identity(
        repository=repository,
        ref=ref,
        sha=sha,
        workflow_ref=f"{repository}/{job.started}@{ref}",
        job_workflow_ref=f"{repository}/{job.defined}@{ref}",
        environment=job.environment,
        event_name=job.event,
    )


def publisher_of(job: PublishingJob, repository: str, *, project: NormalizedName) -> Publisher:
    """Return the publisher on the index: the recorded one, or the one that the job requires."""
    wanted = job.publisher
    return Publisher(project=project, repository=repository, workflow=wanted.workflow, environment=wanted.environment)


def refusal_text(errors: list[dict[str, str]], claims: dict[str, str]) -> str:
    """Return the message of the action for a refused identity token."""
    reasons = "\n".join(f"* `{error['code']}`: {error['description']}" for error in errors)
    return _REFUSED.format(
        reasons=reasons, claims="\n".join(f"* `{name}`: `{claims.get(name, 'MISSING')}`" for name in _CLAIMS)
    )


def _not_identified(job: PublishingJob) -> Problem:
    called = "" if job.started == job.defined else f", and to the job that calls it in {job.started}"
    return Problem(
        found=_NO_IDENTITY,
        remedy=f"Add to job {job.publication.job.name} of {job.defined}{called}: permissions: {{id-token: write}}",
        topic="missing-id-token-permission",
        file=job.defined,
        line=job.publication.job.line,
    )


def _invalid(job: PublishingJob, publisher: Publisher, message: str) -> Problem:
    name, place = job.publication.job.name, f"job {job.publication.job.name} of {job.defined}"
    file, line = job.defined, job.publication.job.line
    if job.started != job.defined:
        return Problem(
            found=message,
            remedy=f"Move {place} into {job.started}: PyPI does not support reusable workflows as trusted publishers.",
            topic="reusable-workflow-as-trusted-publisher",
            file=file,
            line=line,
        )
    site = f"{_SITES[job.publication.index]}/manage/project/{publisher.project}/settings/publishing/"
    started = job.started.rpartition("/")[2]
    return Problem(
        found=message,
        remedy=f"Restore workflow {publisher.workflow} with environment {publisher.environment or '(none)'} for job "
        f"{name}. Or add a trusted publisher with workflow {started} and environment {job.environment or '(none)'} "
        f"at {site} and update the comment `# Trusted publisher:` in the job.",
        topic="invalid-publisher",
        file=file,
        line=line,
    )


def ask(address: str, *, authorization: str = "", body: object = None) -> tuple[int, Any]:
    """Return status and JSON of a response of an embedded server."""
    headers = {"Authorization": authorization} if authorization else {}
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data=data, headers=headers)  # noqa: S310  # loopback
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)
