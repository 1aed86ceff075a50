"""The Python of the job: its detection, its restrictions, and a fresh environment instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.wheels import write_wheel
from tagship.edges.interpreters import Interpreter, Interpreters
from tagship.edges.processes import Processes
from tagship.errors import Failure

BASE = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else f"bin/python3.{sys.version_info.minor}")


def interpreters(folder: Path, *, path: Path | None = None, **environ: str) -> Interpreters:
    """Return the Pythons of a job with ``path`` first on PATH, in a clean environment."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "CONDA_PREFIX", "pythonLocation")
    }
    search = os.pathsep.join([*([str(path)] if path else []), os.environ["PATH"]])
    return Interpreters(processes=Processes(environ={**kept, "PATH": search, **environ}), temporary=folder)


def environment(folder: Path) -> Path:
    """Create an empty virtual environment and return its folder."""
    subprocess.run([BASE, "-m", "venv", "--without-pip", folder], check=True)
    return folder


def installed(interpreter: Interpreter) -> bool:
    """Return True if the test wheel can be imported."""
    return (
        subprocess.run([interpreter.path, "-I", "-c", "import tiny"], check=False, capture_output=True).returncode == 0
    )


def test_a_virtual_environment_is_used(tmp_path: Path) -> None:
    """Packages are installed into a virtual environment on PATH."""
    folder = environment(tmp_path / "env")

    found = interpreters(tmp_path, path=folder / "bin").find("python")

    assert (found.environment, found.reserved) == (folder, "")
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert found.scripts == folder / "bin"


def test_a_relative_path_starts_at_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier step may have created an environment in the checkout."""
    folder = environment(tmp_path / "checkout/.venv")
    monkeypatch.chdir(tmp_path / "checkout")

    assert interpreters(tmp_path).find(".venv/bin/python").environment == folder


def test_a_python_of_setup_python_is_used(tmp_path: Path) -> None:
    """actions/setup-python sets pythonLocation to its Python."""
    found = interpreters(tmp_path, pythonLocation=sys.base_prefix).find(str(BASE))

    assert (found.environment, found.reserved) == (None, "")


def test_another_python_is_reserved(tmp_path: Path) -> None:
    """Nothing is installed into a Python that was not set up by the job."""
    assert interpreters(tmp_path).find(str(BASE)).reserved == "it was not set up by this job"


def test_an_active_conda_environment_is_used(tmp_path: Path) -> None:
    """Environments of conda are used, but not its base environment."""
    active = interpreters(tmp_path, CONDA_PREFIX=sys.base_prefix, CONDA_DEFAULT_ENV="hello").find(str(BASE))
    base = interpreters(tmp_path, CONDA_PREFIX=sys.base_prefix, CONDA_DEFAULT_ENV="base").find(str(BASE))

    assert (active.reserved, base.reserved) == ("", "it was not set up by this job")


@pytest.mark.skipif(os.name == "nt", reason="the substitute is a shell script")
def test_python3_is_used_without_python(tmp_path: Path) -> None:
    """Some systems have python3 but no python."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").symlink_to(BASE)

    found = interpreters(tmp_path, PATH=str(programs)).find("python")

    assert found.path.resolve() == BASE.resolve()


@pytest.mark.parametrize("name", ["python", "python9.99", "/no/such/python"])
def test_a_missing_python_is_reported(tmp_path: Path, name: str) -> None:
    """The remedy names actions/setup-python."""
    with pytest.raises(Failure, match="Python not found"):
        interpreters(tmp_path, PATH=str(tmp_path)).find(name)


@pytest.mark.skipif(os.name == "nt", reason="the substitute is a shell script")
def test_a_broken_python_is_reported(tmp_path: Path) -> None:
    """The message has the exit code of a Python that does not run."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)

    with pytest.raises(Failure, match="does not run: exit code 3"):
        interpreters(tmp_path, path=tmp_path).find("python")


def test_a_fresh_environment_replaces_a_reserved_python(tmp_path: Path) -> None:
    """It starts empty, packages can be installed, and it is removed afterwards."""
    found = interpreters(tmp_path)
    base = found.find(str(BASE))
    lines: list[str] = []
    with found.fresh(base) as fresh:
        assert (fresh.reserved, fresh.version) == ("", base.version)
        wheel = write_wheel(tmp_path / "wheels", "tiny", "1.0", {"tiny/__init__.py": ""})
        arguments = ["pip", "install", str(wheel)]
        done = found.install(fresh, arguments, cwd=tmp_path, environ=found.processes.environ, on_line=lines.append)
        assert (done.code, installed(fresh)) == (0, True)
        assert any("tiny==1.0" in line for line in lines)
        variables = fresh.variables({"PATH": "/usr/bin"})
        assert variables["VIRTUAL_ENV"] == str(fresh.environment)
        assert variables["PATH"].split(os.pathsep)[0] == str(fresh.scripts)
    assert not installed(base)
    assert [path.name for path in tmp_path.iterdir()] == ["wheels"]


def test_programs_of_the_environment_are_found(tmp_path: Path) -> None:
    """A program counts as present in the environment or on PATH."""
    folder = environment(tmp_path / "env")
    found = interpreters(tmp_path, path=folder / "bin").find("python")
    program = folder / "bin" / "hello-tool"

    assert found.lacks("hello-tool", {"PATH": "/usr/bin"})
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert not found.lacks("hello-tool", {"PATH": "/usr/bin"})


@pytest.mark.skipif(sys.platform == "win32", reason="links require a privilege on Windows")
def test_programs_of_the_base_python_do_not_count(tmp_path: Path) -> None:
    """A check runs as a module of the environment, so a program of the Python that created it is not enough."""
    base, scripts = tmp_path / "base", tmp_path / "environment" / "bin"
    for folder in (base, scripts):
        folder.mkdir(parents=True)
    for name in ("python", "pytest"):
        (base / name).touch(mode=0o755)
    (scripts / "python").symlink_to(base / "python")
    (scripts / "ruff").touch(mode=0o755)
    python = Interpreter(
        path=scripts / "python",
        version="3.12.1",
        request="3.12",
        scripts=scripts,
        environment=scripts.parent,
        reserved="",
    )
    assert (python.lacks("pytest", {}), python.lacks("ruff", {})) == (True, False)
