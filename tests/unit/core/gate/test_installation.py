"""The installation before the checks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagship.core.gate.detection import Detected
from tagship.core.gate.installation import planned, refuse_missing_extras, split_arguments
from tagship.core.project.declaration import Declaration
from tagship.core.project.development import Development
from tagship.core.project.facts import ProjectFacts
from tagship.errors import Failure

PYTEST = ("pytest>=8",)
CHECKS = Detected(commands=(), reason="", tools={"pytest": "pytest", "ruff": "ruff==0.4.1"})
NOX = Detected(commands=(), reason="", tools={"nox": "nox"}, needs_package=False)
LOCK = '[[package]]\nname = "pytest"\nversion = "8.1"\n[[package]]\nname = "toolz"\nversion = "0.12.0"\n'


def facts(*, is_package: bool = True, backend: str = "", lock: str = "", **declared: object) -> ProjectFacts:
    """Return a project with these development dependencies, build backend and lock file."""
    return ProjectFacts(
        declaration=Declaration(file="pyproject.toml", is_package=is_package, backend=backend),
        development=Development(**declared),  # type: ignore[arg-type]
        lock=lock,
        lock_text=LOCK,
    )


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        pytest.param({}, ["--editable", "."], id="the package alone"),
        pytest.param({"extras": {"dev": (), "docs": ()}}, ["--editable", ".[dev]"], id="the extra dev"),
        pytest.param({"groups": {"dev": (), "docs": ()}}, ["--editable", ".", "--group", "dev"], id="the group dev"),
        pytest.param(
            {"extras": {"dev": ()}, "groups": {"test": PYTEST}},
            ["--editable", ".[dev]", "--group", "test"],
            id="the extra dev and the group test",
        ),
        pytest.param(
            {"extras": {"Test": (), "dev": ()}}, ["--editable", ".[Test,dev]"], id="extras for tests and development"
        ),
        pytest.param(
            {"groups": {"quality": PYTEST}}, ["--editable", ".", "--group", "quality"], id="a group with a tool"
        ),
        pytest.param(
            {"groups": {"check": (), "docs": ()}, "defaults": ("check",)},
            ["--editable", ".", "--group", "check"],
            id="a default group",
        ),
        pytest.param(
            {"requirements": ("pytest", "toolz==0.12.0")},
            ["--editable", ".", "pytest", "toolz==0.12.0"],
            id="requirements of another table",
        ),
        pytest.param(
            {"files": ("requirements-dev.txt",)},
            ["--editable", ".", "--requirements", "requirements-dev.txt"],
            id="a requirements file without anything else",
        ),
        pytest.param(
            {"files": ("requirements-dev.txt",), "extras": {"dev": ()}},
            ["--editable", ".[dev]"],
            id="an extra before a file",
        ),
        pytest.param({"is_package": False, "groups": {"dev": ()}}, ["--group", "dev"], id="a folder without a package"),
        pytest.param({"backend": "mesonpy"}, ["."], id="meson-python is not editable"),
    ],
)
def test_development_dependencies_are_installed(declared: dict[str, object], expected: list[str]) -> None:
    """The package is installed with everything that it declares for its development."""
    plan = planned(facts(**declared), CHECKS, "installed", extras=(), groups=())  # type: ignore[arg-type]

    assert [*plan.package, *plan.requirements] == expected


def test_explicit_extras_and_groups_are_used_unchanged() -> None:
    """The inputs replace the detected extras, groups and requirements."""
    project = facts(extras={"dev": ()}, groups={"dev": ()}, requirements=("toolz",), files=("requirements-dev.txt",))

    plan = planned(project, None, "installed", extras=("a", "b"), groups=("c",))

    assert [*plan.package, *plan.requirements] == ["--editable", ".[a,b]", "--group", "c"]


def test_a_group_with_a_program_of_the_command_is_installed() -> None:
    """A command that is set in the workflow finds its programs too."""
    project = facts(groups={"linting": ("mypy",), "docs": ("sphinx",)})

    plan = planned(project, None, "installed", extras=(), groups=(), command="python -m mypy hello")

    assert plan.package == ("--editable", ".", "--group", "linting")


def test_a_lock_of_uv_is_installed_by_uv() -> None:
    """``uv sync --locked`` installs the package, the default groups, and the other groups for development."""
    project = facts(lock="uv.lock", groups={"test": PYTEST}, extras={"dev": ()}, requirements=("toolz",))

    plan = planned(project, CHECKS, "installed", extras=(), groups=())

    assert plan.sync == ("sync", "--locked", "--inexact", "--extra", "dev", "--group", "test")
    assert plan.requirements == ("toolz",)
    assert plan.constraints == ()


def test_other_locks_are_constraints() -> None:
    """The versions of the lock are installed, and the declared requirements decide which packages."""
    project = facts(lock="poetry.lock", requirements=("pytest", "toolz"))

    plan = planned(project, CHECKS, "installed", extras=(), groups=())

    assert plan.constraints == ("pytest==8.1", "toolz==0.12.0")
    assert (plan.sync, plan.warnings) == ((), ())


def test_a_lock_can_be_ignored() -> None:
    """``install: latest`` installs the newest versions that the project admits."""
    plan = planned(facts(lock="uv.lock", requirements=("toolz",)), CHECKS, "ignored", extras=(), groups=())

    assert (plan.sync, plan.constraints) == ((), ())


@pytest.mark.parametrize(
    ("lock", "requirement", "cause"),
    [
        pytest.param("poetry.lock", "humanize", "poetry.lock is out of date: it does not have humanize.", id="missing"),
        pytest.param(
            "uv.lock", "toolz", "uv.lock is out of date: uv does not accept it for pyproject.toml.", id="refused by uv"
        ),
    ],
)
def test_a_stale_lock_is_a_warning(lock: str, requirement: str, cause: str) -> None:
    """The checks run, with a warning that has the command that updates the lock."""
    project = facts(lock=lock, requirements=(requirement,))

    (warning,) = planned(project, None, "constraints", extras=(), groups=()).warnings

    assert warning.found.startswith(cause)
    assert warning.remedy == f"Update the lock file and commit it: {lock.removesuffix('.lock')} lock"
    assert warning.file == lock


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        pytest.param({}, "ruff==0.4.1", id="not declared"),
        pytest.param({"groups": {"dev": ("ruff<1",)}}, "ruff", id="declared in a group"),
        pytest.param({"files": ("requirements-dev.txt",)}, "ruff", id="possibly in a requirements file"),
    ],
)
def test_a_declared_tool_has_its_declared_version(declared: dict[str, object], expected: str) -> None:
    """The version of a hook counts only without a requirement of the project."""
    plan = planned(facts(**declared), CHECKS, "installed", extras=(), groups=())  # type: ignore[arg-type]

    assert plan.tools["ruff"] == expected


def test_a_runner_with_its_own_environments_is_installed_as_declared() -> None:
    """Only the requirements of the runner and its plugins are installed, not the package."""
    project = facts(groups={"dev": ("nox>=2024", "nox-uv", "pytest")})

    plan = planned(project, NOX, "installed", extras=(), groups=())

    assert (plan.package, plan.requirements, plan.tools) == ((), ("nox-uv",), {"nox": "nox>=2024"})


def test_a_detected_plugin_is_installed_once() -> None:
    """A plugin that the configuration and a group name has the requirement of the group."""
    tox = Detected(commands=(), reason="", tools={"tox": "tox", "tox-uv": "tox-uv"}, needs_package=False)

    plan = planned(facts(groups={"dev": ("tox-uv>=1", "tox-gh")}), tox, "installed", extras=(), groups=())

    assert (plan.requirements, plan.tools) == (("tox-gh",), {"tox": "tox", "tox-uv": "tox-uv>=1"})


def test_an_unreadable_entry_is_a_warning() -> None:
    """An entry that is not installed is reported before the checks run."""
    plan = planned(facts(unread=("'x y' is not a requirement",)), None, "installed", extras=(), groups=())

    assert [warning.topic for warning in plan.warnings] == ["unreadable-development-dependency"]


def test_lines_are_arguments() -> None:
    """Quotes work as in a shell, without expansion."""
    assert split_arguments(["-e '.[test]' pytest", "$HOME `id`"]) == ("-e", ".[test]", "pytest", "$HOME", "`id`")


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


def test_the_groups_of_a_workspace_have_the_locked_versions() -> None:
    """``uv sync`` installs those of the member only, so the lock file of the workspace constrains the others."""
    project = replace(facts(lock="uv.lock", requirements=("toolz",)), folder="packages/a")

    plan = planned(project, CHECKS, "installed", extras=(), groups=())

    assert plan.sync == ("sync", "--locked", "--inexact")
    assert (plan.requirements, plan.warnings) == (("toolz",), ())
    assert "toolz==0.12.0" in plan.constraints


def test_all_extras_are_installed_if_the_workflows_do() -> None:
    """The tests of optional features need the packages of their extras."""
    project = facts(extras={"toml": (), "yaml": ()}, groups={"dev": ()})
    workflows = {".github/workflows/ci.yml": "run: uv sync --all-extras\n"}

    assert planned(project, CHECKS, "ignored", extras=(), groups=()).package == ("--editable", ".", "--group", "dev")
    plan = planned(replace(project, workflows=workflows), CHECKS, "ignored", extras=(), groups=())
    assert plan.package == ("--editable", ".[toml,yaml]", "--group", "dev")
