"""Of several wheels the one an interpreter would install is chosen, and of none it is said why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.tags import Tag
from packaging.version import Version

from support.archives import sdist, wheel
from tagship.core.index_page import IndexFile
from tagship.core.verification.wheel_choice import best_wheel, release_to_take, require_equal, require_one_package
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

LINUX = [
    Tag("cp311", "cp311", "manylinux_2_28_x86_64"),
    Tag("cp311", "abi3", "linux_x86_64"),
    Tag("py3", "none", "any"),
]


def supported() -> Sequence[Tag]:
    """Return the tags of some Linux machine, best first."""
    return LINUX


def not_asked() -> Sequence[Tag]:
    """Fails the test when it is called."""
    raise AssertionError("the interpreter was asked for nothing")


def test_the_most_specific_fitting_wheel_is_chosen() -> None:
    """As pip and uv do."""
    wheels = [wheel(tag=tag) for tag in ("py3-none-any", "cp311-cp311-win_amd64", "cp311-cp311-manylinux_2_28_x86_64")]

    assert best_wheel(wheels, supported, "3.11").filename.endswith("manylinux_2_28_x86_64.whl")


def test_of_two_builds_of_a_wheel_the_later_one_is_chosen() -> None:
    """A build number is given to a wheel that was built again."""
    wheels = [
        IndexFile(filename=f"hello-1.0-{number}py3-none-any.whl", url="", sha256="", yanked=False)
        for number in ("", "2-", "10-", "9a-")
    ]

    assert best_wheel(wheels, supported, "3.11").filename == "hello-1.0-10-py3-none-any.whl"


def test_a_universal_wheel_needs_no_question() -> None:
    """Asking an interpreter for its tags costs a process."""
    assert best_wheel([wheel(tag="py2.py3-none-any")], not_asked, "3.11").tags


def test_wheels_for_others_are_refused_by_name() -> None:
    """The message says what there is and what would be needed."""
    with pytest.raises(
        Failure, match=r"Python 3\.11\.7 on this machine takes none of: hello-1.0-cp311-cp311-win_amd64"
    ):
        best_wheel([wheel(tag="cp311-cp311-win_amd64")], supported, "3.11.7")


@pytest.mark.parametrize(
    "other", [wheel("bye", "1.0"), wheel("hello", "1.1")], ids=["another package", "another version"]
)
def test_a_glob_over_several_packages_is_refused(other: object) -> None:
    """Only one package can be named in the outputs."""
    with pytest.raises(Failure, match=r"'dist/\*' matches wheels of"):
        require_one_package("dist/*", [wheel("hello", "1.0"), other])  # type: ignore[list-item]


def test_one_package_in_several_spellings_is_one() -> None:
    """``1.0`` and ``1.0.0`` are one version."""
    require_one_package("dist/*", [wheel("hello", "1.0"), wheel("Hello", "1.0", tag="cp311-cp311-win_amd64")])


def test_a_file_on_the_index_that_was_not_built_is_refused() -> None:
    """The digests are compared where the names are equal, and only there."""
    built, other = wheel(files=["a.py"]), wheel(files=["b.py"])

    require_equal(built, [built, wheel(tag="cp311-cp311-win_amd64")], {})
    with pytest.raises(Failure, match="but what was built has"):
        require_equal(other, [built], {})


@pytest.mark.parametrize(
    ("name", "version", "project", "expected"),
    [
        ("", "", None, ("hello", Version("1.0"))),
        ("Other_Name", "", None, ("other-name", Version("1.0"))),
        ("", "2.0-rc1", None, ("hello", Version("2.0rc1"))),
    ],
    ids=["all from the built wheel", "the name given", "the version given"],
)
def test_what_to_take_is_what_is_told_or_was_built(
    name: str, version: str, project: str | None, expected: tuple[str, Version]
) -> None:
    """Inputs win over the built wheel."""
    assert release_to_take(name, version, built=[wheel(), sdist()], project=project) == expected


def test_the_project_names_itself() -> None:
    """Without a built wheel pyproject.toml has the name."""
    assert release_to_take("", "1.0", built=[], project="Hello") == ("hello", Version("1.0"))


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("", "1.0", "The name to take from the index is not known: no built wheel"),
        ("hello", "", "The version to take from the index is not known: no built wheel"),
        ("hello", "one", "The version to take from the index is not known: 'one' is no version"),
    ],
)
def test_what_is_not_known_is_asked_for(name: str, version: str, said: str) -> None:
    """The message names the input to set."""
    with pytest.raises(Failure, match=said):
        release_to_take(name, version, built=[], project=None)
