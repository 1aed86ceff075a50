"""The build backend of a project, and whether its build needs a compiler."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
"""The backend of a project without ``build-backend`` (PEP 517)."""

_COMPILERS = ("maturin", "mesonpy", "scikit_build_core", "py_build_cmake", "setuptools_rust", "sipbuild", "skbuild")
_COMPILER_REQUIREMENT = re.compile(
    r"(?:cffi|cython|mypy|nanobind|pybind11|scikit-build|setuptools-rust)\b", re.IGNORECASE
)
_EXTENSIONS = re.compile(r"\bext_modules\b|\bcffi_modules\b|\brust_extensions\b|\bcythonize\b|\bmypycify\b")


def build_backend(files: Mapping[str, str]) -> str:
    """Return the ``build-backend`` of the project files (text by name)."""
    return str(_table(_pyproject(files), "build-system").get("build-backend", LEGACY_BACKEND))


def is_compiled(files: Mapping[str, str]) -> bool:
    """Return True if the build backend, a build requirement or a declared extension needs a compiler."""
    pyproject = _pyproject(files)
    if build_backend(files).startswith(_COMPILERS) or _table(pyproject, "tool", "setuptools").get("ext-modules"):
        return True
    if any(_COMPILER_REQUIREMENT.match(requirement) for requirement in _requirements(pyproject)):
        return True
    return bool(_EXTENSIONS.search(files.get("setup.py", "")))


def _requirements(pyproject: Mapping[str, Any]) -> Iterator[str]:
    requires = _table(pyproject, "build-system").get("requires")
    yield from (line for line in (requires if isinstance(requires, list) else ()) if isinstance(line, str))


def _table(data: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for name in path:
        inner = data.get(name)
        data = inner if isinstance(inner, dict) else {}
    return data


def _pyproject(files: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        return tomllib.loads(files.get("pyproject.toml", ""))
    except (ValueError, RecursionError):
        return {}
