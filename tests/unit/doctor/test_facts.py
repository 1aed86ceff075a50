"""What follows from the facts."""

from __future__ import annotations

import pytest
from packaging.version import Version

from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration
from tagship.doctor.facts import Facts


def history(*tags: str) -> History:
    """Return a clone with tags, all in the history of its commit."""
    return History(head="1", tagged=None, shallow=False, tags=tags, merged=tags, branches={})


@pytest.mark.parametrize(
    ("facts", "version"),
    [
        pytest.param(Facts(tag="v1.2.0"), "1.2.0", id="that of the tag"),
        pytest.param(Facts(tag="hello"), None, id="none in the tag"),
        pytest.param(Facts(declaration=Declaration(file="x", version="1.0")), "1.0", id="that in the file"),
        pytest.param(
            Facts(declaration=Declaration(file="x", version="1.0"), history=history("v1.0.0")), None, id="released"
        ),
        pytest.param(
            Facts(declaration=Declaration(file="x", version="1.0", versioned_by_git=True)), None, id="made by git"
        ),
        pytest.param(Facts(declaration=Declaration(file="x", version="today")), None, id="no version"),
    ],
)
def test_the_next_version_is_known_or_not(facts: Facts, version: str | None) -> None:
    """The tag says it, or a file that has not been released."""
    assert facts.version == (Version(version) if version else None)


def test_paths_start_at_the_top() -> None:
    """A person opens them from there."""
    assert Facts().path("setup.py") == "setup.py"
    assert Facts(folder="packages/a").path("setup.py") == "packages/a/setup.py"
