"""The metadata that a project's files declare, read without executing any of them."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tagship.core.project.build_system import read_project
from tagship.core.project.poetry import poetry_specifiers
from tagship.core.project.tables import texts
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
"""The files that may contain the metadata, in order of precedence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The declared metadata. A name, version or ``requires_python`` that only the build computes is None.

    ``requires_python`` is a PEP 440 specifier set. ``versioned_by_git`` is true if a plugin derives the version from
    git. ``is_package`` is true if the project can be installed. ``file`` is the file with the highest precedence.
    """

    file: str
    name: str | None = None
    version: str | None = None
    versioned_by_git: bool = False
    requires_python: str | None = None
    classifiers: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_package: bool = False

    @property
    def version_source(self) -> Literal["git", "file", "build"]:
        """The source of the version: a plugin reads git, a project file contains it, or the build computes it."""
        return "git" if self.versioned_by_git else "file" if self.version else "build"


def read_declaration(files: Mapping[str, str], *, folder: str = ".") -> Declaration | None:
    """Return what the files of ``folder`` (text by name) declare, or None if none of ``PROJECT_FILES`` is among them.

    A field that a file leaves out comes from the next file. Raises Failure if ``pyproject.toml`` or ``setup.cfg``
    cannot be parsed.
    """
    readers = {"pyproject.toml": _from_pyproject, "setup.cfg": _from_setup_cfg, "setup.py": _from_setup_py}
    found = [_read(reader, name, files[name], folder) for name, reader in readers.items() if name in files]
    if not found:
        return None
    return Declaration(
        file=found[0].file,
        name=_first(item.name for item in found),
        version=_first(item.version for item in found),
        versioned_by_git=any(item.versioned_by_git for item in found),
        requires_python=_first(item.requires_python for item in found),
        classifiers=_first(item.classifiers for item in found) or (),
        extras=_first(item.extras for item in found) or (),
        groups=_first(item.groups for item in found) or (),
        is_package=any(item.is_package for item in found),
    )


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _read(reader: Any, name: str, text: str, folder: str) -> Declaration:
    try:
        declaration: Declaration = reader(text)
    except (configparser.Error, TypeError, AttributeError, ValueError, RecursionError) as error:
        place = name if folder == "." else f"{folder}/{name}"
        line = re.search(r"line:? +(\d+)", str(error))
        raise Failure(
            Problem(
                found=f"Parsing {place} failed: {' '.join(str(error).split())}.",
                remedy="Fix the syntax; build tools cannot read the file either.",
                topic="unreadable-project-file",
                file=place,
                line=int(line[1]) if line else None,
            )
        ) from error
    return declaration


def _from_pyproject(text: str) -> Declaration:
    content = tomllib.loads(text)
    project, poetry = content.get("project", {}), content.get("tool", {}).get("poetry", {})
    return Declaration(
        file="pyproject.toml",
        name=_text(project.get("name") or poetry.get("name")),
        version=_text(project.get("version") or poetry.get("version")),
        versioned_by_git=bool(read_project(text).git_plugin),
        requires_python=_text(project.get("requires-python"))
        or poetry_specifiers(_text(poetry.get("dependencies", {}).get("python"))),
        classifiers=texts(project.get("classifiers") or poetry.get("classifiers")),
        extras=_keys("optional-dependencies", project.get("optional-dependencies") or poetry.get("extras")),
        groups=_keys("dependency-groups", content.get("dependency-groups")),
        is_package=bool(project or poetry.get("package-mode", bool(poetry))) or "build-system" in content,
    )


def _keys(name: str, table: object) -> tuple[str, ...]:
    if table is None:
        return ()
    if not isinstance(table, dict):
        raise TypeError(f"{name} is not a table")
    return tuple(table)


def _from_setup_cfg(text: str) -> Declaration:
    parser = configparser.RawConfigParser()
    parser.read_string(text, "setup.cfg")

    def value(section: str, name: str) -> str | None:
        found = parser.get(section, name, fallback="").strip()
        return None if found.startswith(("attr:", "file:", "find:")) else found or None

    extras = "options.extras_require"
    return Declaration(
        file="setup.cfg",
        name=value("metadata", "name"),
        version=value("metadata", "version"),
        requires_python=value("options", "python_requires"),
        classifiers=tuple(filter(None, map(str.strip, (value("metadata", "classifiers") or "").splitlines()))),
        extras=tuple(parser.options(extras)) if parser.has_section(extras) else (),
        is_package=parser.has_section("metadata"),
    )


def _from_setup_py(text: str) -> Declaration:
    """Read the literal arguments of the call of ``setup``; the file is not executed."""
    try:
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        calls = []
    given = {
        keyword.arg: _literal(keyword.value)
        for call in calls
        if ast.unparse(call.func).rpartition(".")[2] == "setup"
        for keyword in call.keywords
    }
    extras = given.get("extras_require")
    return Declaration(
        file="setup.py",
        name=_text(given.get("name")),
        version=_text(given.get("version")),
        requires_python=_text(given.get("python_requires")),
        classifiers=texts(given.get("classifiers")),
        extras=tuple(str(name) for name in extras) if isinstance(extras, dict) else (),
        is_package=True,
    )


def _literal(node: ast.expr) -> object:
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        return None
    return value


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
