"""Distributions are built by the project's backend, isolated from the caller's environment."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from support.backends import PROJECT
from support.wheels import write_wheel
from tagship.core.runner import without_python_settings
from tagship.edges.builds import Builder
from tagship.edges.environments import Environments
from tagship.edges.processes import Processes
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def written(folder: Path, files: Mapping[str, str] = PROJECT) -> Path:
    """Write ``files`` into the folder and return it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def builder(folder: Path, said: list[str], settings: tuple[str, ...] = (), **environ: str) -> Builder:
    """Return a builder that works in ``folder`` and records the output of the backend."""
    clean = {**without_python_settings(os.environ), **environ}
    made = Environments(folder=folder, processes=Processes(environ={}), environ=clean, say=said.append)
    folder.mkdir(exist_ok=True)
    return Builder(environments=made, installer="uv", settings=settings)


def test_the_wheel_is_built_from_the_sdist(tmp_path: Path) -> None:
    """The build runs in the unpacked sdist, so a file that is missing there fails it."""
    said: list[str] = []

    paths = builder(tmp_path / "scratch", said).build(written(tmp_path / "p"), tmp_path / "out", ["sdist", "wheel"])

    assert [path.name for path in paths] == ["hello-1.2.0.tar.gz", "hello-1.2.0-py3-none-any.whl"]
    assert said[-2:] == ["building the sdist", "building the wheel in hello-1.2.0"]


def test_a_wheel_alone_is_built_from_the_source(tmp_path: Path) -> None:
    """Without an sdist the wheel is built from the checkout."""
    said: list[str] = []

    (path,) = builder(tmp_path / "scratch", said).build(written(tmp_path / "p"), tmp_path / "out", ["wheel"])

    assert (path.name, said[-1]) == ("hello-1.2.0-py3-none-any.whl", "building the wheel in p")


def test_the_name_is_that_of_the_metadata(tmp_path: Path) -> None:
    """It is known even if only the backend computes it, and no file is left in the project."""
    said: list[str] = []
    scratch = tmp_path / "metadata"
    scratch.mkdir()

    assert builder(tmp_path / "scratch", said).name(written(tmp_path / "p"), scratch) == "hello"
    assert not list((tmp_path / "p").rglob("*.whl"))


def test_the_backend_gets_only_the_given_environment(tmp_path: Path) -> None:
    """Its scripts come first on PATH, and no variable of this process is inherited."""
    source = written(tmp_path / "p")
    builder(tmp_path / "scratch", [], SOURCE_DATE_EPOCH="1700000000").build(source, tmp_path / "out", ["sdist"])

    seen: dict[str, Any] = json.loads((source / "seen.json").read_text())

    assert seen["environ"]["SOURCE_DATE_EPOCH"] == "1700000000"
    assert seen["environ"]["PATH"].startswith(str(tmp_path / "scratch"))
    assert seen["cwd"] == str(source)
    blocked = ("PIP_", "UV_", "PYTHON", "VIRTUAL_ENV")
    assert [name for name, value in seen["environ"].items() if name.startswith(blocked) and value] == []


def test_settings_reach_the_backend(tmp_path: Path) -> None:
    """A repeated setting becomes a list, as in ``python -m build -C``."""
    source = written(tmp_path / "p")
    settings = ("--opt=a=b", "--many=1", "--many=2", "--bare")
    builder(tmp_path / "scratch", [], settings).build(source, tmp_path / "out", ["sdist"])

    seen = json.loads((source / "seen.json").read_text())

    assert seen["settings"] == {"--opt": "a=b", "--many": ["1", "2"], "--bare": ""}


def test_build_requirements_are_installed_by_uv_and_constrained(tmp_path: Path) -> None:
    """Constraints limit the versions that uv installs."""
    for version in ("1.0", "2.0"):
        write_wheel(tmp_path / "links", "helper", version, {"helper.py": f"V = {version!r}\n"})
    (tmp_path / "limits.txt").write_text("helper<2\n")
    files = {**PROJECT, "pyproject.toml": PROJECT["pyproject.toml"].replace("[]", '["helper"]', 1)}
    said: list[str] = []
    own = {"UV_FIND_LINKS": str(tmp_path / "links"), "UV_OFFLINE": "1", "PIP_CONFIG_FILE": os.devnull}
    made = builder(tmp_path / "scratch", said, (), **own)
    limited = Builder(environments=made.environments, installer="uv", constraints=tmp_path / "limits.txt")

    limited.build(written(tmp_path / "p", files), tmp_path / "out", ["wheel"])

    assert any("helper==1.0" in line for line in said)


