"""By whom and with what it is published."""

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
        pytest.param(job(ACTION), [], id="as it should be"),
        pytest.param(job(ACTION, environment=""), [("no-environment", "warning", 3)], id="in no environment"),
        pytest.param(
            job(f"{ACTION}\n        with: {{password: x}}"), [("long-lived-token", "warning", 8)], id="with a token"
        ),
        pytest.param(
            job(f"{ACTION}\n        with: {{password: x, repository-url: https://pypi.example.com}}"),
            [],
            id="with a token, where there is no other way",
        ),
        pytest.param(
            job(f"{ACTION}\n        with: {{password: x}}", on="workflow_call"), [], id="with a token, when called"
        ),
        pytest.param(job("run: uv publish"), [], id="by a command"),
        pytest.param(
            job("run: uv publish", permissions="{}"),
            [("no-credential", "warning", 7)],
            id="by a command without an identity",
        ),
        pytest.param(job(ACTION, ACTION), [("two-uploads", "warning", 8)], id="twice"),
        pytest.param(
            job("run: python -m build", ACTION), [("build-with-credential", "warning", 3)], id="where it is built"
        ),
        pytest.param(
            job(ACTION, environment="{name: pypi, url: https://pypi.org/p/hello.world/}"), [], id="with its address"
        ),
        pytest.param(
            job(ACTION, environment="{name: pypi, url: https://pypi.org/project/hallo/1.0}"),
            [("other-project", "warning", 5)],
            id="with another's address",
        ),
        pytest.param("jobs: {a: {steps: [run: make]}}", [], id="not at all"),
    ],
)
def test_a_job_that_publishes_is_held_to_the_rules(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Environment, credential, one upload, no build beside it, its own address."""
    assert told(on_publishing(workflow(text), FACTS)) == expected


@pytest.mark.parametrize(
    ("address", "environment"),
    [
        pytest.param("", "pypi", id="PyPI"),
        pytest.param("\n        with: {repository-url: https://test.pypi.org/legacy/}", "testpypi", id="TestPyPI"),
    ],
)
def test_each_index_is_offered_an_environment_of_its_own(address: str, environment: str) -> None:
    """Who has to approve what goes to PyPI is not asked for every upload to TestPyPI."""
    (finding,) = on_publishing(workflow(job(ACTION + address, environment="")), FACTS)
    assert finding.remedy == f"Give that job: environment: {environment}"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"release.yml": job(ACTION)}, [], id="as tagship init tells it"),
        pytest.param({"publish.yml": job(ACTION)}, [("publisher", "advice", 3)], id="another file"),
        pytest.param({"release.yml": job(ACTION, environment="x")}, [("publisher", "advice", 3)], id="another name"),
        pytest.param({"x.yml": job("run: twine upload -p ${{ secrets.T }} x")}, [], id="by a token"),
        pytest.param({"x.yml": job(ACTION, on="workflow_call")}, [], id="only when called"),
        pytest.param(
            {"a.yml": job(ACTION), "release.yml": job(ACTION)},
            [("several-publishers", "warning", None), ("publisher", "advice", 3)],
            id="two files",
        ),
        pytest.param({}, [("no-release-workflow", "warning", None)], id="no file"),
    ],
)
def test_the_publisher_is_the_one_the_index_knows(
    files: dict[str, str], expected: list[tuple[str, str, int | None]]
) -> None:
    """What differs from what ``tagship init`` would have told is told."""
    read = [workflow(text, f".github/workflows/{name}") for name, text in files.items()]
    assert told(on_publishers(read, FACTS)) == expected


def test_the_four_values_are_told() -> None:
    """Owner, repository, file and environment, with the page where they stand."""
    (finding,) = on_publishers([workflow(job(ACTION, environment="live"), ".github/workflows/ship.yml")], FACTS)
    assert finding.found.endswith("owner octo, repository hello, workflow ship.yml, environment live.")
    assert finding.remedy.endswith("https://pypi.org/manage/project/hello-world/settings/publishing/")
