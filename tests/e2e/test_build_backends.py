"""Projects of every common backend are built, verified and used, with the latest backends on the index."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from support.repositories import new_repository
from support.runtimes import recorded_world
from tagship.actions import build_dist, verify_wheel
from tagship.contract.conversion import read_inputs
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.repositories import GitRepository
    from support.runtimes import Recorded

HEAD = """\
[project]
name = "hello-world"
description = "Says hello"
readme = "README.md"
requires-python = ">=3.11"
"""
TAIL = '\n[project.scripts]\nhello-world = "hello_world:main"\n'
SYSTEM = '\n[build-system]\nrequires = [{requires}]\nbuild-backend = "{backend}"\n'
CODE = '"""Says hello."""\n\n__version__ = "1.2.0"\n\n\ndef main() -> None:\n    print("usage: hello")\n'
FILES = {"README.md": "# Hello\n", "src/hello_world/__init__.py": CODE, ".gitignore": "dist\nbuild\n*.egg-info\n"}
STATIC, DYNAMIC = 'version = "1.2.0"\n', 'dynamic = ["version"]\n'


def declared(requires: str, backend: str, *, version: str = STATIC, more: str = "") -> str:
    """Return a ``pyproject.toml`` for the backend."""
    quoted = ", ".join(f'"{item}"' for item in requires.split())
    return HEAD + version + TAIL + SYSTEM.format(requires=quoted, backend=backend) + more


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A project: its ``pyproject.toml``, further files, and True if its builds are reproducible."""

    project: str
    files: Mapping[str, str] = field(default_factory=dict)
    reproducible: bool = True


def case(project: str, *, reproducible: bool = True) -> Case:
    """Return a project without further files."""
    return Case(project=project, reproducible=reproducible)


EXTENSION = """\
#define PY_SSIZE_T_CLEAN
#include <Python.h>
static PyObject *answer(PyObject *self, PyObject *unused) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", "", -1, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
"""
SETUP = """\
from setuptools import Extension, setup
setup(ext_modules=[Extension("hello_world._fast", ["fast.c"])])
"""
BACKENDS = {
    "setuptools": case(declared("setuptools>=77", "setuptools.build_meta"), reproducible=False),
    "setuptools-scm": case(
        declared(
            "setuptools>=77 setuptools-scm>=8", "setuptools.build_meta", version=DYNAMIC, more="[tool.setuptools_scm]\n"
        ),
        reproducible=False,
    ),
    "hatchling": case(declared("hatchling", "hatchling.build")),
    "hatch-vcs": case(
        declared(
            "hatchling hatch-vcs", "hatchling.build", version=DYNAMIC, more='[tool.hatch.version]\nsource = "vcs"\n'
        )
    ),
    "flit-core": case(declared("flit_core>=3.11", "flit_core.buildapi", version=DYNAMIC)),
    "poetry-core": case(declared("poetry-core>=2", "poetry.core.masonry.api")),
    "pdm-backend": case(
        declared("pdm-backend", "pdm.backend", version=DYNAMIC, more='[tool.pdm.version]\nsource = "scm"\n'),
        reproducible=False,
    ),
    "uv_build": case(declared("uv_build", "uv_build")),
}


def project(tmp_path: Path, case: Case) -> tuple[GitRepository, Recorded]:
    """Return the project in a repository, tagged v1.2.0, and a runtime to release it with."""
    repository = new_repository(
        tmp_path / "work", {**FILES, **case.files, "pyproject.toml": case.project}, tag="v1.2.0"
    )
    return repository, recorded_world(repository.path, tmp_path / "temporary")


def build(recorded: Recorded, **inputs: str) -> build_dist.Outputs:
    """Run build-dist and return its outputs."""
    raw = {"tag": "v1.2.0", **{name.replace("_", "-"): value for name, value in inputs.items()}}
    return build_dist.run(read_inputs(build_dist.Inputs, raw, expand=str), recorded.runtime)


def verify(recorded: Recorded, **inputs: str) -> verify_wheel.Outputs:
    """Run verify-wheel and return its outputs."""
    raw = {name.replace("_", "-"): value for name, value in inputs.items()}
    return verify_wheel.run(read_inputs(verify_wheel.Inputs, raw, expand=str), recorded.runtime)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_is_built_and_verified(tmp_path: Path, name: str) -> None:
    """The built wheel is imported and its script runs; the build is reproducible if the backend supports it."""
    backend = BACKENDS[name]
    _, recorded = project(tmp_path, backend)

    built = build(recorded, reproducible="verify" if backend.reproducible else "epoch")
    verified = verify(recorded, wheel=built.wheel, smoke_command="hello-world")

    assert (built.name, built.version, built.sdist) == ("hello-world", "1.2.0", "dist/hello_world-1.2.0.tar.gz")
    assert built.wheel == "dist/hello_world-1.2.0-py3-none-any.whl"
    assert (verified.imports, verified.scripts) == (("hello_world",), ("hello-world",))


