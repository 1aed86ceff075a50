"""The upload to the embedded index, by the steps of pypa/gh-action-pypi-publish: identity, upload token, twine.

Attestations are left out: signing them requires Sigstore and an identity token of GitHub.
"""

from __future__ import annotations

import html
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.core.workflows.publishers import PublishingJob, publishing_jobs
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import Failure, Problem
from tagship.rehearsal.exchange import exchange
from tagship.rehearsal.result import file_at
from tagship.rehearsal.stage import Log, StageOutput

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.edges.processes import Processes
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
