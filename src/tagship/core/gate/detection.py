"""Checks that a project has configured, and the programs they need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagship.core.gate.checks import check_setting
from tagship.core.gate.sessions import NOX, TOX
from tagship.core.project.tables import parsed, table
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_SCRIPTS = tuple(f"scripts/{name}{suffix}" for name in ("check", "lint", "test", "tests") for suffix in ("", ".sh"))
CHECK_FILES = (
    *_SCRIPTS,
    "GNUmakefile", "makefile", "Makefile", "noxfile.py", "tox.toml", "tox.ini", "setup.cfg", "pyproject.toml",
    "justfile", "Justfile", ".justfile", "ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", "pytest.toml",
    ".pytest.toml", "pytest.ini", ".pytest.ini", "hatch.toml", "pixi.toml", "poe_tasks.toml", ".pre-commit-config.yaml",
)  # fmt: skip
"""Files that configure checks."""
_SETTINGS = {
    "tox": {"tox.toml": "", "tox.ini": r"^\[(tox|testenv)", "setup.cfg": r"^\[tox:tox\]"},
    "ruff": {".ruff.toml": "", "ruff.toml": ""},
    "mypy": {"mypy.ini": "", ".mypy.ini": "", "setup.cfg": r"^\[mypy\]"},
    "pytest": {
        **dict.fromkeys(("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"), ""),
        "setup.cfg": r"^\[tool:pytest\]",
        "tox.ini": r"^\[pytest\]",
    },
}
"""The files that configure a program, each with the pattern of the section that must be in it."""
_RUNNERS = ("poe", "taskipy", "pdm", "hatch", "pixi", "tox")
"""Runners with tasks in pyproject.toml."""
NATIVE = frozenset({"just"})
"""Programs in another language than Python, which may be anywhere on PATH."""
_RECIPE = re.compile(r"^(?:@?(?P<name>check|tests?)(?:[ \t].*)?:(?!=)|alias (?P<alias>check|tests?) *:=)", re.MULTILINE)
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_MYPY_PATHS = " --exclude '^(setup.py$|(benchmarks?|docs?|examples?|testing|tests?)/)' ."
"""What mypy checks without paths of the project: the package, since tests are typed in few projects."""
_VARIABLE = re.compile(r"^(?P<name>[\w.-]+) *(?:::?:?|[?+!])?= *(?P<value>.*)$", re.MULTILINE)
"""An assignment to a variable of make."""
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_SCRIPT = re.compile(r"scripts?/|\.sh\b|\.py\b|\binv(?:oke)?\b|\bdut(?:y|ies)\b")
"""A script in a workflow, which may run any program."""
_LINTER = re.compile(r"\b(?:ruff|mypy|black|flake8|isort|pylint|pyright|lint\w*|types?|typing|typecheck|style)\b")
_PROGRAM = re.compile(r"^.*\b(?:ruff|mypy|black|flake8|isort|pylint|pyright)\b.*$", re.MULTILINE)
"""A line with a linter, whose arguments may be the folder of the tests."""
_TESTS = re.compile(r"pytest|unittest|coverage|\b(?:tox|nox)\b")
_TASKS = ("check", "test", "tests")
"""Names of tasks that check a project, in order of preference."""
_HATCH_TASKS = {"default": _TASKS, "test": ("run", *_TASKS), "tests": ("run", *_TASKS)}
"""Names of scripts, by the environment of hatch that has them."""
_MIRRORS = {"ruff": "astral-sh/ruff-pre-commit", "mypy": "pre-commit/mirrors-mypy"}
"""Repositories of pre-commit hooks whose tags are the versions of a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """Commands that check a project, and the reason for the choice.

    ``tools`` maps each program they start to the requirement that installs it; those written in Python are run as
    modules, so that they are of the Python of the gate. ``needs_package`` is False if the commands create their own
    environments.
    """

    commands: tuple[str, ...]
    reason: str
    tools: Mapping[str, str]
    needs_package: bool = True

    def is_in(self, workflows: str) -> bool:
        """Return True if ``workflows``, their text, contain one of the programs, or the make target."""
        program, _, rest = self.commands[0].partition(" ")
        names = "|".join(map(re.escape, self.tools)) or (rf"make\b.*\b{rest}(?!-)" if program == "make" else program)
        return bool(re.search(rf"(?<![\w-])(?:{names})(?!\w)", _COMMENT.sub("", workflows)))

    def commands_on(self, python: str) -> tuple[str, ...]:
        """Return the commands for ``python``, a minor version such as ``3.12``."""
        return tuple(one.replace("{python}", python) for one in self.commands)


