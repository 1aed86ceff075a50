"""What can come to mean something else."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.doctor.references import on_references

COMMIT = "0123456789012345678901234567890123456789"


def one_step(uses: str, permissions: str = "{contents: write}") -> str:
    """Return a workflow with one job of one step."""
    return f"jobs:\n  a:\n    permissions: {permissions}\n    steps:\n      - uses: {uses}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(one_step(f"octo/act@{COMMIT} # v1"), [], id="a commit"),
        pytest.param(one_step("./act"), [], id="an action of the repository"),
        pytest.param(one_step("$/act"), [], id="an action beside the file"),
        pytest.param(one_step("octo/act@v1"), [("mutable-ref", "warning", 5)], id="a major version"),
        pytest.param(one_step("octo/act@main"), [("mutable-ref", "warning", 5)], id="a branch"),
        pytest.param(one_step("octo/act@0123abc"), [("mutable-ref", "warning", 5)], id="a short commit"),
        pytest.param(one_step("octo/act@v1.2.3"), [("unpinned-action", "warning", 5)], id="a version"),
        pytest.param(one_step("octo/act@main", "{}"), [("mutable-ref", "advice", 5)], id="with nothing to steal"),
        pytest.param(one_step("docker://alpine:3"), [("unpinned-action", "warning", 5)], id="an image"),
        pytest.param(one_step("docker://alpine@sha256:0"), [], id="an image by its digest"),
        pytest.param(one_step("OWNER/tagship@v1"), [("mutable-ref", "advice", 5)], id="this very tool"),
        pytest.param(
            "jobs:\n  a:\n    uses: octo/x/.github/workflows/y.yml@v1\n",
            [("mutable-ref", "warning", 3)],
            id="a reusable workflow",
        ),
        pytest.param(
            one_step("octo/act@v1") + "      - uses: octo/act@v1\n", [("mutable-ref", "warning", 5)], id="twice"
        ),
        pytest.param(
            one_step("octo/act@v1", "{}") + "        with: {token: '${{ secrets.TOKEN }}'}\n",
            [("mutable-ref", "warning", 5)],
            id="handed a secret",
        ),
    ],
)
def test_only_a_commit_stays_what_it_is(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Where there is something to steal it is a warning; each name is told once."""
    assert told(on_references(workflow(text))) == expected


@pytest.mark.parametrize(
    ("uses", "remedy"),
    [
        pytest.param(
            "octo/act/sub@v1",
            "Write the commit: uses: octo/act/sub@COMMIT # v1 "
            "(git ls-remote https://github.com/octo/act v1 'v1^{}' prints it, the last line counts)",
            id="an action nobody here knows",
        ),
        pytest.param(
            "pypa/gh-action-pypi-publish@release/v1",
            "Write: uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33 # v1.14.2",
            id="one that tagship init names",
        ),
        pytest.param(
            "actions/download-artifact@v999.0.1",
            "Write the commit: uses: actions/download-artifact@COMMIT # v999.0.1 (git ls-remote "
            "https://github.com/actions/download-artifact v999.0.1 'v999.0.1^{}' prints it, the last line counts)",
            id="a newer one than tagship init names",
        ),
        pytest.param(
            "actions/download-artifact@main",
            "Write: uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
            id="a branch of one that tagship init names",
        ),
        pytest.param(
            "OWNER/tagship/actions/build-dist@v1",
            "Write the commit of v1: uses: OWNER/tagship/actions/build-dist@COMMIT # v1 (tagship init --pin COMMIT)",
            id="one of ours",
        ),
        pytest.param(
            "docker://alpine:3", "Name the image by its digest: uses: docker://alpine:3@sha256:...", id="an image"
        ),
    ],
)
def test_the_remedy_is_the_line_to_write(uses: str, remedy: str) -> None:
    """Whoever reads it can type it."""
    assert [finding.remedy for finding in on_references(workflow(one_step(uses)))] == [remedy]


@pytest.mark.parametrize("reference", ["v1;rm", "$(id)", "-x", "v1'"])
def test_no_command_is_made_of_what_could_do_harm(reference: str) -> None:
    """A name that a shell would read otherwise stands in no command line."""
    (finding,) = on_references(workflow(one_step(f'"octo/act@{reference}"')))
    assert "git ls-remote" not in finding.remedy
