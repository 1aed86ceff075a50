"""The findings on checkouts and scripts."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.core.project.content import Content
from tagship.doctor.steps import on_checkouts, on_scripts


def checkout(given: str = "", *, run: str = "python -m build", on: str = "{push: {tags: [v*]}}") -> str:
    """Return a workflow that checks out and runs a command."""
    head = (
        f"on: {on}\njobs:\n  a:\n    permissions: {{contents: read}}\n    steps:\n      - uses: actions/checkout@v7\n"
    )
    return head + (f"        with: {{{given}}}\n" if given else "") + f"      - run: {run}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(checkout("persist-credentials: false"), [], id="credentials are not persisted"),
        pytest.param(checkout("persist-credentials: 'False'"), [], id="another spelling of false"),
        pytest.param(checkout(), [("persisted-token", "note", 6)], id="a token with read access"),
        pytest.param(
            checkout() + "      - uses: stefanzweifel/git-auto-commit-action@v7\n",
            [],
            id="an action that pushes",
        ),
        pytest.param(
            checkout("persist-credentials: true"), [("persisted-token", "note", 6)], id="explicitly persisted"
        ),
        pytest.param(
            checkout().replace("read}", "write}"), [("persisted-token", "warning", 6)], id="a token with write access"
        ),
        pytest.param(checkout(run="git push"), [], id="a command that pushes"),
    ],
)
def test_persisted_credentials_are_reported(text: str, expected: list[tuple[str, str, int]]) -> None:
    """The level depends on the token's permissions."""
    assert told(on_checkouts(workflow(text), versioned_by_git=False, content=Content())) == expected


SAFE = "persist-credentials: false"
SHALLOW = ("shallow-checkout", "error", 6)
BRANCH = "{push: {branches: [main]}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(checkout(SAFE), [], id="triggered by a tag"),
        pytest.param(checkout(SAFE, on=BRANCH), [SHALLOW], id="the default depth"),
        pytest.param(checkout(f"{SAFE}, fetch-depth: 0"), [], id="full history"),
        pytest.param(
            checkout(f"{SAFE}, fetch-depth: 5", on=BRANCH), [("shallow-checkout", "error", 7)], id="partial history"
        ),
        pytest.param(checkout(SAFE, run="pytest"), [], id="a job that does not build"),
        pytest.param(checkout(SAFE, run="uv build", on=BRANCH), [SHALLOW], id="a build with uv"),
        pytest.param(checkout(SAFE, run="make dist", on=BRANCH), [SHALLOW], id="a build with make"),
        pytest.param(
            checkout(SAFE, run="uvx --from build pyproject-build", on=BRANCH), [SHALLOW], id="a build with uvx"
        ),
        pytest.param(checkout(SAFE, run="python setup.py -q sdist", on=BRANCH), [SHALLOW], id="a build with setup.py"),
        pytest.param(
            checkout(SAFE, on="{push: {branches: [main]}}"),
            [("shallow-checkout", "error", 6)],
            id="triggered without a tag",
        ),
        pytest.param(checkout(SAFE, on="release"), [], id="triggered by a release"),
        pytest.param(
            checkout(SAFE, on=BRANCH) + "        env: {SETUPTOOLS_SCM_PRETEND_VERSION: '1.2'}\n",
            [],
            id="the version is set",
        ),
        pytest.param(
            checkout(SAFE, on=BRANCH) + "      - run: git fetch --prune --unshallow\n", [], id="a step that fetches"
        ),
        pytest.param(
            checkout(SAFE).replace("run: python -m build", "uses: OWNER/tagship/actions/build-dist@v1"),
            [("shallow-checkout", "error", 6)],
            id="a build with our action",
        ),
    ],
)
def test_a_version_from_git_requires_full_history(text: str, expected: list[tuple[str, str, int]]) -> None:
    """A shallow clone contains only the tag that triggered the workflow, which is enough without our actions."""
    found = told(on_checkouts(workflow(text), versioned_by_git=True, content=Content()))
    assert [row for row in found if row[0] == "shallow-checkout"] == expected
    assert told(on_checkouts(workflow(text), versioned_by_git=False, content=Content())) == []


@pytest.mark.parametrize(
    ("path", "options", "expected"),
    [
        pytest.param("src/hello/words", SAFE, ["submodules"], id="a package without its submodule"),
        pytest.param("src/hello/words", f"{SAFE}, submodules: recursive", [], id="with its submodule"),
        pytest.param("docs/theme", SAFE, [], id="a submodule outside of the packages"),
    ],
)
def test_a_build_requires_the_submodules_of_packages(path: str, options: str, expected: list[str]) -> None:
    """The checkout of a job that builds has the option; the fix adds it."""
    content = Content(submodules=(path,))
    found = list(on_checkouts(workflow(checkout(options)), versioned_by_git=False, content=content))

    assert [one.level for one in found] == ["error"] * len(expected)
    assert [one.fix.text.strip() for one in found if one.fix] != [] if expected else found == []


def script(*lines: str) -> str:
    """Return a workflow with one script."""
    return "jobs:\n  a:\n    steps:\n      - run: |\n" + "".join(f"          {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(script("make"), [], id="no expression"),
        pytest.param(script("make", "echo ${{ github.ref_name }}"), [("warning", 6)], id="a value that others control"),
        pytest.param(script("echo ${{github.sha}}"), [], id="a value that nobody controls"),
        pytest.param(script("echo ${{ matrix.python }}"), [], id="a value of the matrix"),
        pytest.param(script("a ${{ inputs.x && '--all' || '' }}"), [], id="a choice between two literals"),
        pytest.param(script("echo ${{ inputs.x }} ${{ inputs.x }}"), [("warning", 5)], id="the same expression twice"),
        pytest.param(script("a ${{ github.sha || inputs.x }}"), [("warning", 5)], id="a combined expression"),
        pytest.param(script("a ${{ secrets.TOKEN }}"), [("warning", 5)], id="a secret"),
        pytest.param(script("a ${{", "inputs.x", "}}"), [("warning", 6)], id="an expression over several lines"),
        pytest.param(script("a ${{ }}"), [("warning", 5)], id="an empty expression"),
    ],
)
def test_script_injection_is_reported(text: str, expected: list[tuple[str, int]]) -> None:
    """The finding has the line of the expression; literals and values that GitHub controls have none."""
    found = told(on_scripts(workflow(text)))
    assert found == [("expression-in-script", level, line) for level, line in expected]


def test_the_remedy_passes_the_value_as_a_variable() -> None:
    """The variable has the name of the value."""
    (finding,) = on_scripts(workflow(script("echo ${{ steps.x.outputs.tag-name }}")))
    assert 'env: {TAG_NAME: "${{ steps.x.outputs.tag-name }}"}' in finding.remedy
    assert 'use "$TAG_NAME"' in finding.remedy
