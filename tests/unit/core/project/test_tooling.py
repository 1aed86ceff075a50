"""The build backend and compiled code."""

from __future__ import annotations

import pytest

from tagship.core.project.declaration import is_compiled, read_declaration


def system(backend: str, *requires: str) -> str:
    """Return a ``pyproject.toml`` with a build system."""
    return f'[build-system]\nrequires = {list(requires)}\nbuild-backend = "{backend}"\n'


@pytest.mark.parametrize(
    ("name", "text", "compiled"),
    [
        pytest.param("pyproject.toml", "", False, id="an empty file"),
        pytest.param("pyproject.toml", "[", False, id="invalid TOML"),
        pytest.param("pyproject.toml", system("hatchling.build", "hatchling"), False, id="hatchling"),
        pytest.param("pyproject.toml", system("maturin", "maturin>=1"), True, id="maturin"),
        pytest.param("pyproject.toml", system("mesonpy", "meson-python"), True, id="meson"),
        pytest.param("pyproject.toml", system("scikit_build_core.build", "scikit-build-core"), True, id="scikit-build"),
        pytest.param("pyproject.toml", system("setuptools.build_meta", "setuptools", "Cython>=3"), True, id="Cython"),
        pytest.param("pyproject.toml", system("setuptools.build_meta", "mypy[c]"), True, id="mypyc"),
        pytest.param("pyproject.toml", system("setuptools.build_meta", "setuptools>=77"), False, id="setuptools"),
        pytest.param("pyproject.toml", "[[tool.setuptools.ext-modules]]\nname='a'\n", True, id="declared extensions"),
        pytest.param("setup.py", "setup(ext_modules=[Extension('a', ['a.c'])])", True, id="extensions in setup.py"),
        pytest.param("setup.py", "setup(name='a')", False, id="a plain setup.py"),
        pytest.param("setup.py", "setup(cffi_modules=['a.py:ffi'])", True, id="cffi"),
        pytest.param("pyproject.toml", "[tool.cibuildwheel]\nskip = 'pp*'\n", True, id="settings of cibuildwheel"),
    ],
)
def test_compiled_projects_are_recognised(name: str, text: str, *, compiled: bool) -> None:
    """The backend, a build requirement or a declared extension reveals a compiler."""
    assert is_compiled({name: text}) is compiled


def test_the_backend_has_the_default_of_the_standard() -> None:
    """Without ``build-backend``, PEP 517 requires the legacy backend of setuptools."""
    for files, backend in (
        ({"pyproject.toml": system("flit_core.buildapi")}, "flit_core.buildapi"),
        ({"setup.py": ""}, "setuptools.build_meta:__legacy__"),
    ):
        declaration = read_declaration(files)
        assert declaration is not None
        assert declaration.backend == backend
