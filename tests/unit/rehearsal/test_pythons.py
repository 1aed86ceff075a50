"""The Pythons of a machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tagship.errors import Failure
from tagship.rehearsal.children import Children
from tagship.rehearsal.pythons import find_python, make_environment, running_interpreter

HERE = "{}.{}".format(*sys.version_info)


def program(path: Path, says: str) -> Path:
    """A program at ``path`` that prints ``says``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return path


def test_finds_the_python_that_runs() -> None:
    """The version that runs now is found outside of any virtual environment."""
    found = find_python(HERE, {"PATH": ""})
    assert found == running_interpreter()
    assert not Path(found.parent.parent, "pyvenv.cfg").exists()


@pytest.mark.parametrize(
    ("place", "says", "found"),
    [
        pytest.param("path/python9.9", "echo 9.9", True, id="on the search path"),
        pytest.param(".pyenv/versions/9.9.1/bin/python9.9", "echo 9.9", True, id="kept by pyenv"),
        pytest.param(".local/share/uv/python/cpython-9.9.2-linux/bin/python9.9", "echo 9.9", True, id="kept by uv"),
        pytest.param("path/python9.9", "exit 127", False, id="a shim that stands for nothing"),
        pytest.param("path/python9.9", "echo 9.8", False, id="another version than its name says"),
        pytest.param("path/python9.90", "echo 9.9", False, id="another name"),
    ],
)
def test_finds_what_runs(place: str, says: str, found: bool, tmp_path: Path) -> None:
    """A Python counts when it runs and is of the version asked for."""
    path = program(tmp_path / place, says)
    environ = {"PATH": str(tmp_path / "path"), "HOME": str(tmp_path)}
    assert find_python("9.9", environ) == (path if found else None)


def test_makes_an_environment_with_pip(tmp_path: Path) -> None:
    """The environment is fresh, has pip, and is not the one the interpreter runs in."""
    programs = make_environment(
        running_interpreter(), tmp_path / "env", environ={"PATH": os.environ["PATH"]}, children=Children()
    )
    script = "import pip, sys; print(sys.prefix)"
    answer = subprocess.run([programs / "python3", "-I", "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str(tmp_path / "env")


def test_says_why_there_is_no_environment(tmp_path: Path) -> None:
    """An interpreter that cannot make one is named, with what it said."""
    broken = program(tmp_path / "python3", "echo ensurepip is not available; exit 1")
    with pytest.raises(Failure, match="ensurepip is not available"):
        make_environment(broken, tmp_path / "env", environ={"PATH": ""}, children=Children())
