"""The name, version and build system in a project's ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagship.core.project.development import requirement_name
from tagship.core.project.tables import table, texts
from tagship.core.project.tooling import LEGACY_BACKEND
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION_LINE = re.compile(r"""\s*version\s*=\s*["']""")
_TABLE_LINE = re.compile(r"\s*\[([^\]]+)\]")
_GIT_PLUGINS = frozenset({
    "dunamai", "flit-scm", "hatch-vcs", "poetry-dynamic-versioning", "setuptools-git-versioning", "setuptools-scm",
    "uv-dynamic-versioning", "vcs-versioning", "versioneer", "versioningit",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project as declared. ``version`` is None unless the file contains it; ``version_line`` counts from 1.

    ``git_plugin`` is the plugin that derives the version from git, or empty. ``place`` is the path of the file relative
    to the repository root, ``text`` its content. ``has_contents_check`` is true if it configures check-wheel-contents.
    """

    place: str
    text: str
    name: str | None
    version: str | None
    version_line: int | None
    has_build_system: bool
    backend: str
    git_plugin: str
    has_contents_check: bool


def read_project(text: str, *, place: str = "pyproject.toml") -> Project:
    """Return the project that the text of a ``pyproject.toml`` declares; an empty text declares nothing.

    ``place`` is the file's path, relative to the repository root. Raises Failure if it is not TOML.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Failure(
            Problem(
                found=f"{place} is not valid TOML: {error}.",
                remedy="Fix the TOML syntax at that line.",
                topic="no-project",
                file=place,
            )
        ) from error
    project, poetry = table(data, "project"), table(data, "tool", "poetry")
    system = table(data, "build-system")
    requires = frozenset(map(requirement_name, texts(system.get("requires"))))
    named = project if "version" in project or "name" in project else poetry
    version = named.get("version") if isinstance(named.get("version"), str) else None
    return Project(
        place=place,
        text=text,
        name=named.get("name") if isinstance(named.get("name"), str) else None,
        version=version,
        version_line=_line_of_version(text, "project" if named is project else "tool.poetry") if version else None,
        has_build_system=bool(system),
        backend=str(system.get("build-backend", LEGACY_BACKEND)),
        git_plugin=_git_plugin(data, requires, version),
        has_contents_check=bool(table(data, "tool", "check-wheel-contents")),
    )


def _git_plugin(data: Mapping[str, Any], requires: frozenset[str], version: str | None) -> str:
    if version is None and table(data, "tool", "pdm", "version").get("source") == "scm":
        return "pdm-backend"
    dynamic_poetry = table(data, "tool", "poetry-dynamic-versioning").get("enable") is True
    plugins = sorted(requires & _GIT_PLUGINS)
    return plugins[0] if plugins and (version is None or dynamic_poetry) else ""


def _line_of_version(text: str, table: str) -> int | None:
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE_LINE.match(line):
            current = match[1].strip()
        elif current == table and _VERSION_LINE.match(line):
            return number
    return None
