"""The job's own Python: which it is, what may be done with it, and what is made of it where nothing may."""

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
    """Return the Pythons of a job whose PATH begins with ``path``, in an otherwise clean environment."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "CONDA_PREFIX", "pythonLocation")
    }
    search = os.pathsep.join([*([str(path)] if path else []), os.environ["PATH"]])
    return Interpreters(processes=Processes(environ={**kept, "PATH": search, **environ}), temporary=folder)


def environment(folder: Path) -> Path:
    """Return a new virtual environment without anything in it."""
    subprocess.run([BASE, "-m", "venv", "--without-pip", folder], check=True)
    return folder


def installed(interpreter: Interpreter) -> bool:
    """Return True if the tiny wheel can be imported."""
    return (
        subprocess.run([interpreter.path, "-I", "-c", "import tiny"], check=False, capture_output=True).returncode == 0
    )


def test_an_environment_is_the_jobs_own(tmp_path: Path) -> None:
    """A virtual environment on PATH takes what is installed."""
    folder = environment(tmp_path / "env")

    found = interpreters(tmp_path, path=folder / "bin").find("python")

    assert (found.environment, found.reserved) == (folder, "")
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert found.scripts == folder / "bin"


def test_a_path_leads_from_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python of an environment that an earlier step made there."""
    folder = environment(tmp_path / "checkout/.venv")
    monkeypatch.chdir(tmp_path / "checkout")

    assert interpreters(tmp_path).find(".venv/bin/python").environment == folder


def test_what_was_set_up_for_the_job_is_its_own(tmp_path: Path) -> None:
    """actions/setup-python says where its Python is."""
    found = interpreters(tmp_path, pythonLocation=sys.base_prefix).find(str(BASE))

    assert (found.environment, found.reserved) == (None, "")


def test_anybody_elses_python_is_left_alone(tmp_path: Path) -> None:
    """A Python that is no environment and was not set up for the job takes nothing."""
    assert interpreters(tmp_path).find(str(BASE)).reserved == "it is no environment of this job"


def test_an_active_conda_environment_is_the_jobs_own(tmp_path: Path) -> None:
    """The environments of conda count like others, its base does not."""
    active = interpreters(tmp_path, CONDA_PREFIX=sys.base_prefix, CONDA_DEFAULT_ENV="hello").find(str(BASE))
    base = interpreters(tmp_path, CONDA_PREFIX=sys.base_prefix, CONDA_DEFAULT_ENV="base").find(str(BASE))

    assert (active.reserved, base.reserved) == ("", "it is no environment of this job")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_python3_stands_in_for_python(tmp_path: Path) -> None:
    """Systems without a program called python have python3."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").symlink_to(BASE)

    found = interpreters(tmp_path, PATH=str(programs)).find("python")

    assert found.path.resolve() == BASE.resolve()


@pytest.mark.parametrize("name", ["python", "python9.99", "/no/such/python"])
def test_no_python_is_told(tmp_path: Path, name: str) -> None:
    """The remedy names the step that sets one up."""
    with pytest.raises(Failure, match="no program"):
        interpreters(tmp_path, PATH=str(tmp_path)).find(name)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_python_that_does_not_run_is_told(tmp_path: Path) -> None:
    """A broken Python is not a missing one."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)

    with pytest.raises(Failure, match="status 3"):
        interpreters(tmp_path, path=tmp_path).find("python")


def test_a_fresh_environment_takes_what_its_base_may_not(tmp_path: Path) -> None:
    """It has nothing of the base's packages, takes a wheel, and is gone afterwards."""
    found = interpreters(tmp_path)
    base = found.find(str(BASE))
    heard: list[str] = []
    with found.fresh(base) as fresh:
        assert (fresh.reserved, fresh.version) == ("", base.version)
        wheel = write_wheel(tmp_path / "wheels", "tiny", "1.0", {"tiny/__init__.py": ""})
        done = found.install(fresh, [str(wheel)], cwd=tmp_path, environ=found.processes.environ, on_line=heard.append)
        assert (done.code, installed(fresh)) == (0, True)
        assert any("tiny==1.0" in line for line in heard)
        variables = fresh.variables({"PATH": "/usr/bin"})
        assert variables["VIRTUAL_ENV"] == str(fresh.environment)
        assert variables["PATH"].split(os.pathsep)[0] == str(fresh.scripts)
    assert not installed(base)
    assert [path.name for path in tmp_path.iterdir()] == ["wheels"]


def test_programs_are_looked_for_where_they_would_be_found(tmp_path: Path) -> None:
    """A program of the environment counts before PATH."""
    folder = environment(tmp_path / "env")
    found = interpreters(tmp_path, path=folder / "bin").find("python")
    program = folder / "bin" / "hello-tool"

    assert found.lacks("hello-tool", {"PATH": "/usr/bin"})
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert not found.lacks("hello-tool", {"PATH": "/usr/bin"})
