"""The metadata that project files declare."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tagship.core.project.declaration import Declaration, read_declaration
from tagship.errors import Failure

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "hello"
version = "1.2"
requires-python = ">=3.11"
classifiers = ["Programming Language :: Python :: 3.11"]
optional-dependencies = { dev = ["pytest"] }
[dependency-groups]
test = ["pytest"]
"""
POETRY = """\
[tool.poetry]
name = "hello"
version = "1.2"
classifiers = ["Private :: x"]
extras = { dev = ["x"] }
[tool.poetry.dependencies]
python = "^3.9"
"""
SETUP_CFG = """\
[metadata]
name = hello
version = 1.2
classifiers =
    Programming Language :: Python :: 3.9
    Programming Language :: Python :: 3.10
[options]
python_requires = >=3.9
[options.extras_require]
test = pytest
"""
SETUP_PY = """\
import setuptools
VERSION = "1" + ".2"
setuptools.setup(
    name="hello",
    version=VERSION,
    python_requires=">=3.9",
    classifiers=["Private :: x"],
    extras_require={"test": ["pytest"]},
)
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"pyproject.toml": PYPROJECT},
            Declaration(
                file="pyproject.toml",
                name="hello",
                version="1.2",
                version_place="pyproject.toml",
                version_line=6,
                requires_python=">=3.11",
                classifiers=("Programming Language :: Python :: 3.11",),
                extras=("dev",),
                groups=("test",),
                is_package=True,
                has_build_system=True,
                backend="hatchling.build",
            ),
            id="pyproject.toml",
        ),
        pytest.param(
            {"pyproject.toml": POETRY},
            Declaration(
                file="pyproject.toml",
                name="hello",
                version="1.2",
                version_place="pyproject.toml",
                version_line=3,
                requires_python=">=3.9,<4",
                classifiers=("Private :: x",),
                extras=("dev",),
                is_package=True,
            ),
            id="Poetry's tables",
        ),
        pytest.param(
            {"setup.cfg": SETUP_CFG},
            Declaration(
                file="setup.cfg",
                name="hello",
                version="1.2",
                version_place="setup.cfg",
                requires_python=">=3.9",
                classifiers=("Programming Language :: Python :: 3.9", "Programming Language :: Python :: 3.10"),
                extras=("test",),
                is_package=True,
            ),
            id="setup.cfg",
        ),
        pytest.param(
            {"setup.py": SETUP_PY},
            Declaration(
                file="setup.py",
                name="hello",
                requires_python=">=3.9",
                classifiers=("Private :: x",),
                extras=("test",),
                is_package=True,
            ),
            id="the literals in setup.py",
        ),
        pytest.param(
            {
                "pyproject.toml": "[build-system]\nrequires = ['setuptools']\n",
                "setup.cfg": SETUP_CFG,
                "setup.py": SETUP_PY,
            },
            Declaration(
                file="pyproject.toml",
                name="hello",
                version="1.2",
                version_place="setup.cfg",
                requires_python=">=3.9",
                classifiers=("Programming Language :: Python :: 3.9", "Programming Language :: Python :: 3.10"),
                extras=("test",),
                is_package=True,
                has_build_system=True,
            ),
            id="missing fields come from the next file",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.ruff]\n[dependency-groups]\ndev = []\n"},
            Declaration(file="pyproject.toml", groups=("dev",)),
            id="only tool configuration, not a package",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.poetry]\npackage-mode = false\n"},
            Declaration(file="pyproject.toml"),
            id="poetry without a package",
        ),
        pytest.param(
            {"setup.cfg": "[metadata]\nname = hello\nversion = attr: hello.__version__\n"},
            Declaration(file="setup.cfg", name="hello", is_package=True),
            id="a version from an attribute",
        ),
        pytest.param(
            {"setup.py": "import this is not Python"},
            Declaration(file="setup.py", is_package=True),
            id="an invalid setup.py",
        ),
        pytest.param({"README.md": ""}, None, id="no project"),
    ],
)
def test_declarations_are_read(files: dict[str, str], expected: Declaration | None) -> None:
    """All metadata formats are supported, and no project code is executed."""
    found = read_declaration(files)

    assert (asdict(found) if found else None) == (asdict(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "plugin"),
    [
        pytest.param('[build-system]\nrequires = ["hatchling", "hatch_vcs>=0.4"]', "hatch-vcs", id="hatch-vcs"),
        pytest.param('[build-system]\nrequires = ["setuptools", "setuptools-scm[toml]"]', "setuptools-scm", id="scm"),
        pytest.param('[tool.pdm.version]\nsource = "scm"', "pdm-backend", id="a setting of pdm"),
        pytest.param(
            '[project]\nversion = "1.0"\n[tool.pdm.version]\nsource = "scm"', "", id="pdm prefers a written version"
        ),
        pytest.param(
            '[project]\nversion = "1.0"\n[build-system]\nrequires = ["setuptools-scm"]',
            "",
            id="a written version takes precedence",
        ),
        pytest.param(
            '[tool.poetry]\nname = "hello"\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\nenable = true\n'
            '[build-system]\nrequires = ["poetry-core", "poetry-dynamic-versioning"]',
            "poetry-dynamic-versioning",
            id="a placeholder does not take precedence",
        ),
        pytest.param('[build-system]\nrequires = ["flit_core"]', "", id="none"),
    ],
)
def test_the_version_plugin_is_found(text: str, plugin: str) -> None:
    """A plugin is reported only if the version comes from git."""
    found = read_declaration({"pyproject.toml": text})

    assert found is not None
    assert (found.git_plugin, found.versioned_by_git) == (plugin, bool(plugin))


def test_a_written_version_has_its_line() -> None:
    """The line is that of the project's version, not of any other ``version =``."""
    text = '[tool.other]\nversion = "9"\n\n[project]\nname = "hello"\nversion = "1.2.0"\n'

    found = read_declaration({"pyproject.toml": text}, folder="packages/core")

    assert found is not None
    assert (found.version_place, found.version_line) == ("packages/core/pyproject.toml", 6)