def test_pip_can_install_build_requirements(tmp_path: Path) -> None:
    """The build environment gets pip, which runs without a cache."""
    files = {**PROJECT, "pyproject.toml": PROJECT["pyproject.toml"].replace("[]", '["helper"]', 1)}
    write_wheel(tmp_path / "links", "helper", "1.0", {"helper.py": ""})
    write_wheel(
        tmp_path / "links", "pip", "1.0", {"pip/__init__.py": "", "pip/__main__.py": "import sys; print(sys.argv)\n"}
    )
    said: list[str] = []
    own = {"UV_FIND_LINKS": str(tmp_path / "links"), "UV_OFFLINE": "1", "PIP_CONFIG_FILE": os.devnull}
    made = builder(tmp_path / "scratch", said, (), **own)

    Builder(environments=made.environments, installer="pip").build(
        written(tmp_path / "p", files), tmp_path / "out", ["wheel"]
    )

    assert any("'install'" in line and "'--no-cache-dir'" in line for line in said)


@pytest.mark.parametrize(
    ("changes", "topic", "said"),
    [
        pytest.param(
            {"backend/in_tree.py": "def build_sdist(*a): raise SystemExit('no such luck')\n"},
            "build-failed",
            "no such luck",
            id="the backend exits",
        ),
        pytest.param(
            {"backend/in_tree.py": "import nowhere\n"}, "build-failed", "nowhere", id="the backend cannot be imported"
        ),
        pytest.param({"backend/in_tree.py": "x = 1\n"}, "build-failed", "build_sdist", id="the backend has no hooks"),
        pytest.param(
            {"backend/in_tree.py": "import os\ndef build_sdist(*a): os._exit(7)\n"},
            "build-failed",
            "build_sdist",
            id="the backend crashes",
        ),
        pytest.param(
            {"backend/in_tree.py": "def build_sdist(*a): return 'hello-1.2.0.tar.gz'\n"},
            "build-failed",
            "it reported hello-1.2.0.tar.gz, which does not exist",
            id="the backend writes nothing",
        ),
        pytest.param(
            {"pyproject.toml": '[build-system]\nrequires = ["nosuch>1"]\n'},
            "build-requirements",
            "nosuch>1",
            id="a requirement does not exist",
        ),
        pytest.param(
            {"pyproject.toml": '[build-system]\nbuild-backend = "x"\n'},
            "no-project",
            "requires",
            id="the table is incomplete",
        ),
        pytest.param({"pyproject.toml": "[build-system"}, "no-project", "parse", id="invalid TOML"),
    ],
)
def test_a_failed_build_has_one_problem(tmp_path: Path, changes: dict[str, str], topic: str, said: str) -> None:
    """The problem has the output of the backend or the installer."""
    made = builder(tmp_path / "scratch", [], UV_NO_INDEX="1")

    with pytest.raises(Failure) as caught:
        made.build(written(tmp_path / "p", {**PROJECT, **changes}), tmp_path / "out", ["sdist", "wheel"])

    (problem,) = caught.value.problems
    assert problem.topic == topic
    assert said in problem.found


def test_a_folder_without_a_project_is_reported(tmp_path: Path) -> None:
    """The remedy names working-directory."""
    (tmp_path / "p").mkdir()

    with pytest.raises(Failure, match=r"no pyproject\.toml or setup.py") as caught:
        builder(tmp_path / "scratch", []).build(tmp_path / "p", tmp_path / "out", ["sdist"])
    assert "working-directory" in caught.value.problems[0].remedy


def test_a_backend_without_git_gets_the_command_to_install_it(tmp_path: Path) -> None:
    """A version from git on a machine without git is not reported by the backend's traceback."""
    program = "def build_sdist(*a): raise LookupError('setuptools-scm was unable to detect version for /x')\n"
    source = written(tmp_path / "p", {**PROJECT, "backend/in_tree.py": program})

    with pytest.raises(Failure, match="git is not on PATH") as caught:
        builder(tmp_path / "scratch", [], PATH=str(tmp_path)).build(source, tmp_path / "out", ["sdist"])

    assert caught.value.problems[0].topic == "git-not-found"
