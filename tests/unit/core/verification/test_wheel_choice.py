"""Choice of the wheel to verify, and the reason if there is none."""

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
    """Return the tags of a Linux machine, best first."""
    return LINUX


def not_called() -> Sequence[Tag]:
    """Fail the test."""
    raise AssertionError("the tags of the interpreter are not needed")


def test_the_most_specific_compatible_wheel_is_chosen() -> None:
    """Pip and uv choose the same."""
    wheels = [wheel(tag=tag) for tag in ("py3-none-any", "cp311-cp311-win_amd64", "cp311-cp311-manylinux_2_28_x86_64")]

    assert best_wheel(wheels, supported, "3.11").filename.endswith("manylinux_2_28_x86_64.whl")


def test_the_highest_build_number_is_chosen() -> None:
    """A rebuilt wheel has a higher build number."""
    wheels = [
        IndexFile(filename=f"hello-1.0-{number}py3-none-any.whl", url="", sha256="", yanked=False)
        for number in ("", "2-", "10-", "9a-")
    ]

    assert best_wheel(wheels, supported, "3.11").filename == "hello-1.0-10-py3-none-any.whl"


def test_a_universal_wheel_needs_no_tags() -> None:
    """Reading the tags of an interpreter costs a process."""
    assert best_wheel([wheel(tag="py2.py3-none-any")], not_called, "3.11").tags


def test_incompatible_wheels_are_refused() -> None:
    """The message names the Python and the wheels."""
    with pytest.raises(
        Failure, match=r"compatible with Python 3\.11\.7 on this platform: hello-1.0-cp311-cp311-win_amd64"
    ):
        best_wheel([wheel(tag="cp311-cp311-win_amd64")], supported, "3.11.7")


@pytest.mark.parametrize(
    "other", [wheel("bye", "1.0"), wheel("hello", "1.1")], ids=["another package", "another version"]
)
def test_a_glob_over_several_packages_is_refused(other: object) -> None:
    """The outputs have only one package and version."""
    with pytest.raises(Failure, match=r"'dist/\*' matches wheels of several packages or versions"):
        require_one_package("dist/*", [wheel("hello", "1.0"), other])  # type: ignore[list-item]


def test_one_package_in_several_spellings_is_one() -> None:
    """``1.0`` and ``1.0.0`` are one version."""
    require_one_package("dist/*", [wheel("hello", "1.0"), wheel("Hello", "1.0", tag="cp311-cp311-win_amd64")])


def test_another_file_on_the_index_is_refused() -> None:
    """Files with the same name must have the same digest."""
    built, other = wheel(files=["a.py"]), wheel(files=["b.py"])

    require_equal(built, [built, wheel(tag="cp311-cp311-win_amd64")], {})
    with pytest.raises(Failure, match="but the built file has"):
        require_equal(other, [built], {})


def test_a_file_without_a_digest_is_refused_if_there_are_any() -> None:
    """With sha256sums of an earlier job every file on the index must be listed."""
    served = wheel(files=["a.py"])

    require_equal(served, [], {served.filename: served.archive.sha256})
    require_equal(served, [], {})
    with pytest.raises(Failure, match="but sha256sums does not list the file"):
        require_equal(served, [], {"other-1.0-py3-none-any.whl": "0" * 64})


@pytest.mark.parametrize(
    ("name", "version", "project", "expected"),
    [
        ("", "", None, ("hello", Version("1.0"))),
        ("", "", "other", ("hello", Version("1.0"))),
        ("Other_Name", "", None, ("other-name", Version("1.0"))),
        ("", "2.0-rc1", None, ("hello", Version("2.0rc1"))),
    ],
    ids=[
        "both from the built wheel",
        "the built wheel before the project",
        "name from the input",
        "version from the input",
    ],
)
def test_inputs_win_over_the_built_wheel(
    name: str, version: str, project: str | None, expected: tuple[str, Version]
) -> None:
    """Name and version come from the inputs, else from the built wheel."""
    assert release_to_take(name, version, built=[wheel(), sdist()], project=project) == expected


def test_the_name_comes_from_the_project() -> None:
    """Without a built wheel the name comes from pyproject.toml."""
    assert release_to_take("", "1.0", built=[], project="Hello") == ("hello", Version("1.0"))


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("", "1.0", "Unknown name of the package to install from the index: no built wheel"),
        ("hello", "", "Unknown version of the package to install from the index: no built wheel"),
        ("hello", "one", "Unknown version of the package to install from the index: 'one' is not a PEP 440"),
    ],
)
def test_an_unknown_name_or_version_is_an_error(name: str, version: str, said: str) -> None:
    """The message names the input to set."""
    with pytest.raises(Failure, match=said):
        release_to_take(name, version, built=[], project=None)
