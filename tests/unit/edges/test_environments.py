"""Environments are fresh, and neither variables nor settings of the caller apply."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from support.wheels import write_wheel
from tagship.core.runner import without_python_settings
from tagship.edges.environments import Environment, Environments
from tagship.edges.processes import Processes
from tagship.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path


def environments(folder: Path, said: list[str], **extra: str) -> Environments:
    """Return environments in ``folder`` that record the output of child processes."""
    environ = {**without_python_settings(os.environ), **extra}
    return Environments(folder=folder, processes=Processes(environ={}), environ=environ, say=said.append)


def test_a_new_environment_is_empty(tmp_path: Path) -> None:
    """Not even pip is installed."""
    made = environments(tmp_path, [])
    environment = made.create("one")

    listed = made.processes.run(
        [environment.python, "-I", "-c", "import importlib.metadata as m; print([*m.distributions()])"],
        cwd=tmp_path,
        environ=made.environ,
    )

    assert listed.output.strip() == "[]"


def test_a_local_wheel_is_installed(tmp_path: Path) -> None:
    """A wheel without dependencies needs no index."""
    said: list[str] = []
    made = environments(tmp_path, said, UV_OFFLINE="1")
    environment = made.create("one")

    ended = made.install(environment, write_wheel(tmp_path, "hello", "1.0", {"hello.py": "x = 1\n"}))

    assert ended.ok, ended.output
    assert any("hello==1.0" in line for line in said)
    assert made.check(environment).ok


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.toml", 'index-url = "http://127.0.0.1:9/evil"\n'),
        ("pyproject.toml", '[tool.uv]\nindex-url = "http://127.0.0.1:9/evil"\n'),
        ("uv.toml", "not toml"),
    ],
)
def test_uv_settings_of_parent_folders_are_ignored(tmp_path: Path, name: str, text: str) -> None:
    """A uv.toml in the checkout or in a shared temporary folder has no effect."""
    (tmp_path / name).write_text(text)
    (tmp_path / "inner").mkdir()
    made = environments(tmp_path / "inner", [])

    ended = made.install(made.create("one"), write_wheel(tmp_path, "hello", "1.0"))

    assert ended.ok, ended.output


def test_a_missing_python_is_reported(tmp_path: Path) -> None:
    """No Python is downloaded."""
    with pytest.raises(Failure, match=r"Creating a virtual environment for Python 3\.99 failed"):
        environments(tmp_path, []).create("one", python="3.99")


def test_an_environment_comes_first_on_path(tmp_path: Path) -> None:
    """The variables are those of an activated environment."""
    environment = Environment(path=tmp_path / "one")

    variables = environment.variables({"PATH": "/usr/bin", "A": "b"})

    assert variables["PATH"].split(os.pathsep)[0] == str(environment.scripts)
    assert (variables["VIRTUAL_ENV"], variables["A"]) == (str(tmp_path / "one"), "b")


def test_another_python_can_be_selected(tmp_path: Path) -> None:
    """The Python is selected by its path."""
    environment = environments(tmp_path, []).create("one", python=sys.executable)

    assert environment.python.exists()