def detect_checks(files: Mapping[str, str], *, has_tests: bool = False, workflows: str = "") -> Detected | None:
    """Return the project's entry point for checks, else its configured tools, else None.

    The first of these counts: scripts that the workflows run, the make target ``check``, nox, tox, the task ``check``
    or ``test`` of just, poe, taskipy, PDM or hatch; every configured one of ruff, mypy and pytest; the make target
    ``test``, tasks of pixi, and pre-commit. If ``workflows``, the text of the project's workflows, contain some of
    them, only those count: a noxfile may have another purpose. ``files`` is text by file name; ``has_tests`` is True
    if pytest finds files with tests.
    """
    tools, last = _configured(files, workflows, has_tests=has_tests), [*filter(None, _last(files))]
    first = [*filter(None, (*_entry_points(files), *_tasks(files)))]
    first += [one for one in last if one.commands[0].startswith("pixi ") and one.is_in(workflows)]
    found = [*_scripts(files, workflows), *first, *([tools] if tools else last)]
    # The target test and the hooks of a workflow are only a part of the checks that the project has configured.
    used = [one for one in found if any(each.is_in(workflows) for each in ((one, *last) if one is tools else (one,)))]
    return next(iter(used or found), None)


def _scripts(files: Mapping[str, str], workflows: str) -> Iterator[Detected]:
    """Yield the scripts for checks that the workflows run, if one is for tests."""
    found = {
        name: re.search(rf"((?:bash|sh|python) )?(?:\./)?{re.escape(name)}(?![\w./-])", workflows) for name in _SCRIPTS
    }
    runs = {name: match[1] or "" for name, match in found.items() if match and name in files}
    if any("test" in name for name in runs):
        commands = tuple(f"{interpreter}{name}" for name, interpreter in runs.items())
        yield Detected(commands=commands, reason="scripts that the workflows run", tools={})


def _entry_points(files: Mapping[str, str]) -> Iterator[Detected | None]:
    yield _make(files, "check")
    if "noxfile.py" in files:
        yield _task(NOX, "noxfile.py", {"nox": "nox"}, needs_package=False)
    if tox := _tox_file(files):
        texts = (files.get(name, "") for name in ("tox.toml", "tox.ini", "setup.cfg", "pyproject.toml"))
        uses_uv = any(re.search(r"tox-uv|uv-venv", text) for text in texts)
        tools = {"tox": "tox", **({"tox-uv": "tox-uv"} if uses_uv else {})}
        yield _task(TOX, tox, tools, needs_package=False)


def _tasks(files: Mapping[str, str]) -> Iterator[Detected]:
    justfile = next((name for name in ("justfile", "Justfile", ".justfile") if name in files), None)
    recipes = {match["name"] or match["alias"] for match in _RECIPE.finditer(files[justfile])} if justfile else set()
    if recipes:
        names = _chosen(recipes, _definition(files[justfile or ""], "check"))
        reason = f"{justfile} has the recipe {' and '.join(names)}"
        yield Detected(commands=tuple(f"just {name}" for name in names), reason=reason, tools={"just": "rust-just"})
    tables = {"poethepoet": ("poe", "tasks"), "taskipy": ("taskipy", "tasks"), "pdm": ("pdm", "scripts")}
    commands = {"poethepoet": ("poe", "poethepoet"), "taskipy": ("task", "taskipy.cli"), "pdm": ("pdm", "pdm run")}
    tools, own = _tools(files), parsed(files.get("poe_tasks.toml", ""))
    tasks = {package: table(tools, *path) for package, path in tables.items()}
    tasks["poethepoet"] = {**table(own, "tasks"), **table(own, "tool", "poe", "tasks"), **tasks["poethepoet"]}
    for package, (program, module) in commands.items():
        if names := _chosen(tasks[package], str(tasks[package].get("check", ""))):
            runs = tuple(f"python -m {module} {name}" for name in names)
            yield Detected(commands=runs, reason=f"{program} task {' and '.join(names)}", tools={program: package})
    hatch = table(parsed(files.get("hatch.toml", "")), "envs")
    yield from _hatch({**table(_tools(files), "hatch", "envs"), **hatch})


