"""Checks that a project has configured, and the programs they need."""

from __future__ import annotations

import pytest

from tagship.core.gate.detection import detect_checks
from tagship.core.gate.sessions import TOX

ALL = {
    "Makefile": "check:\n\tpytest\n",
    "noxfile.py": "",
    "tox.ini": "[tox]\n",
    "justfile": "check:\n",
    "pyproject.toml": "[tool.ruff]\n",
}

MYPY = "python -m mypy --exclude '^(setup.py$|(benchmarks?|docs?|examples?|testing|tests?)/)' ."


def commands(files: dict[str, str], *, has_tests: bool = False, workflows: str = "") -> tuple[str, ...] | None:
    """Return the detected commands."""
    detected = detect_checks(files, has_tests=has_tests, workflows=workflows)
    return detected.commands_on("3.12") if detected else None


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        pytest.param([], "make check", id="make comes first"),
        pytest.param(["Makefile"], "python -m nox --no-error-on-missing-interpreters", id="then nox"),
        pytest.param(["Makefile", "noxfile.py"], TOX, id="then tox"),
        pytest.param(["Makefile", "noxfile.py", "tox.ini"], "just check", id="then just"),
        pytest.param(["Makefile", "noxfile.py", "tox.ini", "justfile"], "python -m ruff check .", id="then the tools"),
    ],
)
def test_the_first_entry_point_wins(without: list[str], expected: str) -> None:
    """Only one entry point runs, the one that maintainers most likely use."""
    assert commands({name: text for name, text in ALL.items() if name not in without}) == (expected,)


@pytest.mark.parametrize(
    "makefile",
    [
        pytest.param("check: lint\n\tpytest\n", id="with prerequisites"),
        pytest.param("check::\n\tpytest\n", id="with a double colon"),
        pytest.param("lint check test:\n\tpytest\n", id="among other targets"),
        pytest.param(".PHONY: check\ncheck:\n\tpytest\n", id="after its declaration"),
        pytest.param("actions = \\\n\tlint \\\n\tcheck\n$(actions):\n\t./run $@\n", id="in a variable"),
        pytest.param("ALL := check lint\n${ALL}: setup\n\t./run $@\n", id="in a variable with braces"),
        pytest.param("# check: runs everything\ncheck:\n\tpytest\n", id="after a comment about it"),
    ],
)
def test_a_make_target_is_found(makefile: str) -> None:
    """Every valid form of the target is detected."""
    assert commands({"Makefile": makefile}) == ("make check",)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        pytest.param("check:\n\truff check hello tests\n", ("make check", "make test"), id="linters of the tests"),
        pytest.param("check: lint types\n", ("make check", "make test"), id="targets with linters"),
        pytest.param("check: lint test\n", ("make check",), id="the target test"),
        pytest.param("check:\n\truff check .\n\tpytest\n", ("make check",), id="linters and tests"),
        pytest.param("check:\n\truff check .\n\t$(MAKE) test\n", ("make check",), id="make in a recipe"),
        pytest.param("check:\n\t./check.sh\n", ("make check",), id="a script"),
    ],
)
def test_a_target_with_linters_only_does_not_replace_the_tests(check: str, expected: tuple[str, ...]) -> None:
    """In some projects ``make check`` does not run the tests."""
    assert commands({"Makefile": f"{check}lint:\ntest:\n\tpytest\n"}) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"justfile": "check:\n    ruff check .\ntest:\n    pytest\n"}, ("just check", "just test"), id="just"
        ),
        pytest.param(
            {"pyproject.toml": "[tool.poe.tasks]\ncheck = ['lint', 'types']\ntest = 'pytest'\n"},
            ("python -m poethepoet check", "python -m poethepoet test"),
            id="poe",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.poe.tasks]\ncheck = ['lint', 'test']\ntest = 'pytest'\n"},
            ("python -m poethepoet check",),
            id="poe with tests",
        ),
    ],
)
def test_a_task_with_linters_only_does_not_replace_the_tests(files: dict[str, str], expected: tuple[str, ...]) -> None:
    """The task for tests runs too."""
    assert commands(files) == expected


