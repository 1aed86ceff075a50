"""The development dependencies that project files declare."""

from __future__ import annotations

import pytest

from tagship.core.project.development import read_development
from tagship.errors import Failure

POETRY = """
[tool.poetry.dependencies]
python = "^3.9"
click = "^8"
[tool.poetry.dev-dependencies]
old = "*"
[tool.poetry.group.test.dependencies]
pytest = "^8"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = "*"
"""
HATCH = """
[envs.hatch-test]
extra-dependencies = ["toolz", "local @ {root:uri}/local"]
dependency-groups = ["test"]
[envs.docs]
dependencies = ["sphinx"]
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"pyproject.toml": "[tool.uv]\ndev-dependencies = ['toolz==0.12']\n"}, ["toolz==0.12"], id="uv"),
        pytest.param({"pyproject.toml": POETRY}, ["old", "pytest<9,>=8"], id="Poetry"),
        pytest.param(
            {"pyproject.toml": f"{POETRY}[tool.poetry]\npackage-mode = false\n"},
            ["old", "pytest<9,>=8", "click<9,>=8"],
            id="Poetry without a package",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.pdm.dev-dependencies]\na = ['x']\nb = ['y', 'x']\n"}, ["x", "y"], id="PDM"
        ),
        pytest.param(
            {"pyproject.toml": "[tool.pdm.dev-dependencies]\na = ['-e file:///${PROJECT_ROOT}/sub/one#egg=one']\n"},
            ["./sub/one"],
            id="a folder in PDM",
        ),
        pytest.param(
            {
                "pyproject.toml": POETRY.replace(
                    "[tool.poetry.group.test.dep",
                    "[tool.poetry.group.test]\noptional = true\n[tool.poetry.group.test.dep",
                )
            },
            ["old", "pytest<9,>=8"],
            id="an optional group of Poetry for tests",
        ),
        pytest.param({"hatch.toml": HATCH}, ["toolz"], id="hatch.toml"),
        pytest.param(
            {"pyproject.toml": "[tool.hatch.envs.default]\ndependencies = ['x']\n"}, ["x"], id="hatch in pyproject.toml"
        ),
        pytest.param({"pyproject.toml": "tool = 1\ndependency-groups = [1]\nproject = 'x'\n"}, [], id="wrong types"),
        pytest.param({"pyproject.toml": "= ="}, [], id="invalid TOML"),
        pytest.param({}, [], id="nothing"),
    ],
)
def test_the_tables_of_every_tool_are_read(files: dict[str, str], expected: list[str]) -> None:
    """The development dependencies of a project are found in the tables of each tool."""
    assert list(read_development(files, ()).requirements) == expected


def test_a_member_has_the_groups_of_its_workspace() -> None:
    """The tests of all members use the tools in the group of the root, but no member comes from the index."""
    root = (
        "[dependency-groups]\ndev = ['toolz', 'member']\ndocs = ['sphinx']\n"
        "[tool.uv]\ndev-dependencies = ['pytest']\n[tool.uv.sources]\nmember = {workspace = true}\n"
    )

    assert read_development({}, (), root).requirements == ("toolz", "pytest")


def test_groups_include_others() -> None:
    """A group has the requirements of the groups that it includes."""
    text = "[dependency-groups]\ntest = ['pytest']\ndev = [{include-group = 'test'}, 'ruff']\n"

    assert read_development({"pyproject.toml": text}, ()).groups == {"test": ("pytest",), "dev": ("pytest", "ruff")}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param("", ((), ("test", "dev")), id="no conflict"),
        pytest.param("conflicts = [[{group = 'test'}, {group = 'dev'}]]", ((), ("dev",)), id="the group of uv"),
        pytest.param(
            "default-groups = ['test']\nconflicts = [[{group = 'test'}, {group = 'dev'}]]",
            ((), ("test",)),
            id="the default group",
        ),
        pytest.param("conflicts = [[{extra = 'test'}, {group = 'dev'}]]", ((), ("test", "dev")), id="an extra"),
        pytest.param("conflicts = [1, [2, {group = 3}]]", ((), ("test", "dev")), id="wrong types"),
    ],
)
def test_groups_that_conflict_are_not_installed_together(
    settings: str, expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    """Uv refuses to install groups that the project declares as conflicting."""
    text = f"[dependency-groups]\ntest = ['a==1']\ndev = ['a==2']\n[tool.uv]\n{settings}\n"

    assert read_development({"pyproject.toml": text}, ()).selected(()) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param("[tool.uv]\ndefault-groups = ['a']\n", ("a",), id="named"),
        pytest.param("[tool.uv]\ndefault-groups = 'all'\n", ("a", "b"), id="all"),
        pytest.param("[tool.hatch.envs.test]\ndependency-groups = ['b']\n", ("b",), id="of an environment of hatch"),
    ],
)
def test_default_groups_are_read(table: str, expected: tuple[str, ...]) -> None:
    """The groups that the project's own tool installs unasked are known."""
    text = f"[dependency-groups]\na = []\nb = []\n{table}"

    assert read_development({"pyproject.toml": text}, ()).defaults == expected


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        pytest.param("[tool.uv]\ndev-dependencies = ['--index-url x']\n", "'--index-url x' is not", id="an option"),
        pytest.param("[tool.poetry.dev-dependencies]\na = 'latest'\n", "'a latest' is not", id="an unknown constraint"),
        pytest.param(
            "[dependency-groups]\na = [{include-group = 'b'}]\n", "dependency group a: ", id="a missing group"
        ),
        pytest.param("[dependency-groups]\na = 1\n", "dependency group a: ", id="a group of the wrong type"),
    ],
)
def test_an_invalid_entry_is_reported(text: str, unread: str) -> None:
    """An entry that cannot be installed is reported, and never becomes an option of the installer."""
    found = read_development({"pyproject.toml": text}, ())

    assert [entry[: len(unread)] for entry in found.unread] == [unread]
    assert (found.requirements, found.groups) == ((), {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("-e .[cli]\n\n# Tests\npytest==8.3\n", ("requirements.txt",), id="with pytest"),
        pytest.param("click\npytest-like\n", ("requirements.txt",), id="with a plugin of pytest"),
        pytest.param("click\n# pytest\n", (), id="for the application alone"),
    ],
)
def test_a_requirements_file_with_pytest_is_for_development(text: str, expected: tuple[str, ...]) -> None:
    """Some projects have one requirements file for everything."""
    assert read_development({"requirements.txt": text}, ()).files == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["requirements-dev.txt", "requirements/dev.txt"], ("requirements-dev.txt",), id="the first one"),
        pytest.param(
            ["requirements/test.txt", "requirements_dev.txt"],
            ("requirements_dev.txt", "requirements/test.txt"),
            id="one for development and one for tests",
        ),
        pytest.param(["requirements.txt"], (), id="none for development"),
    ],
)
def test_requirements_files_are_found(names: list[str], expected: tuple[str, ...]) -> None:
    """The first file for development and the first one for tests count."""
    assert read_development(dict.fromkeys(names, ""), ()).files == expected


def test_included_groups_are_resolved() -> None:
    """Dependency groups (PEP 735) contain the requirements of the groups they include."""
    text = '[dependency-groups]\ntest = ["pytest>=8", {include-group = "lint"}]\nlint = ["ruff"]\n'

    assert read_development({"pyproject.toml": text}, ()).required(["Test"]) == ("pytest>=8", "ruff")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="a missing group"),
        pytest.param('[dependency-groups]\ntest = [{include-group = "test"}]', id="a group includes itself"),
        pytest.param("[dependency-groups]\ntest = [3]", id="an entry is a number"),
        pytest.param('[dependency-groups]\ntest = ["not a requirement!"]', id="an entry is not a requirement"),
    ],
)
def test_invalid_groups_are_reported(text: str) -> None:
    """The message contains the group's name."""
    with pytest.raises(Failure, match="Resolving the dependency groups test failed"):
        read_development({"pyproject.toml": text}, ()).required(["test"])
