"""The development dependencies that a project's files declare."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.dependency_groups import DependencyGroupResolver
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tagship.core.project.poetry import poetry_requirements
from tagship.core.project.tables import parsed, table, texts
from tagship.errors import Failure

DEVELOPMENT_FILES = (
    "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "dev_requirements.txt",
    "requirements/dev.txt", "requirements/development.txt", "requirements-test.txt", "requirements_test.txt",
    "requirements-tests.txt", "test-requirements.txt", "test_requirements.txt", "requirements/test.txt",
    "requirements/tests.txt", "requirements/testing.txt", "tests/requirements.txt", "test/requirements.txt",
)  # fmt: skip
"""Requirements files for development and for tests."""
_FIRST_FOR_TESTS = DEVELOPMENT_FILES.index("requirements-test.txt")
_NAMES = frozenset({"dev", "develop", "development", "test", "tests", "testing"})
_HATCH = ("default", "hatch-test", "dev", "test", "tests")
"""The environments of hatch for development and for tests."""
_OF_PDM = re.compile(r"^.*\bfile:/+\$\{PROJECT_ROOT\}/([^#]*).*$")
"""A dependency in a folder of the project: ``-e file:///${PROJECT_ROOT}/sub#egg=sub``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """What a project declares for its development.

    ``extras`` and ``groups`` (PEP 735) map names to requirements. ``defaults`` are the groups that the project's own
    tool installs unasked. ``requirements`` come from the tables of uv, Poetry, PDM and hatch, ``files`` are paths of
    requirements files. ``runtime`` are the requirements of the package itself. ``unread`` describes each entry that
    is not valid. ``conflicts`` are sets of extras and groups, as kind and name, that uv does not install together.
    """

    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    conflicts: tuple[frozenset[tuple[str, str]], ...] = ()

    def selected(
        self, programs: Collection[str], *, all_extras: bool = False
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the extras and groups for development: by their names, or because they have one of ``programs``.

        Of those that conflict, the group that uv installs unasked counts, else the first one.
        """
        tables = {"group": self.groups, "extra": self.extras}
        wanted = [
            (kind, name)
            for kind, table in tables.items()
            for name, lines in table.items()
            if _is_wanted(name, lines, programs) or (name in self.defaults if kind == "group" else all_extras)
        ]
        first = {("group", name) for name in self.defaults or ("dev",)}
        kept: set[tuple[str, str]] = set()
        for one in sorted(wanted, key=lambda item: item not in first):
            if not any(one in conflict and kept & conflict for conflict in self.conflicts):
                kept.add(one)
        extras, groups = (
            [name for kind, name in wanted if kind == which and (kind, name) in kept] for which in ("extra", "group")
        )
        return tuple(extras), tuple(groups)

    def lines(self, extras: Iterable[str], groups: Iterable[str]) -> Iterator[str]:
        """Yield the requirements in ``extras`` and ``groups``."""
        yield from (line for name in extras for line in self.extras.get(name, ()))
        yield from (line for name in groups for line in self.groups.get(name, ()))

    def required(self, groups: Iterable[str]) -> tuple[str, ...]:
        """Return the requirements of ``groups``. Raises Failure if one does not exist or is malformed."""
        known = {canonicalize_name(name): lines for name, lines in self.groups.items()}
        missing = [name for name in groups if canonicalize_name(name) not in known]
        if missing:
            raise Failure.of(
                found=f"Resolving the dependency groups {', '.join(missing)} failed: "
                f"{'; '.join(self.unread) or 'not found'}.",
                remedy=f"Use a group in [dependency-groups] of pyproject.toml: {', '.join(self.groups) or 'none'}.",
                topic="dependency-group-not-found",
            )
        return tuple(line for name in groups for line in known[canonicalize_name(name)])

    def all_lines(self) -> Iterator[str]:
        """Yield all requirements for development."""
        yield from (*self.lines(self.extras, self.groups), *self.requirements)


def _is_wanted(name: str, lines: Iterable[str], programs: Collection[str]) -> bool:
    return name.lower() in _NAMES or any(program in map(requirement_name, lines) for program in programs)


def requirement_name(line: str) -> str:
    """Return the normalised name in a requirement (PEP 508); empty for anything else."""
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement:
        return ""