@pytest.mark.parametrize(
    "makefile",
    [
        pytest.param("checkers:\n", id="a longer name"),
        pytest.param("check-all:\n", id="a name with a dash"),
        pytest.param("check := 1\n", id="a variable"),
        pytest.param("check:=1\n", id="a variable without spaces"),
        pytest.param("# check: runs everything\n", id="a comment"),
        pytest.param("all:\n\tcheck: x\n", id="a line of a recipe"),
        pytest.param(".PHONY: check\n", id="a declaration alone"),
        pytest.param("actions = check\n.PHONY: $(actions)\n", id="a variable of a declaration"),
        pytest.param("$(actions):\n\tx\n", id="a variable without a value"),
    ],
)
def test_lines_that_only_look_like_the_target_are_ignored(makefile: str) -> None:
    """``make check`` runs only if make has the target."""
    assert commands({"Makefile": makefile}) is None


@pytest.mark.parametrize(
    ("first", "second"), [("GNUmakefile", "makefile"), ("makefile", "Makefile"), ("GNUmakefile", "Makefile")]
)
def test_only_the_makefile_that_make_reads_counts(first: str, second: str) -> None:
    """GNU make reads only the first of GNUmakefile, makefile and Makefile."""
    assert commands({first: "all:\n", second: "check:\n"}) is None
    assert commands({first: "check:\n", second: "all:\n"}) == ("make check",)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"GNUmakefile": "check:\n"}, "GNUmakefile has the target check", id="make"),
        pytest.param({"setup.cfg": "[tox:tox]\n"}, "[tox:tox] in setup.cfg", id="tox"),
        pytest.param({".justfile": "test:\n"}, ".justfile has the recipe test", id="just"),
        pytest.param({"ruff.toml": ""}, "ruff configured", id="one tool"),
        pytest.param({"ruff.toml": "", "pytest.ini": ""}, "ruff and pytest configured", id="two tools"),
        pytest.param(
            {"ruff.toml": "", "mypy.ini": "", "pytest.ini": ""}, "ruff, mypy and pytest configured", id="three tools"
        ),
    ],
)
def test_a_detection_has_a_reason(files: dict[str, str], expected: str) -> None:
    """The log names the file, target or tools that decided."""
    detected = detect_checks(files)

    assert detected is not None
    assert detected.reason == expected