def _task(command: str, reason: str, tools: Mapping[str, str], *, needs_package: bool = True) -> Detected:
    return Detected(commands=(command,), reason=reason, tools=tools, needs_package=needs_package)


def _chosen(tasks: Collection[str], check: str) -> list[str]:
    """Return the task ``check`` as it is defined, with that for tests if it only has linters; else that for tests."""
    tests = [name for name in ("test", "tests") if name in tasks][:1]
    has_tests = _TESTS.search(check) or re.search(r"\btests?\b", _PROGRAM.sub("", check))
    only_lints = _LINTER.search(check) and not has_tests
    return ["check", *(tests if only_lints else [])] if "check" in tasks else tests


def _definition(text: str, name: str) -> str:
    """Return the rule for ``name`` of a makefile or justfile with its recipe, or nothing."""
    rule = rf"^@?(?![\s#])(?:[^:\n]*[ \t])?{name}(?:[ \t][^\n]*)?:(?!=)[^\n]*(?:\n[ \t][^\n]*)*"
    found = re.search(rule, text, re.MULTILINE)
    return found[0] if found else ""


def _named(tasks: Mapping[str, Any], names: Iterable[str] = _TASKS) -> list[str]:
    return [name for name in names if name in tasks][:1]


def _hatch(environments: Mapping[str, Any]) -> Iterator[Detected]:
    for place, names in _HATCH_TASKS.items():
        for name in _named(table(environments, place, "scripts"), names):
            matrix = environments[place].get("matrix")
            factor = (
                "+py={python} " if isinstance(matrix, list) and any("python" in table(one) for one in matrix) else ""
            )
            script = name if place == "default" else f"{place}:{name}"
            command = f"python -m hatch run {factor}{script}"
            yield _task(command, f"hatch script {script}", {"hatch": "hatch"}, needs_package=False)
    if "hatch-test" in environments:
        lints = ("python -m hatch fmt --check",) if "hatch-static-analysis" in environments else ()
        reason, tools = "hatch environment hatch-test", {"hatch": "hatch"}
        yield Detected(commands=("python -m hatch test", *lints), reason=reason, tools=tools, needs_package=False)


def _last(files: Mapping[str, str]) -> Iterator[Detected | None]:
    """Yield the entry points that a project with configured tools has for something else."""
    yield _make(files, "test")
    pixi = (parsed(files.get("pixi.toml", "")), table(_tools(files), "pixi"))
    places = [place for one in pixi for place in (one, *table(one, "feature").values())]
    for name in _named({name: task for place in places for name, task in table(place, "tasks").items()}):
        yield _task(f"pixi run {name}", f"pixi task {name}", {}, needs_package=False)
    if ".pre-commit-config.yaml" in files:
        tools = {"pre-commit": "pre-commit"}
        yield _task("python -m pre_commit run --all-files", "pre-commit", tools, needs_package=False)


def _make(files: Mapping[str, str], target: str) -> Detected | None:
    makefile, text = next((name for name in _MAKEFILES if name in files), ""), _makefile(files)
    rules = {name: rule for name in (target, "test") if (rule := _definition(text, name))}
    if target not in rules:
        return None
    names = _chosen(rules, rules[target])
    reason = f"{makefile} has the target {' and '.join(names)}"
    return Detected(commands=tuple(f"make {name}" for name in names), reason=reason, tools={})


def _makefile(files: Mapping[str, str]) -> str:
    """Return the text of the makefile that make reads, with the values of its variables."""
    text = next((files[name] for name in _MAKEFILES if name in files), "").replace("\\\n", " ")
    values = {match["name"]: match["value"].strip() for match in _VARIABLE.finditer(text)}
    return re.sub(r"\$[({]([\w.-]+)[)}]", lambda match: values.get(match[1], match[0]), text)