def test_a_platform_wheel_is_built_for_an_index_without_rules(tmp_path: Path) -> None:
    """A linux wheel works on this machine, and PyPI refuses it."""
    files = {"setup.py": SETUP, "fast.c": EXTENSION}
    _, recorded = project(tmp_path, replace(BACKENDS["setuptools"], files=files))

    if sys.platform == "linux":
        with pytest.raises(Failure, match="unsupported platform tag"):
            build(recorded)
    built = build(recorded, index_rules="none")
    verify(recorded, imports="hello_world._fast")

    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    assert built.wheel.startswith(f"dist/hello_world-1.2.0-{tag}-{tag}-")


def test_a_missing_build_system_is_a_warning(tmp_path: Path) -> None:
    """With only a setup.py, the latest setuptools builds it in legacy mode."""
    setup = "from setuptools import setup\nsetup(name='hello-world', version='1.2.0', packages=['hello_world'],"
    setup += " package_dir={'': 'src'}, long_description='Hello', long_description_content_type='text/markdown')\n"
    repository = new_repository(tmp_path / "work", {**FILES, "setup.py": setup}, tag="v1.2.0")
    recorded = recorded_world(repository.path, tmp_path / "temporary")

    built = build(recorded)

    assert built.version == "1.2.0"
    assert [text for _, _, text in recorded.runner.annotations if "no [build-system] table" in text] != []


SCM = BACKENDS["setuptools-scm"]


def refused(recorded: Recorded, **inputs: str) -> str:
    """Build only a wheel, and return the message of the Failure."""
    with pytest.raises(Failure) as caught:
        build(recorded, sdist="false", **inputs)
    return str(caught.value)


def test_a_shallow_clone_is_the_reason(tmp_path: Path) -> None:
    """setuptools-scm falls back to its default version, and the remedy is fetch-depth."""
    repository, _ = project(tmp_path, SCM)
    repository.commit({"more.py": ""})
    repository.git("clone", "--quiet", "--depth=1", repository.path.as_uri(), str(tmp_path / "clone"))

    said = refused(recorded_world(tmp_path / "clone", tmp_path / "temporary"))

    assert "the built version is 0.1.dev1" in said
    assert "fetch-depth: 0" in said


def test_changed_files_are_the_reason(tmp_path: Path) -> None:
    """A step before the build changed a tracked file."""
    repository, recorded = project(tmp_path, SCM)
    (repository.path / "README.md").write_text("# Changed\n")

    assert "setuptools-scm counts files changed since the checkout as a later version: README.md" in refused(recorded)


def test_files_that_the_build_changes_are_the_reason(tmp_path: Path) -> None:
    """The build overwrites metadata files that were committed by mistake."""
    tracked = {".gitignore": "dist\n", "src/hello_world.egg-info/PKG-INFO": "Metadata-Version: 2.1\n"}
    _, recorded = project(tmp_path, replace(SCM, files=tracked))

    said = refused(recorded)

    assert "since the checkout as a later version: src/hello_world.egg-info/PKG-INFO" in said
    assert "git rm" in said


def test_a_commit_after_the_tag_is_the_reason(tmp_path: Path) -> None:
    """The checkout is not at the tagged commit."""
    repository, recorded = project(tmp_path, SCM)
    repository.commit({"more.py": ""})

    assert "git checkout v1.2.0" in refused(recorded)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param(
            'tag-pattern = "^pkg-v(?P<version>.+)$"\n[tool.hatch.version.raw-options]\nroot = "../.."\n'
            'git_describe_command = "git describe --dirty --tags --long --match pkg-v*"\n',
            None,
            id="the prefix is configured",
        ),
        pytest.param(
            '[tool.hatch.version.raw-options]\nroot = "../.."\n',
            "the commit is also tagged other-v7.0.0",
            id="the prefix is not configured",
        ),
    ],
)
def test_a_package_in_a_monorepo_has_its_own_tags(tmp_path: Path, settings: str, said: str | None) -> None:
    """``pkg-v1.2.0`` is version 1.2.0 of the package in its folder, regardless of other packages' tags."""
    text = declared(
        "hatchling hatch-vcs",
        "hatchling.build",
        version=DYNAMIC,
        more=f'[tool.hatch.version]\nsource = "vcs"\n{settings}',
    )
    files = {f"packages/hello/{name}": content for name, content in {**FILES, "pyproject.toml": text}.items()}
    repository = new_repository(tmp_path / "work", files, tag="pkg-v1.2.0")
    repository.git("tag", "--annotate", "--message=Seven", "other-v7.0.0")
    recorded = recorded_world(repository.path, tmp_path / "temporary")
    inputs = {"tag": "pkg-v1.2.0", "tag_prefix": "pkg-v", "working_directory": "packages/hello"}

    if said is None:
        assert build(recorded, sdist="false", **inputs).wheel == "dist/hello_world-1.2.0-py3-none-any.whl"
    else:
        assert said in refused(recorded, **inputs)
