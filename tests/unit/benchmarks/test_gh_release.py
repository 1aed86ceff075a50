"""The benchmark of gh-release compares programs that all do their work."""

from __future__ import annotations

import pytest

from benchmarks.gh_release import wrong_node

ACTION = "runs:\n  using: {}\n  main: dist/index.js\n"


@pytest.mark.parametrize(
    ("using", "version", "error"),
    [
        pytest.param('"node24"', "v24.21.0", "", id="the same version"),
        pytest.param("node20", "v24.21.0", "", id="a newer version"),
        pytest.param("composite", "v20.20.2", "", id="an action without Node"),
        pytest.param(
            '"node24"',
            "v20.20.2",
            "softprops/action-gh-release requires Node 24, and this is v20.20.2. "
            "Install it: npm install node@24, then --node node_modules/node/bin/node",
            id="an older version",
        ),
    ],
)
def test_an_action_runs_on_the_node_that_it_requires(using: str, version: str, error: str) -> None:
    """On an older Node softprops/action-gh-release creates a release without files, which is quick."""
    assert wrong_node(ACTION.format(using), version) == error
