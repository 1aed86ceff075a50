"""The findings on permissions."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
import yaml

from support.workflow_files import told, workflow
from tagship.doctor.permissions import REQUIRED, on_permissions

OWN = "{permissions: {contents: read}, runs-on: x}"
FOREIGN = "uses: octo/shared/.github/workflows/{file}@0123\n    permissions: {permissions}\n"
CALL = "uses: octo/tagship/.github/workflows/{file}@v1\n    permissions: {permissions}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"permissions: {{}}\njobs: {{a: {OWN}}}", [], id="nothing at the top level"),
        pytest.param(f"jobs: {{a: {OWN}}}", [], id="permissions in every job"),
        pytest.param("jobs: {a: {runs-on: x}}", [("no-permissions", "warning", None)], id="no permissions"),
        pytest.param(
            "on: push\npermissions: write-all", [("write-all", "warning", 2)], id="write-all at the top level"
        ),
        pytest.param("permissions: read-all", [], id="read-all at the top level"),
        pytest.param(
            "permissions: {contents: read}",
            [],
            id="a read permission at the top level",
        ),
        pytest.param(
            "permissions: {id-token: write}", [("permissions-at-top", "warning", 1)], id="id-token at the top level"
        ),
        pytest.param(
            "permissions: {}\njobs:\n  a:\n    permissions: write-all",
            [("write-all", "warning", 4)],
            id="write-all in a job",
        ),
    ],
)
def test_each_job_declares_its_permissions(text: str, expected: list[tuple[str, str, int | None]]) -> None:
    """Top-level permissions apply to every job; write permissions are more severe."""
    assert told(on_permissions(workflow(text))) == expected


@pytest.mark.parametrize(
    ("file", "permissions", "expected"),
    [
        pytest.param("publish.yml", "{id-token: write}", "warning", id="named publish"),
        pytest.param("to-PyPI.yml", "{id-token: write}", "error", id="named after PyPI"),
        pytest.param("publish.yml", "write-all", "warning", id="with write-all"),
        pytest.param("publish.yml", "{contents: write}", None, id="without id-token"),
        pytest.param("provenance.yml", "{id-token: write}", None, id="another name"),
        pytest.param("publish.yml", "{id-token: write, attestations: write}", None, id="a workflow that signs"),
        pytest.param("publish.yml", "{id-token: write, pages: write}", None, id="a workflow for GitHub Pages"),
    ],
)
def test_trusted_publishing_in_a_foreign_workflow_is_reported(
    file: str, permissions: str, expected: str | None
) -> None:
    """PyPI does not accept reusable workflows of another repository."""
    call = indent(FOREIGN.format(file=file, permissions=permissions), "")
    found = told(on_permissions(workflow(f"permissions: {{}}\njobs:\n  a:\n    {call}")))
    assert [level for rule, level, line in found if (rule, line) == ("foreign-publisher", 4)] == [expected] * bool(
        expected
    )


def test_a_local_workflow_is_not_foreign() -> None:
    """Its own jobs are checked instead."""
    job = "{uses: ./.github/workflows/publish.yml, permissions: {id-token: write}}"
    assert told(on_permissions(workflow(f"permissions: {{}}\njobs: {{publish: {job}}}"))) == []


@pytest.mark.parametrize(
    ("file", "permissions", "expected"),
    [
        pytest.param("python-build.yml", "{contents: read}", [], id="to build"),
        pytest.param("python-build.yml", "read-all", [], id="to build, with read-all"),
        pytest.param("python-build.yml", "{}", ["contents: read"], id="to build, without permissions"),
        pytest.param("github-release.yml", "{contents: write}", [], id="to release"),
        pytest.param(
            "github-release.yml", "{contents: read}", ["contents: write"], id="to release, without write permission"
        ),
        pytest.param(
            "python-attest.yml",
            "{id-token: write}",
            ["attestations: write", "artifact-metadata: write"],
            id="to attest, without the permissions to store",
        ),
    ],
)
def test_a_call_of_our_workflows_requires_permissions(file: str, permissions: str, expected: list[str]) -> None:
    """GitHub rejects a run in which the called job has more permissions than the caller."""
    text = f"permissions: {{}}\njobs:\n  a:\n    {CALL.format(file=file, permissions=permissions)}"
    found = list(on_permissions(workflow(text)))
    assert told(found) == ([("call-without-permission", "error", 3)] if expected else [])
    assert not expected or f"without {', '.join(expected)}: " in found[0].found


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param("python-build.yml", [], id="reading is always included"),
        pytest.param("github-release.yml", ["warning"], id="writing may be included"),
        pytest.param("python-attest.yml", ["error"], id="id-token is never included"),
    ],
)
def test_the_repository_default_is_unknown(file: str, expected: list[str]) -> None:
    """A call without permissions has those in the repository settings."""
    found = on_permissions(workflow(f"jobs: {{a: {{uses: octo/tagship/.github/workflows/{file}@v1}}}}"))
    assert [finding.level for finding in found if finding.rule == "call-without-permission"] == expected


@pytest.mark.parametrize("name", REQUIRED)
def test_required_permissions_match_our_workflows(name: str) -> None:
    """The jobs of each reusable workflow need exactly the permissions required of callers."""
    root = Path(__file__).parents[3]
    jobs = yaml.safe_load((root / ".github" / "workflows" / name).read_text("utf-8"))["jobs"].values()
    needed: dict[str, str] = {}
    for job in jobs:
        for scope, word in (job.get("permissions") or {}).items():
            needed[scope] = "write" if "write" in (word, needed.get(scope)) else word
    assert needed == REQUIRED[name]
