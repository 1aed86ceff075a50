"""The jobs that publish on a tag, and their trusted publishers."""

from __future__ import annotations

import pytest

from tagship.core.workflows.publishers import Publisher, PublishingJob, publishing_jobs

FOLDER = ".github/workflows"
ON_TAG = 'on: {push: {tags: ["v*"]}}'
STEP = "steps: [{uses: pypa/gh-action-pypi-publish@release/v1}]"
TESTPYPI = (
    "steps: [{uses: pypa/gh-action-pypi-publish@release/v1, with: {repository-url: https://test.pypi.org/legacy/}}]"
)
IDENTIFIED = "permissions: {id-token: write}"


def workflow(*job: str, on: str = ON_TAG, top: str = "permissions: {}") -> str:
    """Return a workflow with one job of these lines."""
    return "\n".join([on, top, "jobs:", "  publish:", *(f"    {line}" for line in job), ""])


def jobs_of(tag: str = "v1.0", **texts: str) -> tuple[PublishingJob, ...]:
    """Return the publishing jobs of workflows, by file name without its ending."""
    return publishing_jobs({f"{FOLDER}/{name}.yml": text for name, text in texts.items()}, tag)


CALLER = workflow(IDENTIFIED, "uses: ./.github/workflows/called.yml")
CALLED = workflow("environment: pypi", STEP, on="on: workflow_call", top="")


@pytest.mark.parametrize(
    ("texts", "identified"),
    [
        pytest.param({"a": workflow(IDENTIFIED, STEP)}, True, id="granted to the job"),
        pytest.param({"a": workflow(STEP, top=IDENTIFIED)}, True, id="granted to the workflow"),
        pytest.param({"a": workflow(STEP, top="permissions: write-all")}, True, id="everything is granted"),
        pytest.param({"a": workflow(STEP)}, False, id="nothing is granted"),
        pytest.param({"a": workflow(STEP, top="")}, False, id="the default grants no identity"),
        pytest.param({"a": workflow("permissions: {id-token: read}", STEP)}, False, id="read is too little"),
        pytest.param({"a": CALLER, "called": CALLED}, True, id="the caller grants it to the called job"),
        pytest.param(
            {"a": CALLER.replace("id-token", "contents"), "called": CALLED},
            False,
            id="the caller grants something else",
        ),
        pytest.param(
            {"a": CALLER.replace("id-token", "contents"), "called": CALLED + IDENTIFIED},
            False,
            id="a called workflow has no more than its caller",
        ),
    ],
)
def test_a_job_needs_the_permission_for_its_identity(texts: dict[str, str], identified: bool) -> None:
    """Only ``id-token: write`` in effect gives a job an identity token."""
    (job,) = jobs_of(**texts)
    assert job.identified is identified


def test_a_called_workflow_is_started_by_its_caller() -> None:
    """The run belongs to the caller, the job to the called file; calls in a circle end."""
    (job,) = jobs_of(a=CALLER, called=CALLED)
    assert (job.started, job.defined) == (f"{FOLDER}/a.yml", f"{FOLDER}/called.yml")
    assert job.publisher == Publisher(workflow="a.yml", environment="pypi")
    assert jobs_of(a=workflow("uses: ./.github/workflows/a.yml")) == ()


COMMENT = Publisher(workflow="release.yml", environment="pypi").comment


@pytest.mark.parametrize(
    ("lines", "publisher", "environment"),
    [
        pytest.param([STEP], Publisher(workflow="a.yml"), "", id="no environment"),
        pytest.param(["environment: x", STEP], Publisher(workflow="a.yml", environment="x"), "x", id="an environment"),
        pytest.param(
            [COMMENT, "environment: x", STEP],
            Publisher(workflow="release.yml", environment="pypi"),
            "x",
            id="the comment of tagship init",
        ),
        pytest.param(
            [COMMENT, "environment: ${{ inputs.name }}", STEP],
            Publisher(workflow="release.yml", environment="pypi"),
            "pypi",
            id="an expression counts as the recorded environment",
        ),
        pytest.param(
            [Publisher(workflow="b.yml").comment, STEP], Publisher(workflow="b.yml"), "", id="a comment without one"
        ),
    ],
)
def test_the_publisher_is_the_recorded_one_or_fits_the_job(
    lines: list[str], publisher: Publisher, environment: str
) -> None:
    """Without a comment the publisher on the index is assumed to match the job."""
    (job,) = jobs_of(a=workflow(*lines))
    assert (job.publisher, job.environment) == (publisher, environment)


@pytest.mark.parametrize(
    ("tag", "trigger", "starts"),
    [
        pytest.param("v1.0", "{tags: ['v*']}", True, id="a prefix"),
        pytest.param("v1.0", "{tags: ['v[0-9]+.[0-9]+']}", True, id="digits"),
        pytest.param("vx1.0", "{tags: ['v[0-9]+.[0-9]+']}", False, id="no digits"),
        pytest.param("a/v1", "{tags: ['*']}", False, id="one star ends at a slash"),
        pytest.param("a/v1", "{tags: ['**']}", True, id="two stars match a slash"),
        pytest.param("a*1", r"{tags: ['a\*1']}", True, id="an escaped star"),
        pytest.param("v1.0", "{tags: ['[']}", True, id="a pattern that cannot be read"),
        pytest.param("v1.0", "{branches: [main]}", False, id="branches only"),
        pytest.param("v1.0", "", True, id="every push"),
    ],
)
def test_a_workflow_for_another_tag_is_left_out(tag: str, trigger: str, starts: bool) -> None:
    """In a monorepo each package has its own tags, workflow and publisher."""
    found = jobs_of(tag, a=workflow(STEP, on=f"on: {{push: {trigger}}}"), b=workflow(STEP, on="on: release"))
    assert [job.started.rpartition("/")[2] for job in found] == ["a.yml"] * starts + ["b.yml"]


def test_a_workflow_that_is_started_by_hand_counts_if_no_other_publishes() -> None:
    """A release by ``workflow_dispatch`` alone is a release too."""
    (job,) = jobs_of(a=workflow(STEP, on="on: workflow_dispatch"))
    assert job.event == "workflow_dispatch"


@pytest.mark.parametrize(
    ("lines", "trusted"),
    [
        pytest.param([STEP], True, id="the action without a token"),
        pytest.param([STEP.replace("v1}", "v1, with: {password: x}}")], False, id="the action with a token"),
        pytest.param([IDENTIFIED, "steps: [{run: uv publish}]"], True, id="a command with an identity"),
        pytest.param(["steps: [{run: uv publish}]"], False, id="a command without one"),
    ],
)
def test_trusted_publishing_is_what_happens_without_a_token(lines: list[str], trusted: bool) -> None:
    """The action requests an identity whenever it has no token; a command only if it can."""
    (job,) = jobs_of(a=workflow(*lines))
    assert job.is_trusted is trusted
    assert (job.enables("skip-existing"), job.enables("attestations", default="true")) == (False, True)
