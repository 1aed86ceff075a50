"""The upload to the embedded index, by the steps of pypa/gh-action-pypi-publish: identity, upload token, twine.

Attestations are left out: signing them requires Sigstore and an identity token of GitHub.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from packaging.utils import NormalizedName, canonicalize_name

from tagship.core.workflows.publishers import PublishingJob, publishing_jobs
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import Failure, Problem
from tagship.rehearsal.fake_index.models import Publisher
from tagship.rehearsal.fake_index.trusted_publishing import Identity
from tagship.rehearsal.result import Log, StageOutput, file_at

if TYPE_CHECKING:
    from tagship.edges.processes import Processes
    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.fake_index.server import FakeIndex
    from tagship.rehearsal.session import Session

_TOKEN = "pypi-rehearsal"  # noqa: S105  # of the embedded index
_REFUSAL = re.compile(r"<br/><br/>\s*(.*?)\s*</body>", re.DOTALL)


def publish(session: Session, log: Log) -> StageOutput:
    """Upload the built files, and compare them with those on the index. Raises Failure."""
    files, checkout = session.folders.distributions(), session.checked_out
    jobs = publishing_jobs(facts_of_checkout(checkout.workspace).workflows, checkout.tag)
    token = _upload_token(session, jobs, log)
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line.rstrip())
        log(line.rstrip())

    if upload(session.index, files, session.processes, token=token, on_line=keep):
        raise Failure(_refused(lines, session))
    different = {file_at(path) for path in files} ^ {file_at(path) for path in session.index.folder.iterdir()}
    if different:
        raise Failure.of(
            found="The files on the index differ from the built files: "
            + ", ".join(sorted({file.name for file in different})),
            remedy="Read the output of twine upload in the log of this stage.",
            topic="twine-upload-failed",
        )
    return StageOutput(outputs={})


def upload(
    index: FakeIndex, files: Sequence[Path], processes: Processes, *, token: str, on_line: Callable[[str], None]
) -> int:
    """Run ``twine upload``, which sorts wheels first, and return its exit status.

    The input ``skip-existing`` of the action is left out: twine supports it for the addresses of PyPI and TestPyPI
    only, and the embedded index is empty at first.
    """
    command = [
        *(sys.executable, "-I", "-X", "utf8", "-m", "twine", "--no-color", "upload"),
        *("--verbose", "--non-interactive", "--disable-progress-bar", "--config-file", os.devnull),
        *("--repository-url", index.upload_url, *map(str, files)),
    ]
    # twine wraps its output to the width of the terminal.
    own = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": token, "NO_COLOR": "1", "COLUMNS": "1000"}
    return processes.run(command, cwd=index.folder, environ={**processes.environ, **own}, on_line=on_line).code


def upload_error(lines: Sequence[str]) -> str:
    """Return the cause in twine's log: the refusal of the index, or else twine's last error."""
    text = "\n".join(lines)
    refusal = _REFUSAL.search(text)
    cause = html.unescape(refusal[1]) if refusal else text.rpartition("ERROR")[2]
    return " ".join(cause.split()) or "twine printed no error."


def _upload_token(session: Session, jobs: Sequence[PublishingJob], log: Log) -> str:
    """Return the upload token of the last job that uses trusted publishing; a plain one if none does."""
    trusted = [job for job in jobs if job.is_trusted]
    if not trusted:
        session.remarks.append(f"{_untrusted(jobs)} The upload used a token: trusted publishing was not rehearsed.")
        session.index.catalogue.tokens[_TOKEN] = None
        return _TOKEN
    project = canonicalize_name(session.outputs["build-dist"]["name"])
    if any(job.publication.by_action and job.enables("attestations", default="true") for job in trusted):
        log("Attestations are left out: signing them requires Sigstore and an identity token of GitHub.")
    # A project publishes to TestPyPI first.
    in_order = sorted(trusted, key=lambda job: job.publication.index, reverse=True)
    return [exchange(session.index, job, session.checked_out, project=project, log=log) for job in in_order][-1]


def _untrusted(jobs: Sequence[PublishingJob]) -> str:
    if not jobs:
        return "No workflow of the project publishes to PyPI."
    job = jobs[0]
    token = f"a token ({job.publication.token})" if job.publication.token else "no visible credential"
    return f"Job {job.publication.job.name} of {job.defined} publishes with {token}."


def _refused(lines: Sequence[str], session: Session) -> Problem:
    there = sorted(session.index.catalogue.files)
    partly = f" Already published: {', '.join(there)}. PyPI accepts no other file of that name." if there else ""
    again = "fix the files and release a new version" if there else "fix the files and build again"
    return Problem(
        found=f"twine upload failed: {upload_error(lines)}{partly}",
        remedy=f"Check the metadata, {again}: twine check --strict {session.folders.dist}/*",
        topic="twine-upload-failed",
    )


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
