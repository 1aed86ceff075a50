"""The Pythons of a machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tagship.errors import Failure
from tagship.rehearsal.children import Children
from tagship.rehearsal.pythons import Environments, find_python, running_interpreter

HERE = "{}.{}".format(*sys.version_info)


def program(path: Path, says: str) -> Path:
    """Return a program at ``path`` that prints ``says``."""
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


def environments(tmp_path: Path) -> Environments:
    """Environments kept in a folder of the test's own."""
    kept = tmp_path / "kept"
    kept.mkdir()
    return Environments(kept=kept, environ={"PATH": os.environ["PATH"]}, children=Children())


def test_makes_fresh_environments_with_pip(tmp_path: Path) -> None:
    """Each environment has a pip that installs into it, and what happens in one is not seen by the next."""
    made = environments(tmp_path)
    script = "import pip, sys; print(sys.prefix)"
    for name in ("one", "two"):
        programs = made.make(running_interpreter(), tmp_path / name)
        answer = subprocess.run([programs / "python3", "-I", "-c", script], capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == str(tmp_path / name)
        told = subprocess.run([programs / "pip", "--version"], capture_output=True, text=True, check=True).stdout
        assert f" from {tmp_path / name}/" in told
        assert not (programs / "debris").exists()
        (programs / "debris").touch()


def test_makes_an_interrupted_environment_anew(tmp_path: Path) -> None:
    """What was left half made is not copied."""
    made = environments(tmp_path)
    half = made.original(running_interpreter())
    half.mkdir()
    (half / "half").touch()
    made.make(running_interpreter(), tmp_path / "one")
    assert not (tmp_path / "one" / "half").exists()


def test_says_why_there_is_no_environment(tmp_path: Path) -> None:
    """An interpreter that cannot make one is named, with what it said."""
    broken = program(tmp_path / "python3", "echo ensurepip is not available; exit 1")
    with pytest.raises(Failure, match="ensurepip is not available"):
        environments(tmp_path).make(broken, tmp_path / "env")