def no_checks() -> Problem:
    """Return the problem of a project without checks."""
    return Problem(
        found="No checks found: no make target check or test, noxfile.py, tox configuration, task check or test of "
        "just, poe, taskipy, PDM, hatch or pixi, or pre-commit configuration, no configuration of ruff, mypy or "
        "pytest, and no file test_*.py.",
        remedy=f"Set the checks, one per line, {check_setting('pytest')}",
        topic="no-checks",
    )


def _tox_file(files: Mapping[str, str]) -> str | None:
    if name := next(iter(_settings(files, "tox")), None):
        return "[tox:tox] in setup.cfg" if name == "setup.cfg" else name
    return "[tool.tox] in pyproject.toml" if "tox" in _tools(files) else None


def _settings(files: Mapping[str, str], program: str) -> dict[str, str]:
    """Return the files of its own, or with a section for it, that configure ``program``."""
    places = _SETTINGS[program].items()
    texts = {name: (files[name], section) for name, section in places if name in files}
    return {name: text for name, (text, section) in texts.items() if re.search(section, text, re.MULTILINE)}


def _configured(files: Mapping[str, str], workflows: str, *, has_tests: bool) -> Detected | None:
    has_pytest = has_tests or _settings(files, "pytest") or "pytest" in _tools(files)
    commands = {
        "ruff": [*_ruff(files)],
        "mypy": [*_mypy(files)],
        "pytest": ["python -m pytest"] if has_pytest else [],
    }
    found = [program for program, lines in commands.items() if lines]
    if any(program in workflows for program in found) and not _SCRIPT.search(workflows):
        # A program with settings may be for editors only, and its findings may be many.
        others = [text for name, text in files.items() if name != "pyproject.toml"]
        used = "\n".join([workflows, *others, *(str(table(_tools(files), name)) for name in _RUNNERS)])
        found = [program for program in found if program == "pytest" or program in used]
    if not found:
        return None
    return Detected(
        commands=tuple(line for program in found for line in commands[program]),
        reason=f"{' and '.join(found)} configured" if len(found) < 3 else "ruff, mypy and pytest configured",
        tools={program: _pinned(program, files.get(".pre-commit-config.yaml", "")) for program in found},
    )


def _ruff(files: Mapping[str, str]) -> Iterator[str]:
    own = next(map(parsed, _settings(files, "ruff").values()), None)
    settings = _tools(files).get("ruff") if own is None else own
    if settings is not None:
        yield "python -m ruff check" + _paths("ruff check", files, " .")
        if "format" in table(settings):
            yield "python -m ruff format --check" + _paths("ruff format --check", files, " .")


def _paths(command: str, files: Mapping[str, str], default: str) -> str:
    """Return the paths of ``command`` in a recipe of the makefile, which may leave out the tests, else ``default``."""
    recipe = re.search(rf"^\t.*\b{command}((?: +[\w.][\w./-]*)+) *$", _makefile(files), re.MULTILINE)
    return recipe[1] if recipe else default


def _mypy(files: Mapping[str, str]) -> Iterator[str]:
    texts, settings = _settings(files, "mypy").values(), _tools(files).get("mypy")
    if texts or settings is not None:
        keys = {key for text in texts for key in re.findall(r"^(\w+)\s*=", text, re.MULTILINE)} | table(settings).keys()
        named = not {"files", "packages", "modules"}.isdisjoint(keys)
        paths = _paths("mypy", files, " ." if "exclude" in keys else _MYPY_PATHS)
        yield "python -m mypy" + ("" if named else paths)


def _pinned(program: str, hooks: str) -> str:
    """Return the requirement of the version that the pre-commit ``hooks`` use; any version if they do not use it."""
    repository = _MIRRORS.get(program)
    match = re.search(rf"{repository}(?:\.git)?['\"]?\s+rev: *['\"]?v?(\d+(?:\.\d+)+)", hooks) if repository else None
    return f"{program}=={match[1]}" if match else program


def _tools(files: Mapping[str, str]) -> Mapping[str, Any]:
    return table(parsed(files.get("pyproject.toml", "")), "tool")
