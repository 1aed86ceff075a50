"""Which checks a project has."""

from __future__ import annotations

import pytest

from tagship.core.gate.detection import detect_checks

ALL = {
    "Makefile": "check:\n\tpytest\n",
    "noxfile.py": "",
    "tox.ini": "[tox]\n",
    "justfile": "check:\n",
    "pyproject.toml": "[tool.ruff]\n",
}


def commands(files: dict[str, str], folders: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """Return the commands that are found."""
    detected = detect_checks(files, folders)
    return detected.commands if detected else None


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        pytest.param([], "make check", id="make comes first"),
        pytest.param(["Makefile"], "nox --no-error-on-missing-interpreters", id="then nox"),
        pytest.param(["Makefile", "noxfile.py"], "tox run --skip-missing-interpreters true", id="then tox"),
        pytest.param(["Makefile", "noxfile.py", "tox.ini"], "just check", id="then just"),
        pytest.param(["Makefile", "noxfile.py", "tox.ini", "justfile"], "ruff check .", id="then the tools"),
    ],
)
def test_the_projects_own_entry_point_comes_first(without: list[str], expected: str) -> None:
    """One way of checking is taken, the one that its people most likely type."""
    assert commands({name: text for name, text in ALL.items() if name not in without}) == (expected,)


@pytest.mark.parametrize(
    "makefile",
    [
        pytest.param("check: lint\n\tpytest\n", id="with prerequisites"),
        pytest.param("check::\n\tpytest\n", id="with a double colon"),
        pytest.param("lint check test:\n\tpytest\n", id="among other targets"),
        pytest.param(".PHONY: check\ncheck:\n\tpytest\n", id="below its declaration"),
        pytest.param("# check: runs everything\ncheck:\n\tpytest\n", id="below a comment about it"),
    ],
)
def test_a_make_target_is_found(makefile: str) -> None:
    """The target may be written in any of make's ways."""
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
def test_what_only_looks_like_the_target_is_none(makefile: str) -> None:
    """``make check`` is not run where make would not know it."""
    assert commands({"Makefile": makefile}) is None


@pytest.mark.parametrize(
    ("files", "folders", "expected"),
    [
        pytest.param({"tox.ini": "[flake8]\n"}, (), None, id="a tox.ini of other tools"),
        pytest.param({"tox.ini": "[pytest]\n"}, (), ("pytest",), id="a tox.ini with pytest's settings"),
        pytest.param(
            {"pyproject.toml": "[tool.tox]\n"}, (), ("tox run --skip-missing-interpreters true",), id="tox in pyproject"
        ),
        pytest.param({"justfile": "test *args:\n  pytest\n"}, (), ("just test",), id="a recipe test"),
        pytest.param({"justfile": "test:\ncheck:\n"}, (), ("just check",), id="check before test"),
        pytest.param({"justfile": "check := 'x'\n"}, (), None, id="a variable of just"),
        pytest.param(
            {"pyproject.toml": "[tool.ruff.format]\n[tool.mypy]\n[tool.pytest.ini_options]\n"},
            (),
            ("ruff check .", "ruff format --check .", "mypy .", "pytest"),
            id="everything in pyproject",
        ),
        pytest.param({"pyproject.toml": "[tool.mypy]\nfiles = ['src']\n"}, (), ("mypy",), id="mypy knows its files"),
        pytest.param({"mypy.ini": "[mypy]\npackages = a\n"}, (), ("mypy",), id="mypy.ini names packages"),
        pytest.param({"setup.cfg": "[mypy]\n[tool:pytest]\n"}, (), ("mypy .", "pytest"), id="setup.cfg"),
        pytest.param({"pyproject.toml": "tool.ruff = 1\n"}, (), ("ruff check .",), id="a table that is none"),
        pytest.param({"ruff.toml": "[format]\n"}, (), ("ruff check .", "ruff format --check ."), id="ruff.toml"),
        pytest.param({"pytest.ini": ""}, (), ("pytest",), id="pytest.ini"),
        pytest.param({}, ("tests",), ("pytest",), id="a folder of tests"),
        pytest.param({"pyproject.toml": "[project]\n"}, ("src",), None, id="nothing"),
        pytest.param({"pyproject.toml": "not = = toml"}, (), None, id="a broken pyproject"),
    ],
)
def test_configured_tools_are_found(
    files: dict[str, str], folders: tuple[str, ...], expected: tuple[str, ...] | None
) -> None:
    """Each tool counts where the project has configured it."""
    assert commands(files, folders) == expected


def test_tools_that_import_the_package_stand_in_its_environment() -> None:
    """A pytest from elsewhere could not import the package; nox brings its own environments."""
    configured = detect_checks({"pyproject.toml": "[tool.ruff]\n[tool.pytest.ini_options]\n"}, ())
    nox = detect_checks({"noxfile.py": ""}, ())

    assert configured is not None
    assert nox is not None
    assert (configured.libraries, configured.needs_package) == (frozenset({"ruff", "pytest"}), True)
    assert (nox.libraries, nox.needs_package, nox.tools) == (frozenset(), False, {"nox": "nox"})
