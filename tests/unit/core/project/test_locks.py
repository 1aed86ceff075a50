"""Lock files as constraints."""

from __future__ import annotations

import pytest

from tagship.core.project.locks import read_lock


def package(name: str, version: str = "1.0", extra: str = "", table: str = "package") -> str:
    """Return a locked package."""
    return f'[[{table}]]\nname = "{name}"\nversion = "{version}"\n{extra}\n'


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("poetry.lock", package("a") + package("b"), ("a==1.0", "b==1.0"), id="poetry.lock"),
        pytest.param("pdm.lock", package("a"), ("a==1.0",), id="pdm.lock"),
        pytest.param("pylock.toml", package("a", table="packages"), ("a==1.0",), id="pylock.toml"),
        pytest.param("uv.lock", package("a", extra='source = { editable = "." }'), (), id="the project itself"),
        pytest.param("poetry.lock", package("a", extra='source = { type = "git" }'), (), id="a package from git"),
        pytest.param(
            "poetry.lock",
            package("a", "1", "markers = \"os_name == 'x'\"") + package("a", "2", "markers = \"os_name != 'x'\""),
            ('a==1; os_name == "x"', 'a==2; os_name != "x"'),
            id="two versions with markers",
        ),
        pytest.param("poetry.lock", package("a", "1") + package("a", "2"), (), id="two versions without markers"),
        pytest.param("poetry.lock", package("-r x", "1") + package("b", "\\n-r x"), (), id="options of an installer"),
        pytest.param("poetry.lock", "package = [1]\n", (), id="a wrong type"),
        pytest.param("poetry.lock", "# lock\n", (), id="an empty lock"),
        pytest.param("poetry.lock", "= =", (), id="invalid TOML"),
    ],
)
def test_locked_versions_are_constraints(path: str, text: str, expected: tuple[str, ...]) -> None:
    """A lock is data: every constraint is a name, a version and a marker."""
    assert read_lock(path, text, ()).constraints == expected


@pytest.mark.parametrize(
    ("requirement", "cause"),
    [
        pytest.param("a>=1", "", id="a version that fits"),
        pytest.param("A", "", id="another spelling"),
        pytest.param("a>=2", "it has a==1.0 for a>=2", id="a version that does not fit"),
        pytest.param("b", "it does not have b", id="a missing package"),
        pytest.param("b ; os_name == 'x'", "", id="a requirement of some environments"),
        pytest.param("b @ https://e.com/b.whl", "", id="a URL"),
        pytest.param("./b", "", id="a folder"),
    ],
)
def test_a_requirement_that_the_lock_does_not_fit_is_found(requirement: str, cause: str) -> None:
    """A stale lock is reported with its cause, and does not constrain the packages that it does not fit."""
    lock = read_lock("poetry.lock", package("a"), [requirement])

    assert (lock.problem.found if lock.problem else "") == (
        f"poetry.lock is out of date: {cause}. The checks run with the newest versions of what it does not fit."
        if cause
        else ""
    )
    assert ("a==1.0" in lock.constraints) is not cause.startswith("it has")
