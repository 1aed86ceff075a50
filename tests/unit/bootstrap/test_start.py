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
        pytest.param(LIBRARY, True, id="the standard library stays"),
        pytest.param(f"{Path(LIBRARY).parent}{os.sep}python311.zip", True, id="its zip file stays"),
        pytest.param(str(Path(sys.base_exec_prefix, "lib", "lib-dynload")), True, id="its extension modules stay"),
        pytest.param(str(Path(LIBRARY, "site-packages")), False, id="site-packages go"),
        pytest.param(str(Path(LIBRARY, "dist-packages")), False, id="Debian's own go"),
        pytest.param("/home/somebody/lib-dynload", False, id="a name alone makes no standard library"),
        pytest.param("/home/somebody/python311.zip", False, id="a zip file from elsewhere goes"),
        pytest.param("", False, id="the current folder goes"),
        pytest.param(SOURCE, False, id="what a path file added goes"),
    ],
)
def test_only_the_interpreters_own_modules_stay_importable(path: str, *, kept: bool) -> None:
    """A release uses the locked libraries and the standard ones, whatever else is installed."""
    assert standard_library([path]) == ([path] if kept else [])


def test_the_whole_standard_library_stays() -> None:
    """Modules written in Python and those compiled are still found, by the order that this interpreter has."""
    kept = standard_library(sys.path)
    assert kept == [path for path in sys.path if path in kept]
    assert PathFinder.find_spec("json", kept)
    assert "_json" in sys.builtin_module_names or PathFinder.find_spec("_json", kept)


def test_the_tier_is_that_of_the_action() -> None:
    """The changelog must not wait for libraries of the other actions."""
    assert tier_of(["extract-changelog", "--tag", "v1"]) == "changelog"
    assert tier_of(["release"]) == "full"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param([], "No action was named.", id="no action"),
        pytest.param(["--help"], "There is no action '--help'.", id="a flag where the action stands"),
        pytest.param(["../full"], "There is no action '../full'.", id="a path"),
    ],
)
def test_what_is_no_action_is_refused_with_those_there_are(arguments: list[str], found: str) -> None:
    """The message shows what was read and all that could have been meant."""
    with pytest.raises(Failure) as caught:
        tier_of(arguments)
    (problem,) = caught.value.problems
    assert problem.found == found
    assert "extract-changelog, gh-release" in problem.remedy


def test_an_identity_is_that_of_the_lock() -> None:
    """Equal locks share an installation, others do not."""
    assert identity(b"a") == identity(b"a")
    assert identity(b"a") != identity(b"b")
    assert len(identity(b"a")) == 16


def test_the_runners_folder_comes_before_the_users(tmp_path: Path) -> None:
    """On a runner installations last as long as the job."""
    assert root({"RUNNER_TEMP": str(tmp_path), "HOME": "/nowhere"}) == str(tmp_path)