@pytest.mark.parametrize(
    ("files", "folders", "expected"),
    [
        pytest.param({"tox.ini": "[flake8]\n"}, (), None, id="tox.ini of another tool"),
        pytest.param({"tox.ini": "[pytest]\n"}, (), ("python -m pytest",), id="tox.ini with settings of pytest"),
        pytest.param(
            {"pyproject.toml": "[tool.tox]\n"},
            (),
            (TOX,),
            id="tox in pyproject.toml",
        ),
        pytest.param({"justfile": "test *args:\n  pytest\n"}, (), ("just test",), id="just recipe test"),
        pytest.param({"justfile": "test:\ncheck:\n"}, (), ("just check",), id="just recipe check before test"),
        pytest.param({"justfile": "check := 'x'\n"}, (), None, id="just variable"),
        pytest.param({"justfile": "test *args='-x -n auto':\n  pytest\n"}, (), ("just test",), id="just default value"),
        pytest.param({"justfile": "tests:\n  pytest\n"}, (), ("just tests",), id="just recipe tests"),
        pytest.param({"justfile": "alias test := unit\nunit:\n"}, (), ("just test",), id="just alias"),
        pytest.param(
            {"pyproject.toml": "[tool.ruff.format]\n[tool.mypy]\n[tool.pytest.ini_options]\n"},
            (),
            ("python -m ruff check .", "python -m ruff format --check .", MYPY, "python -m pytest"),
            id="all tools in pyproject.toml",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.mypy]\nfiles = ['src']\n"}, (), ("python -m mypy",), id="mypy with files"
        ),
        pytest.param(
            {"mypy.ini": "[mypy]\n", "Makefile": "lint:\n\tuv run mypy hello src/b\n"},
            (),
            ("python -m mypy hello src/b",),
            id="mypy with the paths of a makefile",
        ),
        pytest.param(
            {
                "ruff.toml": "[format]\n",
                "Makefile": "lint:\n\truff check --fix x\n\truff check a\n\truff format --check a\n",
            },
            (),
            ("python -m ruff check a", "python -m ruff format --check a"),
            id="ruff with the paths of a makefile",
        ),
        pytest.param(
            {"mypy.ini": "[mypy]\n", "Makefile": "sources = a tests\nlint:\n\tmypy $(sources)\n"},
            (),
            ("python -m mypy a tests",),
            id="mypy with the paths in a variable",
        ),
        pytest.param(
            {"mypy.ini": "[mypy]\n", "Makefile": "lint:\n\tmypy $(sources) ; x\n"},
            (),
            (MYPY,),
            id="mypy with a variable of a makefile",
        ),
        pytest.param({"mypy.ini": "[mypy]\nexclude = build\n"}, (), ("python -m mypy .",), id="mypy with exclude"),
        pytest.param({"mypy.ini": "[mypy]\npackages = a\n"}, (), ("python -m mypy",), id="mypy.ini with packages"),
        pytest.param({"setup.cfg": "[mypy]\n[tool:pytest]\n"}, (), (MYPY, "python -m pytest"), id="setup.cfg"),
        pytest.param(
            {"pyproject.toml": "tool.ruff = 1\n"}, (), ("python -m ruff check .",), id="a value instead of a table"
        ),
        pytest.param(
            {"ruff.toml": "[format]\n"},
            (),
            ("python -m ruff check .", "python -m ruff format --check ."),
            id="ruff.toml",
        ),
        pytest.param(
            {".ruff.toml": "", "ruff.toml": "[format]\n"}, (), ("python -m ruff check .",), id=".ruff.toml comes first"
        ),
        pytest.param({"pytest.ini": ""}, (), ("python -m pytest",), id="pytest.ini"),
        pytest.param({}, ("tests",), ("python -m pytest",), id="test folder"),
        pytest.param({"pyproject.toml": "[project]\n"}, ("src",), None, id="nothing"),
        pytest.param({"pyproject.toml": "not = = toml"}, (), None, id="invalid pyproject.toml"),
    ],
)
def test_configured_tools_are_found(
    files: dict[str, str], folders: tuple[str, ...], expected: tuple[str, ...] | None
) -> None:
    """A tool runs if the project has configured it."""
    assert commands(files, has_tests=folders == ("tests",)) == expected


CONFIGURED = {"pyproject.toml": "[tool.mypy]\nfiles = 'a'\n[tool.pytest.ini_options]\n"}


@pytest.mark.parametrize(
    ("files", "workflow", "expected"),
    [
        pytest.param({"noxfile.py": ""}, "run: pytest tests", ("python -m mypy", "python -m pytest"), id="pytest"),
        pytest.param(
            {"tox.ini": "[tox]\n", "Makefile": "test:\n"},
            "run: make test",
            ("python -m mypy", "python -m pytest"),
            id="make test",
        ),
        pytest.param({"tox.ini": "[tox]\n"}, "run: pip install tox\n", (TOX,), id="tox"),
        pytest.param({"tox.ini": "[tox]\n"}, "uses: a/b/.github/workflows/tox.yml@v1", (TOX,), id="a shared workflow"),
        pytest.param(
            {"tox.ini": "[tox]\n"}, "run: pytest # not tox", ("python -m mypy", "python -m pytest"), id="comment"
        ),
        pytest.param({"tox.ini": "[tox]\n"}, "run: scripts/test", (TOX,), id="none of them"),
        pytest.param({"justfile": "test:\n", "tox.ini": "[tox]\n"}, "run: just lint\n", ("just test",), id="just"),
        pytest.param(
            {"Makefile": "check:\n"}, "make check-all; pytest", ("python -m mypy", "python -m pytest"), id="make"
        ),
        pytest.param(
            {"Makefile": "check:\n"}, "make setup check; pytest", ("make check",), id="one of several targets"
        ),
        pytest.param({"pixi.toml": "[tasks]\ntest = 'x'\n"}, "pixi run -e a lint", ("pixi run test",), id="pixi"),
    ],
)
def test_the_entry_point_that_the_workflows_use_wins(
    files: dict[str, str], workflow: str, expected: tuple[str, ...]
) -> None:
    """A noxfile for something else, or a tox.ini that nobody uses any more, does not check the project."""
    hooks = {".pre-commit-config.yaml": "repos: [] # mypy\n"}

    assert commands({**CONFIGURED, **hooks, **files}, workflows=workflow) == expected


