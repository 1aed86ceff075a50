from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

from bootstrap.start import SOURCE, identity, root, standard_library, tier_of
from tagship.errors import Failure

LIBRARY = str(Path(os.__file__).parent)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        pytest.param(LIBRARY, True, id="the standard library"),
        pytest.param(f"{Path(LIBRARY).parent}{os.sep}python311.zip", True, id="its zip file"),
        pytest.param(str(Path(sys.base_exec_prefix, "lib", "lib-dynload")), True, id="its extension modules"),
        pytest.param(str(Path(LIBRARY, "site-packages")), False, id="site-packages"),
        pytest.param(str(Path(LIBRARY, "dist-packages")), False, id="dist-packages of Debian"),
        pytest.param("/home/somebody/lib-dynload", False, id="lib-dynload elsewhere"),
        pytest.param("/home/somebody/python311.zip", False, id="a zip file elsewhere"),
        pytest.param("", False, id="the current folder"),
        pytest.param(SOURCE, False, id="a path from a .pth file"),
    ],
)
def test_only_the_standard_library_stays_importable(path: str, *, kept: bool) -> None:
    """A release uses the locked libraries and the standard library only."""
    assert standard_library([path]) == ([path] if kept else [])


def test_the_whole_standard_library_stays_importable() -> None:
    """Python and extension modules are found, in the interpreter's order."""
    kept = standard_library(sys.path)
    assert kept == [path for path in sys.path if path in kept]
    assert PathFinder.find_spec("json", kept)
    assert "_json" in sys.builtin_module_names or PathFinder.find_spec("_json", kept)


def test_the_tier_is_that_of_the_action() -> None:
    """An action does not wait for libraries of other actions."""
    assert tier_of(["extract-changelog", "--tag", "v1"]) == "changelog"
    assert tier_of(["release"]) == "full"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param([], "The name of an action is missing.", id="no action"),
        pytest.param(["--help"], "Unknown action: '--help'.", id="a flag in place of the action"),
        pytest.param(["../full"], "Unknown action: '../full'.", id="a path"),
    ],
)
def test_an_unknown_action_is_refused(arguments: list[str], found: str) -> None:
    """The message has the argument and the list of actions."""
    with pytest.raises(Failure) as caught:
        tier_of(arguments)
    (problem,) = caught.value.problems
    assert problem.found == found
    assert "extract-changelog, gh-release" in problem.remedy


def test_the_identity_depends_on_the_lock() -> None:
    """Equal locks share an installation, different locks do not."""
    assert identity(b"a") == identity(b"a")
    assert identity(b"a") != identity(b"b")
    assert len(identity(b"a")) == 16


def test_runner_temp_has_priority_over_the_cache(tmp_path: Path) -> None:
    """On a runner an installation is deleted after the job."""
    assert root({"RUNNER_TEMP": str(tmp_path), "HOME": "/nowhere"}) == str(tmp_path)
