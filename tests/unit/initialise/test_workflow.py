"""The text of the caller's workflow."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tagship.initialise.settings import WorkflowSettings
from tagship.initialise.workflow import caller_workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def written(facts: WorkflowSettings) -> dict[Any, Any]:
    """Return the parsed workflow; YAML 1.1 reads the key ``on`` as True."""
    workflow: dict[Any, Any] = yaml.safe_load(caller_workflow(facts))
    return workflow


@pytest.mark.parametrize(
    ("facts", "jobs"),
    [
        pytest.param(WorkflowSettings(package="hello"), ["build", "publish", "release"], id="to PyPI"),
        pytest.param(
            WorkflowSettings(package="hello", testpypi=True),
            ["build", "publish-testpypi", "publish", "release"],
            id="to TestPyPI first",
        ),
        pytest.param(
            WorkflowSettings(package="hello", attestations=True),
            ["build", "attest", "publish", "release"],
            id="with attestations",
        ),
        pytest.param(WorkflowSettings(package="hello", index="none"), ["build", "release"], id="without an index"),
        pytest.param(
            WorkflowSettings(package="hello", index="other", index_url="https://pypi.example.com/", attestations=True),
            ["build", "attest", "publish", "release"],
            id="to a private index, with attestations",
        ),
    ],
)
def test_each_index_has_its_jobs(facts: WorkflowSettings, jobs: list[str]) -> None:
    """The workflow contains only the jobs that the settings require."""
    assert list(written(facts)["jobs"]) == jobs


def test_each_job_needs_all_jobs_before_it() -> None:
    """Publishing needs the build, and the release needs publishing."""
    jobs = written(WorkflowSettings(package="hello", testpypi=True, attestations=True))["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None,
        "attest": "build",
        "publish-testpypi": ["build", "attest"],
        "publish": ["build", "attest", "publish-testpypi"],
        "release": ["build", "attest", "publish-testpypi", "publish"],
    }


def test_the_publish_job_has_one_permission() -> None:
    """It has only `id-token: write`, a deployment environment and the URL of the project page."""
    publish = written(WorkflowSettings(package="Hello.World", environment="live"))["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"] == {"name": "live", "url": "https://pypi.org/project/hello-world/"}
    assert [step["uses"].split("@")[0] for step in publish["steps"] if "uses" in step] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]


def test_a_private_index_has_its_token() -> None:
    """The publish job has the secret of its environment, and nothing is looked up on PyPI."""
    facts = WorkflowSettings(package="hello", index="other", index_url="https://pypi.example.com/", environment="index")
    found = written(facts)["jobs"]
    assert (found["publish"]["environment"], found["publish"]["permissions"]) == ("index", {})
    assert found["publish"]["steps"][-1]["with"] == {
        "repository-url": "https://pypi.example.com/",
        "password": "${{ secrets.INDEX_TOKEN }}",
        "attestations": False,
        "skip-existing": True,
    }
    assert found["build"]["with"]["index-url"] == "none"
    assert found["release"]["with"]["published"] is False


@pytest.mark.parametrize("given", [{}, {"testpypi": True, "attestations": True}])
def test_the_file_is_short(given: dict[str, Any]) -> None:
    """The whole release of a package on PyPI fits on one screen."""
    text = caller_workflow(WorkflowSettings(package="hello", **given))
    assert len(text.splitlines()) <= (75 if given else 40)


def test_a_package_in_a_folder_has_its_own_tags() -> None:
    """Only its tags trigger the workflow, and the build has the prefix."""
    workflow = written(WorkflowSettings(package="hello", folder="packages/hello", tag_prefix="hello-v"))
    assert workflow["name"] == "Release hello"
    assert workflow[True]["push"] == {"tags": ["hello-v*"]}
    assert workflow["concurrency"]["group"] == "release-hello-${{ github.ref }}"
    assert workflow["jobs"]["build"]["with"]["working-directory"] == "packages/hello"
    assert workflow["jobs"]["build"]["with"]["tag-prefix"] == "hello-v"


def test_a_release_from_another_branch_passes_preflight() -> None:
    """The branches are a list of lines, with a pattern for those of later series."""
    facts = WorkflowSettings(package="hello", branch="main", inputs={"branch": "main\n[0-9]*.x\nstable"})
    assert written(facts)["jobs"]["build"]["with"]["branch"].split() == ["main", "[0-9]*.x", "stable"]


@pytest.mark.parametrize(
    ("prefix", "pattern"),
    [
        pytest.param("v", "v*", id="letters"),
        pytest.param("", "[0-9]*", id="no prefix"),
        pytest.param("c++/v", r"c\+\+/v*", id="a plus is escaped"),
        pytest.param("pkg@", "pkg@*", id="an at sign"),
    ],
)
def test_the_tags_filter_matches_the_prefix(prefix: str, pattern: str) -> None:
    """Special characters of the filter syntax are escaped."""
    assert written(WorkflowSettings(package="hello", tag_prefix=prefix))[True]["push"]["tags"] == [pattern]


@pytest.mark.parametrize(
    ("pythons", "given"),
    [pytest.param("auto", "auto", id="declared"), pytest.param("", None, id="not declared")],
)
def test_declared_python_versions_are_tested(pythons: str, given: str | None) -> None:
    """A project without declared versions uses the default of the called workflow."""
    build = written(WorkflowSettings(package="hello", inputs={"python-versions": pythons} if pythons else {}))["jobs"][
        "build"
    ]
    assert build.get("with", {}).get("python-versions") == given


def test_calls_of_tagship_can_be_pinned() -> None:
    """Every call has the commit SHA, with the tag in a comment for update tools."""
    text = caller_workflow(WorkflowSettings(package="hello", reference="v1.2.3", pin=COMMIT, attestations=True))
    called = [line.strip() for line in text.splitlines() if "OWNER/tagship" in line]
    assert len(called) == 3
    assert all(line.endswith(f".yml@{COMMIT} # v1.2.3") for line in called)
