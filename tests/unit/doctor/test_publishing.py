"""The findings on jobs that publish."""

from __future__ import annotations

import pytest

from support.workflow_files import told, workflow
from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.publishing import on_publishers, on_publishing

FACTS = ProjectFacts(declaration=Declaration(file="pyproject.toml", name="Hello_World"), repository="octo/hello")
ACTION = "uses: pypa/gh-action-pypi-publish@v1"


def job(*steps: str, environment: str = "pypi", permissions: str = "{id-token: write}", on: str = "push") -> str:
    """Return a workflow of one job."""
    lines = "".join(f"      - {step}\n" for step in steps)
    return f"on: {on}\njobs:\n  a:\n    permissions: {permissions}\n    environment: {environment}\n    steps:\n{lines}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(job(ACTION), [], id="trusted publishing"),
        pytest.param(job(ACTION, environment=""), [("no-environment", "warning", 3)], id="no environment"),
        pytest.param(
            job(f"{ACTION}\n        with: {{password: x}}"), [("long-lived-token", "warning", 8)], id="with a token"
        ),
        pytest.param(
            job(f"{ACTION}\n        with: {{password: x, repository-url: https://pypi.example.com}}"),
            [],
            id="with a token, to a private index",
        ),
        pytest.param(
            job(f"{ACTION}\n        with: {{password: x}}", on="workflow_call"),
            [],
            id="with a token, in a reusable workflow",
        ),
        pytest.param(job("run: uv publish"), [], id="by a command"),
        pytest.param(
            job("run: uv publish", permissions="{}"),
            [("no-credential", "warning", 7)],
            id="by a command, without id-token",
        ),
        pytest.param(job(ACTION, ACTION), [("two-uploads", "warning", 8)], id="two uploads"),
        pytest.param(
            job("run: python -m build", ACTION), [("build-with-credential", "warning", 3)], id="in the job that builds"
        ),
        pytest.param(
            job(ACTION, environment="{name: pypi, url: https://pypi.org/p/hello.world/}"), [], id="with its URL"
        ),
        pytest.param(
            job(ACTION, environment="{name: pypi, url: https://pypi.org/project/hallo/1.0}"),
            [("other-project", "warning", 5)],
            id="with the URL of another project",
        ),
        pytest.param("jobs: {a: {steps: [run: make]}}", [], id="no publish step"),
        pytest.param(
            job("run: scripts/publish\n        env: {TWINE_PASSWORD: '${{ secrets.TOKEN }}'}"),
            [("long-lived-token", "warning", 8)],
            id="a script with a token in its environment",
        ),
    ],
)
def test_problems_of_publish_jobs_are_found(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Environment, credential, number of uploads, build steps and URL are checked."""
    assert told(on_publishing(workflow(text), FACTS)) == expected


@pytest.mark.parametrize(
    ("address", "environment"),
    [
        pytest.param("", "pypi", id="PyPI"),
        pytest.param("\n        with: {repository-url: https://test.pypi.org/legacy/}", "testpypi", id="TestPyPI"),
    ],
)
def test_each_index_has_its_own_environment(address: str, environment: str) -> None:
    """An upload to TestPyPI does not require the approval for PyPI."""
    (finding,) = on_publishing(workflow(job(ACTION + address, environment="")), FACTS)
    assert finding.remedy == f"Add to the job: environment: {environment}"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"release.yml": job(ACTION)}, [], id="as announced by tagship init"),
        pytest.param({"publish.yml": job(ACTION)}, [], id="another file"),
        pytest.param({"release.yml": job(ACTION, environment="x")}, [], id="another environment"),
        pytest.param({"x.yml": job("run: twine upload -p ${{ secrets.T }} x")}, [], id="by a token"),
        pytest.param({"x.yml": job(ACTION, on="workflow_call")}, [], id="a reusable workflow"),
        pytest.param(
            {"a.yml": job(ACTION), "release.yml": job(ACTION)},
            [("several-publishers", "warning", None)],
            id="two workflow files",
        ),
        pytest.param({}, [("no-release-workflow", "warning", None)], id="no workflow"),
    ],
)
def test_several_publishers_are_reported(files: dict[str, str], expected: list[tuple[str, str, int | None]]) -> None:
    """One workflow file may publish, under any name and in any environment."""
    read = [workflow(text, f".github/workflows/{name}") for name, text in files.items()]
    assert told(on_publishers(read, FACTS)) == expected
