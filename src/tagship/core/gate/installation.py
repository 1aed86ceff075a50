"""The installation before the checks: the package with its development dependencies, or the arguments of an input."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tagship.core.project.development import requirement_name
from tagship.core.project.locks import Lock, read_lock, stale
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagship.core.gate.detection import Detected
    from tagship.core.project.facts import ProjectFacts

LockUse = Literal["installed", "constraints", "ignored"]
"""``installed``: uv.lock by ``uv sync``, others as constraints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Arguments of ``uv pip install`` for the package and then for further ``requirements``.

    ``sync`` are arguments of uv that replace those for the package if there is a uv.lock. ``tools`` maps each program
    of the checks to the requirement that installs it. ``constraints`` are lines of a constraints file. ``warnings``
    are the problems of the declarations and of the lock file.
    """

    package: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    sync: tuple[str, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


def planned(
    facts: ProjectFacts,
    detected: Detected | None,
    lock: LockUse,
    *,
    extras: Sequence[str],
    groups: Sequence[str],
    command: str = "",
) -> Installation:
    """Return the installation of the project with ``extras`` and ``groups``.

    Without either: with all its development dependencies, also those that ``command`` calls. For checks that create
    their own environments, only the declared requirements of their programs and plugins.
    """
    development, tools = facts.development, detected.tools if detected else {}
    if detected and not detected.needs_package and not extras and not groups:
        return _of_programs(tools, development.all_lines())
    files: Sequence[str] = ()
    requirements: Sequence[str] = ()
    if not extras and not groups:
        all_extras = any("--all-extras" in text for text in facts.workflows.values())
        extras, groups = development.selected([*tools, *re.findall(r"[\w-]+", command)], all_extras=all_extras)
        requirements = development.requirements
        files = () if extras or groups or requirements else development.files
    sync = lock == "installed" and facts.lock.endswith("uv.lock")
    lines = [*development.lines(extras, groups), *requirements, *development.runtime]
    locked = Lock()
    # The requirements of a member of a uv workspace may be those of its root, which `uv sync` does not install for it.
    if facts.lock and lock != "ignored" and not (sync and facts.lock == facts.path("uv.lock")):
        locked = read_lock(facts.lock, facts.lock_text, lines, facts.files.get("pyproject.toml", ""))
    known = set(map(requirement_name, (*lines, *locked.constraints)))
    problem = None if sync else locked.problem
    if facts.lock.endswith("uv.lock") and lock == "constraints":
        problem = problem or stale(facts.lock, "uv does not accept it for pyproject.toml")
    return Installation(
        package=(*_package(facts, extras), *_each("--group", groups)),
        requirements=(*requirements, *_each("--requirements", files)),
        sync=_sync(facts, extras, groups) if sync else (),
        tools={name: name if files or name in known else requirement for name, requirement in tools.items()},
        constraints=locked.constraints,
        warnings=(*map(_unread, development.unread), *([problem] if problem else [])),
    )


def _of_programs(tools: Mapping[str, str], lines: Iterable[str]) -> Installation:
    named = {requirement_name(line): line for line in lines}
    prefixes = tuple(f"{tool}-" for tool in tools)
    plugins = tuple(line for name, line in named.items() if name.startswith(prefixes) and name not in tools)
    return Installation(requirements=plugins, tools={name: named.get(name, line) for name, line in tools.items()})


def _package(facts: ProjectFacts, extras: Sequence[str]) -> tuple[str, ...]:
    if not facts.declaration.is_package:
        return ()
    place = f".[{','.join(extras)}]" if extras else "."
    return ("--editable", place) if _is_editable(facts) else (place,)


def _is_editable(facts: ProjectFacts) -> bool:
    # meson-python rebuilds an editable package at each import, with the build environment that is gone by then.
    return not facts.declaration.backend.startswith("mesonpy")


def _sync(facts: ProjectFacts, extras: Sequence[str], groups: Sequence[str]) -> tuple[str, ...]:
    options = ("--locked", "--inexact", *([] if _is_editable(facts) else ["--no-editable"]))
    return ("sync", *options, *_each("--extra", extras), *_each("--group", groups))


def _each(option: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for value in values for word in (option, value))


def _unread(entry: str) -> Problem:
    return Problem(
        found=f"A development dependency cannot be read: {entry}. It is not installed.",
        remedy="Correct the entry, or set what to install, for example install: -e .[test]",
        topic="unreadable-development-dependency",
        file="pyproject.toml",
    )


def split_arguments(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments of ``pip install`` in ``lines``, split as by a shell.

    Raises Failure with a problem for every line with an unclosed quote.
    """
    arguments: list[str] = []
    problems: list[Problem] = []
    for line in lines:
        try:
            arguments += shlex.split(line)
        except ValueError:
            problems.append(
                Problem(
                    found=f"Unclosed quote in the input install: {line!r}.",
                    remedy="Use arguments of pip install, quoted as in a shell: -e '.[test]' pytest",
                    topic="wrong-inputs",
                )
            )
    if problems:
        raise Failure(*problems)
    return tuple(arguments)


def refuse_missing_extras(output: str) -> None:
    """Raise Failure if uv warned in its ``output`` that a package of the checkout does not have a requested extra.

    The same warning about a package from an index is ignored: the project cannot fix it.
    """
    missing = dict.fromkeys(re.findall(r" @ file:[^`\n]*` does not have an extra named `(.+?)`", output))
    if missing:
        raise Failure.of(
            found=f"The package has no extra {', '.join(missing)}, so its dependencies were not installed.",
            remedy="Correct the name, or declare the extra in [project.optional-dependencies]. A dependency group "
            "belongs in the input groups.",
            topic="unknown-extra",
        )