@pytest.mark.parametrize(
    ("files", "expected", "tools"),
    [
        pytest.param(
            {"pyproject.toml": "[tool.poe.tasks]\ntest = 'x'\ncheck = 'y'\n"},
            "python -m poethepoet check",
            {"poe": "poethepoet"},
            id="poe",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.taskipy.tasks]\ntest = 'x'\n"},
            "python -m taskipy.cli test",
            {"task": "taskipy"},
            id="taskipy",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.hatch.envs.default.scripts]\ntest = 'pytest'\n"},
            "python -m hatch run test",
            {"hatch": "hatch"},
            id="a script of hatch",
        ),
        pytest.param(
            {"hatch.toml": "[envs.test.scripts]\nrun = 'pytest'\n[[envs.test.matrix]]\npython = ['3.11', '3.12']\n"},
            "python -m hatch run +py=3.12 test:run",
            {"hatch": "hatch"},
            id="a script of hatch in a matrix of Pythons",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.hatch.envs.hatch-test]\nparallel = true\n"},
            "python -m hatch test",
            {"hatch": "hatch"},
            id="the test command of hatch",
        ),
        pytest.param(
            {"poe_tasks.toml": "[tasks]\ntest = 'x'\n"},
            "python -m poethepoet test",
            {"poe": "poethepoet"},
            id="poe in a file of its own",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.pdm.scripts]\ntest = 'x'\n"}, "python -m pdm run test", {"pdm": "pdm"}, id="pdm"
        ),
        pytest.param(
            {"pixi.toml": "[feature.test.tasks]\ntest = 'x'\n"}, "pixi run test", {}, id="a task of a pixi feature"
        ),
        pytest.param({"Makefile": "test:\n\tx\n"}, "make test", {}, id="the make target test"),
        pytest.param({"pixi.toml": "[tasks]\ntest = 'x'\n"}, "pixi run test", {}, id="pixi.toml"),
        pytest.param(
            {"pyproject.toml": "[tool.pixi.tasks]\ntest = 'x'\n"}, "pixi run test", {}, id="pixi in pyproject.toml"
        ),
        pytest.param(
            {".pre-commit-config.yaml": "repos: []\n"},
            "python -m pre_commit run --all-files",
            {"pre-commit": "pre-commit"},
            id="pre-commit",
        ),
        pytest.param(
            {"tox.toml": "[env_run_base]\nrunner = 'uv-venv-lock-runner'\n"},
            TOX,
            {"tox": "tox", "tox-uv": "tox-uv"},
            id="tox with uv",
        ),
    ],
)
def test_runners_are_found_with_their_programs(files: dict[str, str], expected: str, tools: dict[str, str]) -> None:
    """The runner that a project has configured runs, and the requirement of each of its programs is known."""
    detected = detect_checks(files)

    assert detected is not None
    assert (detected.commands_on("3.12"), detected.tools) == ((expected,), tools)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"Makefile": "test:\n"}, id="the make target test"),
        pytest.param({".pre-commit-config.yaml": ""}, id="pre-commit"),
        pytest.param({"pixi.toml": "[tasks]\ntest = 'x'\n"}, id="pixi"),
    ],
)
def test_configured_tools_come_before_the_last_resorts(files: dict[str, str]) -> None:
    """A project with tests in pytest does not require another program to run them."""
    assert commands({**files, "pytest.ini": ""}) == ("python -m pytest",)


