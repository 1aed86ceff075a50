"""Checkouts and scripts."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.doctor.steps import on_checkouts, on_scripts


def checkout(given: str = "", *, run: str = "python -m build", on: str = "{push: {tags: [v*]}}") -> str:
    """Return a workflow that checks out and runs something."""
    head = (
        f"on: {on}\njobs:\n  a:\n    permissions: {{contents: read}}\n    steps:\n      - uses: actions/checkout@v7\n"
    )
    return head + (f"        with: {{{given}}}\n" if given else "") + f"      - run: {run}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(checkout("persist-credentials: false"), [], id="the token is not kept"),
        pytest.param(checkout("persist-credentials: 'False'"), [], id="in another spelling"),
        pytest.param(checkout(), [("persisted-token", "advice", 6)], id="a token that only reads"),
        pytest.param(
            checkout() + "      - uses: stefanzweifel/git-auto-commit-action@v7\n",
            [],
            id="a token that an action needs",
        ),
        pytest.param(checkout("persist-credentials: true"), [("persisted-token", "advice", 6)], id="kept on purpose"),
        pytest.param(
            checkout().replace("read}", "write}"), [("persisted-token", "warning", 6)], id="a token that writes"
        ),
        pytest.param(checkout(run="git push"), [], id="the job needs it"),
    ],
)
def test_a_checkout_leaves_no_token_behind(text: str, expected: list[tuple[str, str, int]]) -> None:
    """How bad it is depends on what the token may do."""
    assert told(on_checkouts(workflow(text), versioned_by_git=False)) == expected


SAFE = "persist-credentials: false"
SHALLOW = ("shallow-checkout", "warning", 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(checkout(SAFE), [SHALLOW], id="by default"),
        pytest.param(checkout(f"{SAFE}, fetch-depth: 0"), [], id="with all history"),
        pytest.param(checkout(f"{SAFE}, fetch-depth: 5"), [("shallow-checkout", "warning", 7)], id="with a bit of it"),
        pytest.param(checkout(SAFE, run="pytest"), [], id="nothing is built"),
        pytest.param(checkout(SAFE, run="uv build"), [SHALLOW], id="built by uv"),
        pytest.param(checkout(SAFE, run="make dist"), [SHALLOW], id="built by make"),
        pytest.param(checkout(SAFE, run="uvx --from build pyproject-build"), [SHALLOW], id="built from afar"),
        pytest.param(checkout(SAFE, run="python setup.py -q sdist"), [SHALLOW], id="built the old way"),
        pytest.param(
            checkout(SAFE, on="{push: {branches: [main]}}"),
            [("shallow-checkout", "blocker", 6)],
            id="started without a tag",
        ),
        pytest.param(checkout(SAFE, on="release"), [SHALLOW], id="started by a release"),
        pytest.param(
            checkout(SAFE).replace("run: python -m build", "uses: OWNER/tagship/actions/build-dist@v1"),
            [("shallow-checkout", "blocker", 6)],
            id="built by an action that refuses it",
        ),
    ],
)
def test_a_version_from_git_needs_history(text: str, expected: list[tuple[str, str, int]]) -> None:
    """A tag comes along when it is itself what is checked out; else the version is made up."""
    found = told(on_checkouts(workflow(text), versioned_by_git=True))
    assert [row for row in found if row[0] == "shallow-checkout"] == expected
    assert told(on_checkouts(workflow(text), versioned_by_git=False)) == []


def script(*lines: str) -> str:
    """Return a workflow with one script."""
    return "jobs:\n  a:\n    steps:\n      - run: |\n" + "".join(f"          {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(script("make"), [], id="none"),
        pytest.param(script("make", "echo ${{ github.ref_name }}"), [("warning", 6)], id="a name that others choose"),
        pytest.param(script("echo ${{github.sha}}"), [("advice", 5)], id="one that nobody chooses"),
        pytest.param(script("echo ${{ matrix.python }} ${{ matrix.python }}"), [("advice", 5)], id="twice the same"),
        pytest.param(script("a ${{ github.sha || inputs.x }}"), [("warning", 5)], id="several things at once"),
        pytest.param(script("a ${{ secrets.TOKEN }}"), [("warning", 5)], id="a secret"),
        pytest.param(script("a ${{", "inputs.x", "}}"), [("warning", 6)], id="over several lines"),
        pytest.param(script("a ${{ }}"), [("warning", 5)], id="nothing at all"),
    ],
)
def test_an_expression_in_a_script_is_told(text: str, expected: list[tuple[str, int]]) -> None:
    """At the line where it stands, with how bad it is."""
    found = told(on_scripts(workflow(text)))
    assert found == [("expression-in-script", level, line) for level, line in expected]


def test_the_remedy_hands_the_value_over() -> None:
    """The variable is named after the value."""
    (finding,) = on_scripts(workflow(script("echo ${{ steps.x.outputs.tag-name }}")))
    assert 'env: {TAG_NAME: "${{ steps.x.outputs.tag-name }}"}' in finding.remedy
    assert 'write "$TAG_NAME"' in finding.remedy
