"""The build backend of a project, and whether its build needs a compiler."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tagship.core.project.tables import parsed, table, texts

LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
"""The backend of a project without ``build-backend`` (PEP 517)."""

_COMPILERS = ("maturin", "mesonpy", "scikit_build_core", "py_build_cmake", "setuptools_rust", "sipbuild", "skbuild")
_COMPILER_REQUIREMENT = re.compile(
    r"(?:cffi|cython|mypy|nanobind|pybind11|scikit-build|setuptools-rust)\b", re.IGNORECASE
)
_EXTENSIONS = re.compile(r"\bext_modules\b|\bcffi_modules\b|\brust_extensions\b|\bcythonize\b|\bmypycify\b")


def build_backend(files: Mapping[str, str]) -> str:
    """Return the ``build-backend`` of the project files (text by name)."""
    return str(table(parsed(files.get("pyproject.toml", "")), "build-system").get("build-backend", LEGACY_BACKEND))


def is_compiled(files: Mapping[str, str]) -> bool:
    """Return True if the build backend, a build requirement or an extension needs a compiler, or for cibuildwheel."""
    pyproject = parsed(files.get("pyproject.toml", ""))
    if build_backend(files).startswith(_COMPILERS) or table(pyproject, "tool", "setuptools").get("ext-modules"):
        return True
    if "cibuildwheel" in table(pyproject, "tool"):
        return True
    requires = texts(table(pyproject, "build-system").get("requires"))
    return any(map(_COMPILER_REQUIREMENT.match, requires)) or bool(_EXTENSIONS.search(files.get("setup.py", "")))
