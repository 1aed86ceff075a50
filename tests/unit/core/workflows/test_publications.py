"""The steps that publish to an index."""

from __future__ import annotations

import pytest

from support.workflow_files import workflow
from tagship.core.workflows.jobs import publications


def step(text: str, *, job: str = "") -> str:
    """Return a workflow of one step."""
    return f"jobs:\n  a:\n    {job or 'runs-on: x'}\n    steps:\n      - {text}\n"


ACTION = "uses: pypa/gh-action-pypi-publish@v1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(step(ACTION), ("PyPI", "", 5), id="PyPI's action"),
        pytest.param(
            step(f"{ACTION}\n        with: {{repository-url: https://test.pypi.org/legacy/}}"),
            ("TestPyPI", "", 5),
            id="PyPI's action, to TestPyPI",
        ),
        pytest.param(
            step(f"{ACTION}\n        with:\n          password: x"),
            ("PyPI", "input password", 7),
            id="with a token",
        ),
        pytest.param(
            step(f"{ACTION}\n        with: {{repository-url: https://pypi.example.com/, password: x}}"),
            ("https://pypi.example.com/", "input password", 6),
            id="to a private index",
        ),
        pytest.param(step("run: uv publish"), ("PyPI", "", 5), id="uv"),
        pytest.param(step("run: uv publish --index testpypi"), ("TestPyPI", "", 5), id="uv, to TestPyPI"),
        pytest.param(
            step("run: twine upload dist/*\n        env: {TWINE_PASSWORD: x}"),
            ("PyPI", "variable TWINE_PASSWORD", 6),
            id="twine, with a token in the step",
        ),
        pytest.param(
            step("run: poetry publish --build", job="env: {POETRY_PYPI_TOKEN_PYPI: x}"),
            ("PyPI", "variable POETRY_PYPI_TOKEN_PYPI", 3),
            id="poetry, with a token in the job",
        ),
        pytest.param(
            step('run: "twine upload -p ${{ secrets.PYPI }} dist/*"'),
            ("PyPI", "secrets.PYPI", 5),
            id="a secret in the command",
        ),
        pytest.param(
            step("run: twine upload --repository-url https://pypi.example.com/ dist/*"),
            ("https://pypi.example.com/", "", 5),
            id="twine, to a private index",
        ),
        pytest.param(step("run: twine check dist/*"), None, id="twine check"),
        pytest.param(step('run: "# twine upload"'), None, id="a comment"),
        pytest.param(step("uses: actions/checkout@v7"), None, id="another action"),
    ],
)
def test_publications_have_index_token_and_line(text: str, expected: tuple[str, str, int] | None) -> None:
    """All common publishing tools are recognised."""
    found = [(one.index, one.token, one.line) for one in publications(workflow(text))]
    assert found == ([expected] if expected else [])
