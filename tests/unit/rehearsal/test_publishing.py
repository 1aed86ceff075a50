"""The upload by twine, and the exchange of an identity for an upload token."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.utils import canonicalize_name

from support.wheels import write_sdist, write_wheel
from tagship.core.project.facts import ProjectFacts
from tagship.core.versions import Tag
from tagship.core.workflows.publishers import Publisher, PublishingJob, publishing_jobs
from tagship.edges.processes import Processes
from tagship.errors import Failure
from tagship.rehearsal.checkout import Checkout
from tagship.rehearsal.fake_index.server import FakeIndex, serving
from tagship.rehearsal.publishing import exchange, upload, upload_error

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = Processes(environ={"PATH": os.environ["PATH"]})
PAGE = "Summary: Says hello.\nDescription-Content-Type: text/plain\n\nHello\n"
SDIST = "Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n"
REFUSED = [
    "INFO  Access was denied.<br/><br/>",
    "Package &#039;a&#039;",
    "   is not b.",
    "",
    " </body>",
    "ERROR  HTTPError",
]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(REFUSED, "Package 'a' is not b.", id="the refusal of the index"),
        pytest.param(["Uploading", "ERROR    InvalidDistribution: x", "  is not y"], "InvalidDistribution: x is not y",
                     id="an error before the upload"),
        pytest.param([], "twine printed no error.", id="no output"),
    ],
)  # fmt: skip
def test_finds_the_cause(lines: list[str], expected: str) -> None:
    """The cause is the refusal of the index, or else the last error of twine."""
    assert upload_error(lines) == expected


@pytest.fixture
def index(tmp_path: Path) -> Iterator[FakeIndex]:
    """Serve an empty index."""
    with serving(FakeIndex(folder=tmp_path / "index")) as served:
        served.catalogue.tokens["pypi-secret"] = None
        yield served


def test_twine_uploads_wheels_first_and_stops_at_a_refusal(index: FakeIndex, tmp_path: Path) -> None:
    """A refused sdist leaves the wheel published, and the refusal is in PyPI's words."""
    wheel = write_wheel(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=PAGE)
    metadata = f"{SDIST}Classifier: Nothing :: Known\n{PAGE}"
    sdist = write_sdist(tmp_path, "hello", "1.0", {"hello.py": ""}, metadata=metadata)
    lines: list[str] = []
    assert upload(index, [sdist, wheel], PROCESSES, token="pypi-secret", on_line=lines.append) == 1
    assert upload_error(lines).startswith("'Nothing :: Known' is not a valid classifier.")
    assert list(index.catalogue.files) == [wheel.name]


CHECKOUT = Checkout(
    workspace=Path(),
    tag=Tag("v1.0"),
    commit="c0ffee",
    branch="main",
    repository="octo/hello",
    tags=(),
    facts=ProjectFacts(),
    remarks=(),
)
WORKFLOW = """\
on: {push: {tags: ["v*"]}}
jobs:
  publish:
    # Trusted publisher: workflow release.yml, environment pypi
    permissions: {id-token: write}
    environment: pypi
    steps: [{uses: pypa/gh-action-pypi-publish@release/v1}]
"""
NO_PUBLISHER = (
    "Trusted publishing exchange failure:\n\n"
    "Token request failed: the server refused the request for the following reasons:\n\n"
    "* `invalid-publisher`: valid token, but no corresponding publisher (Publisher with matching claims was not found)"
)


def job_of(text: str, file: str = "release.yml", **others: str) -> PublishingJob:
    """Return the only publishing job."""
    (job,) = publishing_jobs({f".github/workflows/{name}": text for name, text in {file: text, **others}.items()}, "v1")
    return job


def exchanged(index: FakeIndex, job: PublishingJob) -> str:
    """Return the upload token for the job."""
    return exchange(index, job, CHECKOUT, project=canonicalize_name("hello"), log=lambda _: None)


def test_a_matching_job_gets_a_token_for_its_project_alone(index: FakeIndex) -> None:
    """The index mints a token for the project of the publisher."""
    token = exchanged(index, job_of(WORKFLOW))
    assert index.catalogue.tokens[token] == "hello"
    assert [request.path for request in index.requests] == [
        "/_/oidc/audience",
        "/_/identity?&audience=pypi",
        "/_/oidc/mint-token",
    ]


CALLER = """\
on: {push: {tags: ["v*"]}}
jobs:
  call:
    permissions: {id-token: write}
    uses: ./.github/workflows/called.yml
"""
OTHERS = {
    "another file name": (
        {"release.yaml": WORKFLOW}, "`job_workflow_ref`: `octo/hello/.github/workflows/release.yaml@refs/tags/v1.0`",
        "add a trusted publisher with workflow release.yaml and environment pypi", "invalid-publisher",
    ),
    "another environment": (
        {"release.yml": WORKFLOW.replace("environment: pypi", "environment: production")},
        "`environment`: `production`", "Restore workflow release.yml with environment pypi", "invalid-publisher",
    ),
    "no environment": (
        {"release.yml": WORKFLOW.replace("    environment: pypi\n", "")},
        "`environment`: `MISSING`", "environment (none)", "invalid-publisher",
    ),
    "a publish step in a called workflow": (
        {"release.yml": CALLER, "called.yml": WORKFLOW.replace('{push: {tags: ["v*"]}}', "workflow_call")},
        "`job_workflow_ref`: `octo/hello/.github/workflows/called.yml@refs/tags/v1.0`",
        "Move job publish of .github/workflows/called.yml into .github/workflows/release.yml",
        "reusable-workflow-as-trusted-publisher",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("texts", "claim", "remedy", "topic"), OTHERS.values(), ids=OTHERS)
def test_another_job_than_the_publishers_is_refused(
    index: FakeIndex, texts: dict[str, str], claim: str, remedy: str, topic: str
) -> None:
    """The refusal is the text of the publishing action, with the claims and the remedy."""
    (job,) = publishing_jobs({f".github/workflows/{name}": text for name, text in texts.items()}, "v1.0")
    with pytest.raises(Failure) as caught:
        exchanged(index, job)
    (problem,) = caught.value.problems
    assert problem.found.startswith(NO_PUBLISHER)
    assert claim in problem.found
    assert remedy in problem.remedy
    assert (problem.topic, problem.line) == (topic, 3)


def test_a_job_without_the_permission_has_no_identity(index: FakeIndex) -> None:
    """The message is that of the publishing action, and no request for a token is sent."""
    with pytest.raises(Failure) as caught:
        exchanged(index, replace(job_of(WORKFLOW), identified=False))
    (problem,) = caught.value.problems
    assert "the ACTIONS_ID_TOKEN_REQUEST_TOKEN environment variable was unset" in problem.found
    assert "permissions: {id-token: write}" in problem.remedy
    assert index.requests == []


def test_the_comment_of_init_is_read_again() -> None:
    """The publisher that ``tagship init`` writes is the one that the rehearsal reads."""
    publisher = Publisher(workflow="release.yml", environment="pypi")
    assert job_of(WORKFLOW).recorded == publisher
    assert publisher.comment in WORKFLOW