def read_development(files: Mapping[str, str], extras: Iterable[str], root: str = "") -> Development:
    """Return the development dependencies in ``files``, text by name; ``extras`` are the names of all extras.

    ``root`` is the pyproject.toml of the uv workspace that the project is a member of; its groups are for all members.
    """
    pyproject = parsed(files.get("pyproject.toml", ""))
    tool, project = table(pyproject, "tool"), table(pyproject, "project")
    optional = table(project, "optional-dependencies")
    groups, unread = _groups(table(pyproject, "dependency-groups"))
    poetry, main = table(tool, "poetry"), table(tool, "poetry", "dependencies")
    hatch = {**table(tool, "hatch", "envs"), **table(parsed(files.get("hatch.toml", "")), "envs")}
    environments = [table(hatch, name) for name in _HATCH]
    lines = [*texts(table(tool, "uv").get("dev-dependencies")), *_of_root(root)]
    lines += [line for dependencies in _poetry_groups(poetry) for line in poetry_requirements(dependencies)]
    lines += [
        _OF_PDM.sub(r"./\1", line) for group in table(tool, "pdm", "dev-dependencies").values() for line in texts(group)
    ]
    for key in ("dependencies", "extra-dependencies"):
        lines += [line for environment in environments for line in texts(environment.get(key)) if "{" not in line]
    valid = {
        line: line if line.startswith("./") else requirement_name(line) and str(Requirement(line)) for line in lines
    }
    return Development(
        extras={name: texts(optional.get(name)) for name in extras},
        groups=groups,
        defaults=_defaults(tool, environments, groups),
        requirements=tuple(dict.fromkeys(filter(None, valid.values()))),
        files=_requirements_files(files),
        runtime=(*texts(project.get("dependencies")), *poetry_requirements(main)),
        conflicts=tuple(_conflicts(table(tool, "uv").get("conflicts"))),
        unread=(*unread, *(f"{line!r} is not a requirement" for line, text in valid.items() if not text)),
    )


def _of_root(text: str) -> Iterator[str]:
    """Yield the requirements for development of a uv workspace, other than its members."""
    if text:
        root, sources = read_development({"pyproject.toml": text}, ()), table(parsed(text), "tool", "uv", "sources")
        members = set(map(canonicalize_name, sources))
        lines = [*root.lines((), root.selected(("pytest",))[1]), *root.requirements]
        yield from (line for line in lines if requirement_name(line) not in members)


def _conflicts(declared: object) -> Iterator[frozenset[tuple[str, str]]]:
    # https://docs.astral.sh/uv/reference/settings/#conflicts
    for conflict in declared if isinstance(declared, list) else ():
        items = [table(item) for item in conflict] if isinstance(conflict, list) else []
        yield frozenset((kind, str(item[kind])) for item in items for kind in ("extra", "group") if kind in item)


def _poetry_groups(poetry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the groups for development: those that are not optional, and optional ones for tests.

    The main table is one of them if only Poetry installs it.
    """
    groups = {name: table(group) for name, group in table(poetry, "group").items()}
    required = [group for name, group in groups.items() if not group.get("optional") or _is_for_tests(name, group)]
    alone = [table(poetry, "dependencies")] if poetry.get("package-mode") is False else []
    return [table(poetry, "dev-dependencies"), *(table(group, "dependencies") for group in required), *alone]


def _is_for_tests(name: str, group: Mapping[str, Any]) -> bool:
    return _is_wanted(name, table(group, "dependencies"), ("pytest",))


def _groups(declared: Mapping[str, Any]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    resolver, groups, unread = DependencyGroupResolver(declared), {}, []
    for name in declared:
        try:
            groups[name] = tuple(map(str, resolver.resolve(name)))
        except (LookupError, ValueError, TypeError, ExceptionGroup) as error:
            parts = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
            unread.append(f"dependency group {name}: {'; '.join(map(str, parts))}")
    return groups, unread


def _defaults(
    tool: Mapping[str, Any], environments: Iterable[Mapping[str, Any]], groups: Iterable[str]
) -> tuple[str, ...]:
    named = table(tool, "uv").get("default-groups")
    if named == "all":
        return tuple(groups)
    return (*texts(named), *(name for one in environments for name in texts(one.get("dependency-groups"))))


def _requirements_files(files: Mapping[str, str]) -> tuple[str, ...]:
    """Return the first file for development and the first one for tests, else one for everything that has pytest."""
    places = (DEVELOPMENT_FILES[:_FIRST_FOR_TESTS], DEVELOPMENT_FILES[_FIRST_FOR_TESTS:])
    found = tuple(name for names in places for name in [one for one in names if one in files][:1])
    whole = re.search(r"^pytest\b", files.get("requirements.txt", ""), re.MULTILINE)
    return found or (("requirements.txt",) if whole else ())