@pytest.mark.parametrize("text", ["[build-system]\nrequires = 3", '[project]\nversion = ["1"]'])
def test_values_of_the_wrong_kind_are_left_to_the_backend(text: str) -> None:
    """The build backend reports errors in its tables."""
    found = read_declaration({"pyproject.toml": text})

    assert found is not None
    assert found.version is None


@pytest.mark.parametrize(
    ("files", "line"),
    [
        pytest.param({"pyproject.toml": "[project]\nname = hello\n"}, 2, id="TOML"),
        pytest.param({"setup.cfg": "[metadata]\nname\n"}, 2, id="an ini file"),
        pytest.param({"pyproject.toml": "project = 1\n"}, None, id="a table of the wrong type"),
        pytest.param({"pyproject.toml": "dependency-groups = [1]\n"}, None, id="groups of the wrong type"),
        pytest.param({"pyproject.toml": '[project]\nname = "\ufffd"\n'}, 2, id="not UTF-8"),
        pytest.param({"pyproject.toml": f"a = {'[' * 5000}"}, None, id="excessive nesting"),
    ],
)
def test_an_invalid_file_is_reported_with_its_line(files: dict[str, str], line: int | None) -> None:
    """A file that build tools cannot read is a failure."""
    with pytest.raises(Failure) as caught:
        read_declaration(files, folder="packages/core")

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (f"packages/core/{next(iter(files))}", line)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("setup(extras_require={'test': TEST, 'docs': []})", id="values that are not literal"),
        pytest.param("setup(extras_require=dict(test=TEST, docs=[]))", id="keyword arguments"),
        pytest.param("EXTRAS = {'test': TEST, 'docs': []}\nsetup(extras_require=EXTRAS)", id="a variable"),
        pytest.param("E = {'test': TEST}\nE['docs'] = E['test']\nsetup(extras_require=E)", id="a later item"),
    ],
)
def test_the_names_of_extras_in_setup_py_are_read(code: str) -> None:
    """The gate installs an extra by its name, so its requirements may be computed."""
    found = read_declaration({"setup.py": code})

    assert found is not None
    assert found.extras == ("test", "docs")


def test_dynamic_extras_of_setuptools_are_read() -> None:
    """Setuptools reads the requirements of an extra from a file."""
    text = "[project]\nname = 'a'\n[tool.setuptools.dynamic.optional-dependencies]\ntest.file = 'a'\n"
    found = read_declaration({"pyproject.toml": text})

    assert found is not None
    assert found.extras == ("test",)
