"""What is granted, and to whom."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
import yaml

from support.workflow_files import told, workflow
from tagship.doctor.permissions import REQUIRED, on_permissions

OWN = "{permissions: {contents: read}, runs-on: x}"
FOREIGN = "uses: octo/shared/.github/workflows/{file}@0123\n    permissions: {permissions}\n"
CALL = "uses: OWNER/tagship/.github/workflows/{file}@v1\n    permissions: {permissions}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"permissions: {{}}\njobs: {{a: {OWN}}}", [], id="nothing at the top"),
        pytest.param(f"jobs: {{a: {OWN}}}", [], id="in every job"),
        pytest.param("jobs: {a: {runs-on: x}}", [("no-permissions", "warning", None)], id="nowhere"),
        pytest.param("on: push\npermissions: write-all", [("write-all", "warning", 2)], id="everything at the top"),
        pytest.param(
            "permissions: read-all", [("permissions-at-top", "advice", 1)], id="reading everything at the top"
        ),
        pytest.param(
            "permissions: {contents: read}", [("permissions-at-top", "advice", 1)], id="reading one thing at the top"
        ),
        pytest.param(
            "permissions: {id-token: write}", [("permissions-at-top", "warning", 1)], id="the identity at the top"
        ),
        pytest.param(
            "permissions: {}\njobs:\n  a:\n    permissions: write-all", [("write-all", "warning", 4)], id="in a job"
        ),
    ],
)
def test_a_job_is_granted_what_it_needs(text: str, expected: list[tuple[str, str, int | None]]) -> None:
    """What stands at the top is granted to every job; writing is worse than reading."""
    assert told(on_permissions(workflow(text))) == expected


@pytest.mark.parametrize(
    ("file", "permissions", "expected"),
    [
        pytest.param("publish.yml", "{id-token: write}", "warning", id="called publish"),
        pytest.param("to-PyPI.yml", "{id-token: write}", "blocker", id="called after PyPI"),
        pytest.param("publish.yml", "write-all", "warning", id="with everything"),
        pytest.param("publish.yml", "{contents: write}", None, id="without an identity"),
        pytest.param("provenance.yml", "{id-token: write}", None, id="called something else"),
        pytest.param("publish.yml", "{id-token: write, attestations: write}", None, id="that signs"),
        pytest.param("publish.yml", "{id-token: write, pages: write}", None, id="for a site"),
    ],
)
def test_an_identity_shown_in_a_foreign_workflow_is_refused(file: str, permissions: str, expected: str | None) -> None:
    """PyPI takes no reusable workflow of another repository as publisher."""
    call = indent(FOREIGN.format(file=file, permissions=permissions), "")
    found = told(on_permissions(workflow(f"permissions: {{}}\njobs:\n  a:\n    {call}")))
    assert [level for rule, level, line in found if (rule, line) == ("foreign-publisher", 4)] == [expected] * bool(
        expected
    )


def test_a_workflow_of_the_repository_itself_is_not_foreign() -> None:
    """It is asked about where it stands."""
    job = "{uses: ./.github/workflows/publish.yml, permissions: {id-token: write}}"
    assert told(on_permissions(workflow(f"permissions: {{}}\njobs: {{publish: {job}}}"))) == []


@pytest.mark.parametrize(
    ("file", "permissions", "expected"),
    [
        pytest.param("python-build.yml", "{contents: read}", [], id="to build"),
        pytest.param("python-build.yml", "read-all", [], id="to build, with everything to read"),
        pytest.param("python-build.yml", "{}", ["contents: read"], id="to build without reading"),
        pytest.param("github-release.yml", "{contents: write}", [], id="to release"),
        pytest.param("github-release.yml", "{contents: read}", ["contents: write"], id="to release without writing"),
        pytest.param(
            "python-attest.yml",
            "{id-token: write}",
            ["attestations: write", "artifact-metadata: write"],
            id="to attest without storing",
        ),
    ],
)
def test_a_call_of_ours_needs_its_permissions(file: str, permissions: str, expected: list[str]) -> None:
    """GitHub starts no run whose called job may do more than the calling one."""
    text = f"permissions: {{}}\njobs:\n  a:\n    {CALL.format(file=file, permissions=permissions)}"
    found = list(on_permissions(workflow(text)))
    assert told(found) == ([("call-without-permission", "blocker", 3)] if expected else [])
    assert not expected or f"without {', '.join(expected)}: " in found[0].found


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param("python-build.yml", [], id="reading, which it always may"),
        pytest.param("github-release.yml", ["warning"], id="writing, which it may or may not"),
        pytest.param("python-attest.yml", ["blocker"], id="an identity, which it never has"),
    ],
)
def test_the_default_of_a_repository_is_not_known(file: str, expected: list[str]) -> None:
    """A call without permissions has those of the repository's settings."""
    found = on_permissions(workflow(f"jobs: {{a: {{uses: OWNER/tagship/.github/workflows/{file}@v1}}}}"))
    assert [finding.level for finding in found if finding.rule == "call-without-permission"] == expected


@pytest.mark.parametrize("name", REQUIRED)
def test_the_permissions_asked_for_are_those_of_the_workflows(name: str) -> None:
    """Each reusable workflow's jobs together ask for exactly what its callers are told to grant."""
    root = Path(__file__).parents[3]
    jobs = yaml.safe_load((root / ".github" / "workflows" / name).read_text("utf-8"))["jobs"].values()
    asked: dict[str, str] = {}
    for job in jobs:
        for scope, word in (job.get("permissions") or {}).items():
            asked[scope] = "write" if "write" in (word, asked.get(scope)) else word
    assert asked == REQUIRED[name]