HOOKS = "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.4.1\n  hooks: [{id: ruff}]\n"


@pytest.mark.parametrize(
    ("hooks", "expected"),
    [
        pytest.param(HOOKS, {"ruff": "ruff==0.4.1"}, id="a version"),
        pytest.param(HOOKS.replace("v0.4.1", "'main'"), {"ruff": "ruff"}, id="a branch"),
        pytest.param("repos: []\n", {"ruff": "ruff"}, id="no hook"),
    ],
)
def test_a_tool_has_the_version_of_its_pre_commit_hook(hooks: str, expected: dict[str, str]) -> None:
    """A newer version would have rules that the project has never seen."""
    detected = detect_checks({"ruff.toml": "", ".pre-commit-config.yaml": hooks})

    assert detected is not None
    assert detected.tools == expected


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        pytest.param('run: "scripts/test"\nrun: ./scripts/check', ("scripts/check", "scripts/test"), id="both"),
        pytest.param("run: bash scripts/test", ("bash scripts/test",), id="with a shell"),
        pytest.param("run: scripts/check", ("python -m mypy", "python -m pytest"), id="linters only"),
        pytest.param("run: scripts/test-docs", ("python -m mypy", "python -m pytest"), id="a longer name"),
        pytest.param("run: scripts/lint scripts/test.sh", ("python -m mypy", "python -m pytest"), id="missing scripts"),
    ],
)
def test_the_scripts_of_the_workflows_are_the_checks(workflow: str, expected: tuple[str, ...]) -> None:
    """They have the options and paths of linters that the maintainers chose."""
    files = {**CONFIGURED, "scripts/check": "#!/bin/sh\n", "scripts/test": "#!/bin/sh\n"}

    assert commands(files, workflows=workflow) == expected


@pytest.mark.parametrize(
    ("files", "workflow", "expected"),
    [
        pytest.param({}, "run: pytest", ("python -m pytest",), id="pytest only"),
        pytest.param({}, "run: pytest; mypy", ("python -m mypy", "python -m pytest"), id="in the workflow"),
        pytest.param(
            {".pre-commit-config.yaml": "id: mypy"}, "run: pytest", ("python -m mypy", "python -m pytest"), id="a hook"
        ),
        pytest.param(
            {"Makefile": "types:\n\tmypy\n"}, "run: pytest", ("python -m mypy", "python -m pytest"), id="a recipe"
        ),
        pytest.param({}, "run: scripts/check && pytest", ("python -m mypy", "python -m pytest"), id="a script"),
        pytest.param({}, "run: true", ("python -m mypy", "python -m pytest"), id="none of them"),
    ],
)
def test_a_tool_that_nothing_runs_is_not_a_check(
    files: dict[str, str], workflow: str, expected: tuple[str, ...]
) -> None:
    """The settings of mypy may be for editors, with errors that the maintainers accept."""
    assert commands({**CONFIGURED, **files}, workflows=workflow) == expected


def test_the_settings_of_hatch_fmt_are_used() -> None:
    """Hatch checks the format only in its own environment."""
    files = {"hatch.toml": "[envs.hatch-test]\n[envs.hatch-static-analysis]\nconfig-path = 'ruff.toml'\n"}

    assert commands(files) == ("python -m hatch test", "python -m hatch fmt --check")


def test_runners_with_their_own_environments_do_not_require_the_package() -> None:
    """Pytest must be in the environment of the package; nox creates its own environments."""
    configured = detect_checks({"pyproject.toml": "[tool.ruff]\n[tool.pytest.ini_options]\n"})
    nox = detect_checks({"noxfile.py": ""})

    assert configured is not None
    assert nox is not None
    assert configured.needs_package is True
    assert (nox.needs_package, nox.tools) == (False, {"nox": "nox"})
