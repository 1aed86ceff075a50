"""The findings on mutable refs."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.doctor.steps import on_references

COMMIT = "0123456789012345678901234567890123456789"


def one_step(uses: str, permissions: str = "{contents: write}") -> str:
    """Return a workflow with one job of one step."""
    return f"jobs:\n  a:\n    permissions: {permissions}\n    steps:\n      - uses: {uses}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(one_step(f"octo/act@{COMMIT} # v1"), [], id="a commit SHA"),
        pytest.param(one_step("./act"), [], id="a local action"),
        pytest.param(one_step("$/act"), [], id="an action in the workflow's repository"),
        pytest.param(one_step("octo/act@v1"), [("mutable-ref", "warning", 5)], id="a major version"),
        pytest.param(one_step("octo/act@main"), [("mutable-ref", "warning", 5)], id="a branch"),
        pytest.param(one_step("octo/act@0123abc"), [("mutable-ref", "warning", 5)], id="a short commit SHA"),
        pytest.param(one_step("octo/act@v1.2.3"), [("mutable-ref", "warning", 5)], id="a version"),
        pytest.param(one_step("octo/act@main", "{}"), [("mutable-ref", "note", 5)], id="in an unprivileged job"),
        pytest.param(one_step("docker://alpine:3"), [("mutable-ref", "warning", 5)], id="an image"),
        pytest.param(one_step("docker://alpine@sha256:0"), [], id="an image with a digest"),
        pytest.param(one_step("octo/tagship@v1"), [], id="tagship"),
        pytest.param(
            "jobs:\n  a:\n    uses: octo/x/.github/workflows/y.yml@v1\n",
            [("mutable-ref", "warning", 3)],
            id="a reusable workflow",
        ),
        pytest.param(
            one_step("octo/act@v1") + "      - uses: octo/act@v1\n",
            [("mutable-ref", "warning", 5), ("mutable-ref", "warning", 6)],
            id="the same ref twice",
        ),
        pytest.param(
            one_step("octo/act@v1", "{}") + "        with: {token: '${{ secrets.TOKEN }}'}\n",
            [("mutable-ref", "warning", 5)],
            id="with a secret",
        ),
    ],
)
def test_mutable_refs_are_reported(text: str, expected: list[tuple[str, str, int]]) -> None:
    """A mutable ref in a privileged job is a warning, elsewhere a note."""
    assert told(on_references(workflow(text))) == expected


@pytest.mark.parametrize(
    ("uses", "remedy"),
    [
        pytest.param(
            "octo/act/sub@v1",
            "Pin it to a commit SHA: uses: octo/act/sub@COMMIT # v1 "
            "(last line of: git ls-remote https://github.com/octo/act v1 'v1^{}')",
            id="an unknown action",
        ),
        pytest.param(
            "pypa/gh-action-pypi-publish@release/v1",
            "Pin it to a commit SHA: uses: "
            "pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33 # v1.14.2",
            id="an action with a known pin",
        ),
        pytest.param(
            "actions/download-artifact@v999.0.1",
            "Pin it to a commit SHA: uses: actions/download-artifact@COMMIT # v999.0.1 (last line of: git ls-remote "
            "https://github.com/actions/download-artifact v999.0.1 'v999.0.1^{}')",
            id="a newer version than the known pin",
        ),
        pytest.param(
            "actions/download-artifact@main",
            "Pin it to a commit SHA: uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
            id="a branch of an action with a known pin",
        ),
        pytest.param(
            "octo/tagship/actions/build-dist@main",
            "Pin it to a commit SHA: uses: octo/tagship/actions/build-dist@COMMIT # main (tagship init --pin COMMIT)",
            id="an action of tagship",
        ),
        pytest.param(
            "docker://alpine:3", "Pin the image to its digest: uses: docker://alpine:3@sha256:...", id="an image"
        ),
    ],
)
def test_the_remedy_is_a_line_to_paste(uses: str, remedy: str) -> None:
    """It contains the pin, or the command that prints it."""
    assert [finding.remedy for finding in on_references(workflow(one_step(uses)))] == [remedy]


@pytest.mark.parametrize("reference", ["v1;rm", "$(id)", "-x", "v1'"])
def test_unsafe_refs_are_not_part_of_a_command(reference: str) -> None:
    """A ref with shell syntax never becomes part of a command line."""
    (finding,) = on_references(workflow(one_step(f'"octo/act@{reference}"')))
    assert "git ls-remote" not in finding.remedy
