"""Lock files as constraints."""

from __future__ import annotations

import pytest

from tagship.core.project.locks import is_outdated, read_lock
from tagship.core.project.tables import parsed


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


@pytest.mark.parametrize(
    ("requirement", "hash_of"),
    [
        pytest.param("hello[all]", "", id="other extras of the project itself"),
        pytest.param(
            "b", "e6c18b33adf08fbe779010b2aa31ea5fe269961fa343269a1b6e10513f96a573", id="a hash that is right"
        ),
    ],
)
def test_a_lock_that_its_tool_accepts_is_current(requirement: str, hash_of: str) -> None:
    """A requirement that is not in a lock file may come from somewhere else."""
    text = package("a") + f'[metadata]\ncontent-hash = "{hash_of}"\n'

    assert read_lock("poetry.lock", text, [requirement], PROJECT + GROUPS).problem is None


def test_a_lock_for_another_pyproject_is_found() -> None:
    """A change that no requirement shows, such as that of an optional group, is in the hash only."""
    text = package("a") + '[metadata]\ncontent-hash = "1"\n'
    lock = read_lock("poetry.lock", text, ["a"], '[tool.poetry.dependencies]\na = "*"\n')

    assert lock.problem is not None
    assert "poetry.lock is out of date: it was written for another pyproject.toml" in lock.problem.found
    assert lock.problem.remedy.endswith(": poetry lock")
    assert lock.constraints == ("a==1.0",)


PROJECT = '[project]\nname = "hello"\nrequires-python = ">=3.11"\ndependencies = ["packaging>=24"]\n'
GROUPS = '[dependency-groups]\ndev = ["pytest"]\n'
POETRY = '[tool.poetry.dependencies]\npython = "^3.11"\npackaging = "^24"\n'
POETRY_GROUP = '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
PDM = '[tool.pdm.dev-dependencies]\nTest_Group = ["pytest"]\n'
OVERRIDES = '[tool.pdm.resolution.overrides]\npackaging = "24.1"\n'


def lock(key: str, digest: str) -> dict[str, dict[str, str]]:
    """Return the content of a lock file with that hash."""
    return {"metadata": {key: digest}}


@pytest.mark.parametrize(
    ("pyproject", "digest"),
    [
        pytest.param(POETRY, "d623fbe1a1d4fa248094cb8c61527cad3b3b68511416a11ba90f86240312a942", id="1.1, 1.8, 2.3"),
        pytest.param(
            POETRY + POETRY_GROUP, "9dea75e015cbd7c6cf6dabdb35b0b411db6240c60f1b6a5eeee87478a7a98491", id="a group"
        ),
        pytest.param(
            PROJECT + GROUPS + POETRY_GROUP,
            "53ca05eb7ac90d44b275593c9a47f4a12346849bdfa0c698609a91e0b79a3d00",
            id="1.8, which ignores the table project",
        ),
        pytest.param(
            PROJECT + GROUPS + POETRY_GROUP,
            "e0d304ee896e00ef3379c74c905c8a136e2ed140d0272b5f16a91530176f5ec5",
            id="2.2, which ignores dependency groups",
        ),
        pytest.param(
            PROJECT + GROUPS + POETRY_GROUP,
            "ce0bc2cd5a6efc1cc3274c571a8a73ad463fa3169c2051841d72a1ec55a306a2",
            id="2.3",
        ),
        pytest.param(PROJECT + GROUPS, "e6c18b33adf08fbe779010b2aa31ea5fe269961fa343269a1b6e10513f96a573", id="groups"),
    ],
)  # fmt: skip
def test_a_lock_of_any_poetry_is_current(pyproject: str, digest: str) -> None:
    """The digests are those that these versions of Poetry compute."""
    assert not is_outdated(lock("content-hash", digest), parsed(pyproject))
    changed = pyproject.replace("pytest", "nox").replace("packaging", "rich")
    assert is_outdated(lock("content-hash", digest), parsed(changed))


@pytest.mark.parametrize(
    ("pyproject", "digest"),
    [
        pytest.param(
            PROJECT + PDM + OVERRIDES, "d85c35eb5a5692f5bcb7c2436c15fa3087177c1423ace359961822d6bd0beae1", id="2.10"
        ),
        pytest.param(
            PROJECT + PDM + OVERRIDES, "6a84d2a1dae635b28d84c6d34aa0b267228e30e32fcdee15e19567edc11cd6b3", id="2.17"
        ),
        pytest.param(
            PROJECT + GROUPS + PDM, "34c6ad203fbbc1ba7b3f07e6e792f2fabe919b8d7d8997d45dd77333d8ee543e", id="2.20"
        ),
    ],
)
def test_a_lock_of_any_pdm_is_current(pyproject: str, digest: str) -> None:
    """The digests are those that these versions of PDM compute."""
    assert not is_outdated(lock("content_hash", f"sha256:{digest}"), parsed(pyproject))
    assert is_outdated(lock("content_hash", f"sha256:{digest}"), parsed(pyproject.replace("packaging", "rich")))


@pytest.mark.parametrize(
    ("pyproject", "metadata"),
    [
        pytest.param(PROJECT, {}, id="no hash"),
        pytest.param(PROJECT, {"content_hash": "crc:1"}, id="another algorithm"),
        pytest.param(POETRY, {"content_hash": "sha256:1"}, id="PDM with the tables of Poetry"),
        pytest.param(PROJECT + "[tool.pdm.workspace]\n", {"content_hash": "sha256:1"}, id="a workspace of PDM"),
        pytest.param(PROJECT + "[tool.poetry]\nsource = 2020-01-01\n", {"content-hash": "1"}, id="a wrong type"),
        pytest.param("[project]\n[dependency-groups]\na = 1\n", {"content_hash": "sha256:1"}, id="a wrong group"),
    ],
)
def test_a_hash_that_cannot_be_compared_is_ignored(pyproject: str, metadata: dict[str, str]) -> None:
    """Only a hash that all versions compute differently is one."""
    assert not is_outdated({"metadata": metadata}, parsed(pyproject))
