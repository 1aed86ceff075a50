"""The caller's workflow, from facts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tagship.initialise.settings import WorkflowSettings
from tagship.initialise.workflow import caller_workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def written(facts: WorkflowSettings) -> dict[Any, Any]:
    """Return the workflow for ``facts`` as YAML has it; the key ``on`` is True there."""
    workflow: dict[Any, Any] = yaml.safe_load(caller_workflow(facts))
    return workflow


@pytest.mark.parametrize(
    ("facts", "jobs"),
    [
        pytest.param(WorkflowSettings(package="hello"), ["build", "publish", "release"], id="on PyPI"),
        pytest.param(
            WorkflowSettings(package="hello", testpypi=True),
            ["build", "publish-testpypi", "publish", "release"],
            id="on TestPyPI first",
        ),
        pytest.param(
            WorkflowSettings(package="hello", attestations=True),
            ["build", "attest", "publish", "release"],
            id="with provenance",
        ),
        pytest.param(WorkflowSettings(package="hello", index="none"), ["release"], id="on no index"),
        pytest.param(
            WorkflowSettings(package="hello", index="other", index_url="https://pypi.example.com/", attestations=True),
            ["release", "attest"],
            id="on an index of one's own, with provenance",
        ),
    ],
)
def test_each_way_of_publishing_has_its_jobs(facts: WorkflowSettings, jobs: list[str]) -> None:
    """A project gets the jobs that its way of publishing needs, and no others."""
    assert list(written(facts)["jobs"]) == jobs


def test_each_job_waits_for_all_before_it() -> None:
    """Nothing is published that was not built, and nothing released that was not published."""
    jobs = written(WorkflowSettings(package="hello", testpypi=True, attestations=True))["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None,
        "attest": "build",
        "publish-testpypi": ["build", "attest"],
        "publish": ["build", "attest", "publish-testpypi"],
        "release": ["build", "attest", "publish-testpypi", "publish"],
    }


def test_provenance_follows_a_call_that_leaves_jobs_out() -> None:
    """GitHub leaves out what needs such a call, unless that asks for the status itself."""
    attest = written(WorkflowSettings(package="hello", index="none", attestations=True))["jobs"]["attest"]
    assert attest["if"].startswith("${{ needs.release.outputs.release == 'true' && !failure() && !cancelled() && ")


def test_a_publisher_may_prove_who_it_is_and_nothing_else() -> None:
    """The publish job has the one permission that trusted publishing needs, in its environment, with its page."""
    publish = written(WorkflowSettings(package="Hello.World", environment="live"))["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"] == {
        "name": "live",
        "url": "https://pypi.org/project/hello-world/${{ needs.build.outputs.version }}/",
    }
    assert [step["uses"].split("@")[0] for step in publish["steps"] if "uses" in step] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]


def test_an_index_of_ones_own_is_given_its_token() -> None:
    """Address, environment and secret are handed to the workflow that publishes with a token."""
    facts = WorkflowSettings(package="hello", index="other", index_url="https://pypi.example.com/", environment="index")
    release = written(facts)["jobs"]["release"]
    assert release["with"]["repository-url"] == "https://pypi.example.com/"
    assert release["with"]["environment"] == "index"
    assert release["secrets"] == {"INDEX_TOKEN": "${{ secrets.INDEX_TOKEN }}"}


def test_a_package_in_a_folder_is_found_by_its_tags_and_folder() -> None:
    """Only its own tags start it, and both halves know the prefix."""
    workflow = written(WorkflowSettings(package="hello", folder="packages/hello", tag_prefix="hello-v"))
    assert workflow["name"] == "Release hello"
    assert workflow[True]["push"] == {"tags": ["hello-v*"]}
    assert workflow["concurrency"]["group"] == "release-hello-${{ github.ref }}"
    assert workflow["jobs"]["build"]["with"]["working-directory"] == "packages/hello"
    assert [workflow["jobs"][name]["with"]["tag-prefix"] for name in ("build", "release")] == ["hello-v", "hello-v"]


@pytest.mark.parametrize(
    ("prefix", "pattern"),
    [
        pytest.param("v", "v*", id="letters are themselves"),
        pytest.param("", "[0-9]*", id="no prefix leaves a digit"),
        pytest.param("c++/v", r"c\+\+/v*", id="a plus would repeat what stands before it"),
        pytest.param("pkg@", "pkg@*", id="an at sign is itself"),
    ],
)
def test_tags_are_matched_by_their_prefix(prefix: str, pattern: str) -> None:
    """What the filter language would read in another way is escaped."""
    assert written(WorkflowSettings(package="hello", tag_prefix=prefix))[True]["push"]["tags"] == [pattern]


@pytest.mark.parametrize(
    ("declares", "given"),
    [pytest.param(True, "auto", id="declared"), pytest.param(False, None, id="not declared")],
)
def test_declared_pythons_are_those_checked_on(declares: bool, given: str | None) -> None:
    """A project that says which Pythons it supports is checked on them, another on the workflow's own choice."""
    build = written(WorkflowSettings(package="hello", declares_pythons=declares))["jobs"]["build"]
    assert build.get("with", {}).get("python-versions") == given


def test_tagship_is_called_by_a_commit_where_one_is_given() -> None:
    """A pin stands in every call, with the tag it belongs to beside it, where update tools look for it."""
    text = caller_workflow(WorkflowSettings(package="hello", reference="v1.2.3", pin=COMMIT, attestations=True))
    called = [line.strip() for line in text.splitlines() if "OWNER/tagship" in line]
    assert len(called) == 3
    assert all(line.endswith(f".yml@{COMMIT} # v1.2.3") for line in called)
