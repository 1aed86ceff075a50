"""Checks that a project has configured, and the packages they need."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tagship.core.project.declaration import Declaration

CHECK_FILES = (
    "GNUmakefile", "makefile", "Makefile", "noxfile.py", "tox.toml", "tox.ini", "setup.cfg", "pyproject.toml",
    "justfile", "Justfile", ".justfile", "ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", "pytest.toml",
    ".pytest.toml", "pytest.ini", ".pytest.ini",
)  # fmt: skip
"""Files that configure checks."""
REQUIREMENT_FILES = (
    "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "requirements/dev.txt",
    "requirements-test.txt", "test-requirements.txt", "requirements/test.txt",
)  # fmt: skip
"""Requirements files for development, used without a matching extra or group; the first one counts."""
_DEVELOPMENT = ("dev", "develop", "development")
_TESTING = ("test", "tests", "testing")
_TEST_FOLDERS = ("tests", "test")
_RECIPE = re.compile(r"^@?(?P<name>check|test)(?:\s[^:=]*)?:(?!=)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """Commands that check a project, and the reason for the choice.

    ``tools`` maps each program they start to the requirement that installs it; those written in Python are run as
    modules, so that they are of the Python of the gate. ``libraries`` are the programs that need the package in their
    environment. ``native`` are those in another language, which may be anywhere on PATH. ``needs_package`` is False if
    the commands create their own environments.
    """

    commands: tuple[str, ...]
    reason: str
    tools: Mapping[str, str]
    libraries: frozenset[str] = frozenset()
    native: frozenset[str] = frozenset()
    needs_package: bool = True


def detect_checks(files: Mapping[str, str], folders: Collection[str]) -> Detected | None:
    """Return the project's entry point for checks, else its configured tools, else None.

    The first of these counts: the make target ``check``, nox, tox, the just recipe ``check`` or ``test``; else every
    configured one of ruff, mypy and pytest. ``files`` is text by file name, ``folders`` the names of folders in the
    same directory.
    """
    makefile = next((name for name in ("GNUmakefile", "makefile", "Makefile") if name in files), None)
    if makefile and _has_target(files[makefile], "check"):
        return Detected(commands=("make check",), reason=f"{makefile} has the target check", tools={})
    if "noxfile.py" in files:
        command = "python -m nox --no-error-on-missing-interpreters"
        return Detected(commands=(command,), reason="noxfile.py", tools={"nox": "nox"}, needs_package=False)
    if tox := _tox_file(files):
        command = "python -m tox run --skip-missing-interpreters true"
        return Detected(commands=(command,), reason=tox, tools={"tox": "tox"}, needs_package=False)
    justfile = next((name for name in ("justfile", "Justfile", ".justfile") if name in files), None)
    recipes = {match["name"] for match in _RECIPE.finditer(files[justfile])} if justfile else set()
    if recipes:
        recipe = min(recipes)
        reason = f"{justfile} has the recipe {recipe}"
        tools = {"just": "rust-just"}
        return Detected(commands=(f"just {recipe}",), reason=reason, tools=tools, native=frozenset(tools))
    return _configured(files, folders)


def no_checks() -> Problem:
    """Return the problem of a project without checks."""
    return Problem(
        found="No checks found: no make target check, noxfile.py, tox configuration, or just recipe check or "
        "test, and no configuration of ruff, mypy or pytest.",
        remedy="Set the checks, one per line: command: pytest",
        topic="no-checks",
    )


def _has_target(makefile: str, target: str) -> bool:
    for line in makefile.splitlines():
        head, colon, rest = line.partition(":")
        if colon and not line[:1].isspace() and line[0] != "#" and rest[:1] != "=" and target in head.split():
            return True
    return False


def _tox_file(files: Mapping[str, str]) -> str | None:
    if "tox.toml" in files:
        return "tox.toml"
    if re.search(r"^\[(tox|testenv)", files.get("tox.ini", ""), re.MULTILINE):
        return "tox.ini"
    if "[tox:tox]" in files.get("setup.cfg", ""):
        return "[tox:tox] in setup.cfg"
    return "[tool.tox] in pyproject.toml" if "tox" in _tools(files) else None


def _configured(files: Mapping[str, str], folders: Collection[str]) -> Detected | None:
    found = {
        program: commands
        for program, commands in (
            ("ruff", tuple(_ruff(files))),
            ("mypy", tuple(_mypy(files))),
            ("pytest", ("python -m pytest",) if _has_pytest(files, folders) else ()),
        )
        if commands
    }
    if not found:
        return None
    return Detected(
        commands=tuple(command for commands in found.values() for command in commands),
        reason=f"{' and '.join(found)} configured" if len(found) < 3 else "ruff, mypy and pytest configured",
        tools={program: program for program in found},
        libraries=frozenset(found),
    )


def _ruff(files: Mapping[str, str]) -> Iterator[str]:
    own = next((_toml(files[name]) for name in (".ruff.toml", "ruff.toml") if name in files), None)
    settings = _tools(files).get("ruff") if own is None else own
    if settings is not None:
        yield "python -m ruff check ."
        if isinstance(settings, dict) and "format" in settings:
            yield "python -m ruff format --check ."


def _mypy(files: Mapping[str, str]) -> Iterator[str]:
    texts = [files[name] for name in ("mypy.ini", ".mypy.ini") if name in files]
    texts += [text for text in (files.get("setup.cfg", ""),) if re.search(r"^\[mypy\]", text, re.MULTILINE)]
    settings = _tools(files).get("mypy")
    if texts or settings is not None:
        named = any(re.search(r"^(files|packages|modules)\s*=", text, re.MULTILINE) for text in texts)
        named = named or any(
            isinstance(settings, dict) and name in settings for name in ("files", "packages", "modules")
        )
        yield "python -m mypy" if named else "python -m mypy ."


def _has_pytest(files: Mapping[str, str], folders: Collection[str]) -> bool:
    return (
        any(name in files for name in ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"))
        or "pytest" in _tools(files)
        or bool(re.search(r"^\[tool:pytest\]", files.get("setup.cfg", ""), re.MULTILINE))
        or bool(re.search(r"^\[pytest\]", files.get("tox.ini", ""), re.MULTILINE))
        or any(folder in folders for folder in _TEST_FOLDERS)
    )


def _tools(files: Mapping[str, str]) -> Mapping[str, Any]:
    tools = _toml(files.get("pyproject.toml", "")).get("tool")
    return tools if isinstance(tools, dict) else {}


def _toml(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def wanted_installs(
    declaration: Declaration | None, present: Collection[str], *, extras: Sequence[str], groups: Sequence[str]
) -> list[str]:
    """Return arguments of ``pip install`` for the package, editable, with ``extras`` and ``groups``.

    Without either, the defaults are the extra and the group called ``dev``, else those called ``test``, else the first
    requirements file in ``present``.
    """
    requirements: list[str] = []
    if not extras and not groups:
        extras, groups = _known(declaration, _DEVELOPMENT)
        if not extras and not groups:
            extras, groups = _known(declaration, _TESTING)
        if not extras and not groups:
            requirements = [name for name in REQUIREMENT_FILES if name in present][:1]
    arguments: list[str] = []
    if declaration and declaration.is_package:
        arguments += ["--editable", f".[{','.join(extras)}]" if extras else "."]
    for group in groups:
        arguments += ["--group", group]
    for name in requirements:
        arguments += ["--requirements", name]
    return arguments


def _known(declaration: Declaration | None, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if declaration is None:
        return (), ()
    return (
        tuple(name for name in declaration.extras if name.lower() in names),
        tuple(name for name in declaration.groups if name.lower() in names),
    )


def split_arguments(lines: Sequence[str]) -> list[str]:
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
    return arguments


def refuse_missing_extras(output: str) -> None:
    """Raise Failure if uv warned in its ``output`` that a package of the checkout does not have a requested extra.

    The same warning about a package from an index is ignored: the project cannot fix it.
    """
    missing = dict.fromkeys(re.findall(r" @ file:[^`\n]*` does not have an extra named `(.+?)`", output))
    if missing:
        raise Failure(
            Problem(
                found=f"The package has no extra {', '.join(missing)}, so its dependencies were not installed.",
                remedy="Correct the name, or declare the extra in [project.optional-dependencies]. A dependency group "
                "belongs in the input groups.",
                topic="unknown-extra",
            )
        )
