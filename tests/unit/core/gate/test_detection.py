"""Checks that a project has configured, and the packages they need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagship.core.gate.detection import detect_checks, refuse_missing_extras, split_arguments, wanted_installs
from tagship.core.project.declaration import Declaration
from tagship.errors import Failure

PACKAGE = Declaration(file="pyproject.toml", is_package=True)

ALL = {
    "Makefile": "check:\n\tpytest\n",
    "noxfile.py": "",
    "tox.ini": "[tox]\n",
    "justfile": "check:\n",
    "pyproject.toml": "[tool.ruff]\n",
}


def commands(files: dict[str, str], folders: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """Return the detected commands."""
    detected = detect_checks(files, folders)
    return detected.commands if detected else None


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        pytest.param([], "make check", id="make comes first"),
        pytest.param(["Makefile"], "python -m nox --no-error-on-missing-interpreters", id="then nox"),
        pytest.param(["Makefile", "noxfile.py"], "python -m tox run --skip-missing-interpreters true", id="then tox"),
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
        pytest.param("# check: runs everything\ncheck:\n\tpytest\n", id="after a comment about it"),
    ],
)
def test_a_make_target_is_found(makefile: str) -> None:
    """Every valid form of the target is detected."""
    assert commands({"Makefile": makefile}) == ("make check",)


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
    detected = detect_checks(files, ())

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
            ("python -m tox run --skip-missing-interpreters true",),
            id="tox in pyproject.toml",
        ),
        pytest.param({"justfile": "test *args:\n  pytest\n"}, (), ("just test",), id="just recipe test"),
        pytest.param({"justfile": "test:\ncheck:\n"}, (), ("just check",), id="just recipe check before test"),
        pytest.param({"justfile": "check := 'x'\n"}, (), None, id="just variable"),
        pytest.param(
            {"pyproject.toml": "[tool.ruff.format]\n[tool.mypy]\n[tool.pytest.ini_options]\n"},
            (),
            ("python -m ruff check .", "python -m ruff format --check .", "python -m mypy .", "python -m pytest"),
            id="all tools in pyproject.toml",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.mypy]\nfiles = ['src']\n"}, (), ("python -m mypy",), id="mypy with files"
        ),
        pytest.param({"mypy.ini": "[mypy]\npackages = a\n"}, (), ("python -m mypy",), id="mypy.ini with packages"),
        pytest.param(
            {"setup.cfg": "[mypy]\n[tool:pytest]\n"}, (), ("python -m mypy .", "python -m pytest"), id="setup.cfg"
        ),
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
    assert commands(files, folders) == expected


def test_tools_that_import_the_package_share_its_environment() -> None:
    """Pytest must be in the environment of the package; nox creates its own environments."""
    configured = detect_checks({"pyproject.toml": "[tool.ruff]\n[tool.pytest.ini_options]\n"}, ())
    nox = detect_checks({"noxfile.py": ""}, ())

    assert configured is not None
    assert nox is not None
    assert (configured.libraries, configured.needs_package) == (frozenset({"ruff", "pytest"}), True)
    assert (nox.libraries, nox.needs_package, nox.tools) == (frozenset(), False, {"nox": "nox"})


@pytest.mark.parametrize(
    ("extras", "groups", "present", "expected"),
    [
        pytest.param((), (), (), ["--editable", "."], id="the package alone"),
        pytest.param(("dev", "docs"), (), (), ["--editable", ".[dev]"], id="the extra dev"),
        pytest.param((), ("dev", "docs"), (), ["--editable", ".", "--group", "dev"], id="the group dev"),
        pytest.param(("dev",), ("dev",), (), ["--editable", ".[dev]", "--group", "dev"], id="both"),
        pytest.param(("tests",), (), (), ["--editable", ".[tests]"], id="tests without dev"),
        pytest.param(("dev", "test"), (), (), ["--editable", ".[dev]"], id="dev before test"),
        pytest.param((), ("Dev",), (), ["--editable", ".", "--group", "Dev"], id="a group in upper case"),
        pytest.param(("DEV",), (), (), ["--editable", ".[DEV]"], id="an extra in upper case"),
        pytest.param(
            ("docs",),
            (),
            ("requirements/dev.txt", "requirements-dev.txt"),
            ["--editable", ".", "--requirements", "requirements-dev.txt"],
            id="a requirements file without either",
        ),
        pytest.param(("dev",), (), ("requirements-dev.txt",), ["--editable", ".[dev]"], id="an extra before a file"),
    ],
)
def test_development_dependencies_are_found(
    extras: tuple[str, ...], groups: tuple[str, ...], present: tuple[str, ...], expected: list[str]
) -> None:
    """The package is installed with its development extra, group or requirements file."""
    declared = replace(PACKAGE, extras=extras, groups=groups)

    assert wanted_installs(declared, present, extras=(), groups=()) == expected


def test_explicit_extras_and_groups_are_used_unchanged() -> None:
    """The inputs replace the detected extras and groups."""
    declared = replace(PACKAGE, extras=("dev",), groups=("dev",))

    arguments = wanted_installs(declared, ("requirements-dev.txt",), extras=("a", "b"), groups=("c",))

    assert arguments == ["--editable", ".[a,b]", "--group", "c"]


def test_a_folder_without_a_package_installs_only_its_groups() -> None:
    """Nothing is built without a package."""
    declared = replace(PACKAGE, is_package=False, groups=("dev",))

    assert wanted_installs(declared, (), extras=(), groups=()) == ["--group", "dev"]
    assert wanted_installs(None, ("requirements-dev.txt",), extras=(), groups=()) == [
        "--requirements",
        "requirements-dev.txt",
    ]


def test_lines_are_arguments() -> None:
    """Quotes work as in a shell, without expansion."""
    assert split_arguments(["-e '.[test]' pytest", "$HOME `id`"]) == ["-e", ".[test]", "pytest", "$HOME", "`id`"]


def test_unclosed_quotes_are_reported() -> None:
    """Every line with an unclosed quote has a problem."""
    with pytest.raises(Failure) as caught:
        split_arguments(["'a", "b", '"c'])

    assert len(caught.value.problems) == 2


def test_a_missing_extra_of_the_checkout_is_refused() -> None:
    """The package of the checkout must have every requested extra, although uv only warns."""
    warning = "warning: The package `hello @ file:///work` does not have an extra named `{}`\n"

    with pytest.raises(Failure, match="The package has no extra dve, tst, so"):
        refuse_missing_extras(f"Resolved\n{warning.format('dve')}{warning.format('tst')}{warning.format('dve')}")


@pytest.mark.parametrize(
    "output",
    [
        "",
        "warning: The package `rich==13.0` does not have an extra named `x`\n",
        "`a @ https://x.invalid/a` does not have an extra named `x`\n",
    ],
)
def test_a_missing_extra_of_another_package_is_ignored(output: str) -> None:
    """The project cannot fix the requirements of its dependencies."""
    refuse_missing_extras(output)
