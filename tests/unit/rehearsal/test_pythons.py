"""Installed Pythons, and virtual environments of them."""

from __future__ import annotations

import ensurepip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tagship.edges.processes import Processes
from tagship.errors import Failure
from tagship.rehearsal.pythons import base_interpreter, create_environment, find_python

HERE = "{}.{}".format(*sys.version_info)


def program(path: Path, script: str) -> Path:
    """Write a shell script to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_finds_the_running_python() -> None:
    """The running interpreter is found outside of its virtual environment."""
    found = find_python(HERE, Processes(environ={"PATH": ""}))
    assert found == base_interpreter()
    assert not Path(found.parent.parent, "pyvenv.cfg").exists()


@pytest.mark.parametrize(
    ("place", "script", "found"),
    [
        pytest.param("path/python9.9", "echo 9.9", True, id="on PATH"),
        pytest.param(".pyenv/versions/9.9.1/bin/python9.9", "echo 9.9", True, id="installed by pyenv"),
        pytest.param(
            ".local/share/uv/python/cpython-9.9.2-linux/bin/python9.9", "echo 9.9", True, id="installed by uv"
        ),
        pytest.param("path/python9.9", "exit 127", False, id="a shim without an interpreter"),
        pytest.param("path/python9.9", "echo 9.8", False, id="another version than in its name"),
        pytest.param("path/python9.90", "echo 9.9", False, id="another name"),
    ],
)
def test_finds_a_working_python(place: str, script: str, found: bool, tmp_path: Path) -> None:
    """A Python is found if it runs and has the requested version."""
    path = program(tmp_path / place, script)
    environ = {"PATH": str(tmp_path / "path"), "HOME": str(tmp_path)}
    assert find_python("9.9", Processes(environ=environ)) == (path if found else None)


def processes(tmp_path: Path) -> Processes:
    """Return processes with a cache in a temporary folder."""
    return Processes(environ={"PATH": os.environ["PATH"], "TAGSHIP_CACHE": str(tmp_path / "cache")})


def test_creates_separate_environments_with_pip(tmp_path: Path) -> None:
    """Each environment has the packages that the module venv installs, and files of one are not in the next."""
    script = "import importlib.metadata, pip, sys; print(sys.prefix, pip.__version__)\n"
    script += "print(*sorted(item.name for item in importlib.metadata.distributions()))"
    names = ["pip"] if sys.version_info >= (3, 12) else ["pip", "setuptools"]
    programs = Path()
    for name in ("one", "two"):
        programs = create_environment(base_interpreter(), tmp_path / name, processes(tmp_path))
        answer = subprocess.run([programs / "python3", "-I", "-c", script], capture_output=True, text=True, check=True)
        assert answer.stdout.split() == [str(tmp_path / name), ensurepip.version(), *names]
        assert not list((tmp_path / name).rglob("debris"))
        (programs / "debris").touch()
    version = subprocess.run([programs / "pip", "--version"], capture_output=True, text=True, check=True).stdout
    assert f" from {tmp_path / 'two'}/" in version


def test_fails_with_the_output_of_venv(tmp_path: Path) -> None:
    """If an interpreter cannot create an environment, the message has its path and its output."""
    broken = program(tmp_path / "python3", "echo ensurepip is not available; exit 1")
    with pytest.raises(Failure, match="ensurepip is not available"):
        create_environment(broken, tmp_path / "env", processes(tmp_path))


def test_fails_if_the_wheel_of_pip_is_missing(tmp_path: Path) -> None:
    """The message has the output of uv, which looks for it in no index."""
    empty = program(
        tmp_path / "python3", f'"{base_interpreter()}" -m venv --without-pip "$4"; echo {tmp_path}; echo pip'
    )
    with pytest.raises(Failure, match="pip was not found"):
        create_environment(empty, tmp_path / "env", processes(tmp_path))
