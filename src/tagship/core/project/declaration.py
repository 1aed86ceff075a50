"""The metadata that a project's files declare, read without executing any of them."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any, Literal

from tagship.core.project.poetry import poetry_specifiers
from tagship.core.project.tables import parsed, table, texts
from tagship.errors import Failure

LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
"""The backend of a project without ``build-backend`` (PEP 517)."""

_COMPILER = re.compile(
    r"(?:maturin|mesonpy|scikit_build_core|py_build_cmake|setuptools_rust|sipbuild|skbuild)"
    r"|(?:cffi|cython|mypy|nanobind|pybind11|scikit-build|setuptools-rust)\b",
    re.IGNORECASE,
)
"""The beginning of a build backend, or the name of a build requirement, that runs a compiler."""
_EXTENSIONS = re.compile(r"\bext_modules\b|\bcffi_modules\b|\brust_extensions\b|\bcythonize\b|\bmypycify\b")


def is_compiled(files: Mapping[str, str]) -> bool:
    """Return True if the build backend, a build requirement or an extension needs a compiler, or for cibuildwheel."""
    pyproject = parsed(files.get("pyproject.toml", ""))
    system, tool = table(pyproject, "build-system"), table(pyproject, "tool")
    named = (*texts([system.get("build-backend")]), *texts(system.get("requires")))
    if "cibuildwheel" in tool or table(tool, "setuptools").get("ext-modules"):
        return True
    return any(map(_COMPILER.match, named)) or bool(_EXTENSIONS.search(files.get("setup.py", "")))


PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
"""The files that may contain the metadata, in order of precedence."""
_UNDECODABLE = "\ufffd"
"""The character in place of bytes that are not UTF-8, which TOML requires (https://toml.io/en/v1.0.0#spec)."""
_VERSION_LINE = re.compile(r"""\s*version\s*=\s*["']""")
_TABLE_LINE = re.compile(r"\s*\[([^\]]+)\]")
_GIT_PLUGINS = frozenset({
    "dunamai", "flit-scm", "hatch-vcs", "poetry-dynamic-versioning", "setuptools-git-versioning", "setuptools-scm",
    "uv-dynamic-versioning", "vcs-versioning", "versioneer", "versioningit",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The declared metadata. A name, version or ``requires_python`` that only the build computes is None.

    ``file`` is the file with the highest precedence. ``version_place`` is the path of the file with the version,
    relative to the repository root, and ``version_line`` its line from 1, if known. ``git_plugin`` is the plugin that
    derives the version from git, or empty. ``requires_python`` is a PEP 440 specifier set. ``is_package`` is true if
    the project can be installed, ``has_contents_check`` if it configures check-wheel-contents.
    """

    file: str = ""
    name: str | None = None
    version: str | None = None
    version_place: str = ""
    version_line: int | None = None
    git_plugin: str = ""
    requires_python: str | None = None
    classifiers: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_package: bool = False
    has_build_system: bool = False
    backend: str = LEGACY_BACKEND
    has_contents_check: bool = False

    @property
    def versioned_by_git(self) -> bool:
        return bool(self.git_plugin)

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
    versions = [item.file for item in found if item.version]
    merged: dict[str, Any] = {"version_place": str(PurePosixPath(folder, versions[0])) if versions else ""}
    for field in (item.name for item in fields(Declaration)):
        merged.setdefault(field, next(filter(None, (getattr(item, field) for item in found)), getattr(found[0], field)))
    return Declaration(**merged)


def _read(reader: Any, name: str, text: str, folder: str) -> Declaration:
    place = str(PurePosixPath(folder, name))
    if name == "pyproject.toml" and _UNDECODABLE in text:
        number = text.count("\n", 0, text.index(_UNDECODABLE)) + 1
        raise Failure.of(
            found=f"{place} is not UTF-8: line {number} contains an invalid byte.",
            remedy=f"Convert it, for example from Latin-1: iconv -f latin1 -t utf-8 {place} > utf-8.toml",
            topic="unreadable-project-file",
            file=place,
            line=number,
        )
    try:
        declaration: Declaration = reader(text)
    except (configparser.Error, TypeError, AttributeError, ValueError, RecursionError) as error:
        line = re.search(r"line:? +(\d+)", str(error))
        raise Failure.of(
            found=f"Parsing {place} failed: {' '.join(str(error).split())}.",
            remedy="Fix the syntax; build tools cannot read the file either.",
            topic="unreadable-project-file",
            file=place,
            line=int(line[1]) if line else None,
        ) from error
    return declaration


def _from_pyproject(text: str) -> Declaration:
    content = tomllib.loads(text)
    project, poetry = content.get("project", {}), content.get("tool", {}).get("poetry", {})
    version, system = _text(project.get("version") or poetry.get("version")), table(content, "build-system")
    return Declaration(
        file="pyproject.toml",
        name=_text(project.get("name") or poetry.get("name")),
        version=version,
        version_line=_line_of_version(text),
        git_plugin=_git_plugin(content, version),
        requires_python=_text(project.get("requires-python"))
        or poetry_specifiers(_text(poetry.get("dependencies", {}).get("python"))),
        classifiers=texts(project.get("classifiers") or poetry.get("classifiers")),
        extras=_keys("optional-dependencies", project.get("optional-dependencies") or poetry.get("extras"))
        or tuple(table(content, "tool", "setuptools", "dynamic", "optional-dependencies")),
        groups=_keys("dependency-groups", content.get("dependency-groups")),
        is_package=bool(project or poetry.get("package-mode", bool(poetry))) or "build-system" in content,
        has_build_system=bool(system),
        backend=str(system.get("build-backend", LEGACY_BACKEND)),
        has_contents_check=bool(table(content, "tool", "check-wheel-contents")),
    )


def _git_plugin(content: Mapping[str, Any], version: str | None) -> str:
    if version is None and table(content, "tool", "pdm", "version").get("source") == "scm":
        return "pdm-backend"
    dynamic_poetry = table(content, "tool", "poetry-dynamic-versioning").get("enable") is True
    plugins = sorted(_GIT_PLUGINS.intersection(map(_name, texts(table(content, "build-system").get("requires")))))
    return plugins[0] if plugins and (version is None or dynamic_poetry) else ""


def _name(requirement: str) -> str:
    """Return the normalised name at the start of ``requirement``. packaging is slow to import for this alone."""
    return re.sub("[-_.]+", "-", re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]).lower()


def _line_of_version(text: str) -> int | None:
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE_LINE.match(line):
            current = match[1].strip()
        elif current in ("project", "tool.poetry") and _VERSION_LINE.match(line):
            return number
    return None


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
        nodes = [*ast.walk(ast.parse(text))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        nodes = []
    keywords = {
        keyword.arg: keyword.value
        for call in nodes
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "setup"
        for keyword in call.keywords
    }
    given = {name: _literal(value) for name, value in keywords.items()}
    return Declaration(
        file="setup.py",
        name=_text(given.get("name")),
        version=_text(given.get("version")),
        requires_python=_text(given.get("python_requires")),
        classifiers=texts(given.get("classifiers")),
        extras=tuple(dict.fromkeys(_names(keywords.get("extras_require"), nodes))),
        is_package=True,
    )


def _names(value: ast.expr | None, nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the constant keys of a dictionary, or of those assigned to a variable among ``nodes``."""
    if isinstance(value, ast.Dict):
        yield from (key.value for key in value.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
    elif isinstance(value, ast.Call):
        yield from (keyword.arg for keyword in value.keywords if keyword.arg)
    elif isinstance(value, ast.Name):
        for target, assigned in ((one.targets[0], one.value) for one in nodes if isinstance(one, ast.Assign)):
            if ast.unparse(target) == value.id and not isinstance(assigned, ast.Name):
                yield from _names(assigned, ())
            elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == value.id:
                yield from _names(ast.Dict(keys=[target.slice], values=[assigned]), ())


def _literal(node: ast.expr) -> object:
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        return None
    return value


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
