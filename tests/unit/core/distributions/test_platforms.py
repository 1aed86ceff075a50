"""The platforms of wheels, and those that a release has no longer."""

from __future__ import annotations

import pytest
from packaging.tags import parse_tag

from support.archives import sdist, wheel
from tagship.core.distributions.agreement import missing_platforms, platforms
from tagship.core.index_page import IndexFile


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", {"manylinux_x86_64"}),
        ("cp312-cp312-manylinux1_i686", {"manylinux_i686"}),
        ("cp312-cp312-musllinux_1_2_aarch64", {"musllinux_aarch64"}),
        ("cp312-cp312-macosx_11_0_arm64", {"macosx_arm64"}),
        ("cp312-cp312-macosx_10_13_universal2", {"macosx_arm64", "macosx_x86_64"}),
        ("cp312-cp312-win_amd64", {"win_amd64"}),
        ("py3-none-any", {"any"}),
    ],
)
def test_a_platform_has_no_version(tag: str, expected: set[str]) -> None:
    """A wheel for a newer manylinux is for the same platform."""
    assert platforms(parse_tag(tag)) == expected


def served(version: str, *tags: str) -> list[IndexFile]:
    """Return the files of a version on an index."""
    names = [f"hello-{version}-{tag}.whl" for tag in tags]
    return [IndexFile(filename=name, url="", sha256="", yanked=False) for name in names]


EARLIER = [
    *served("0.8", "cp312-cp312-win32"),
    *served("0.9", "cp312-cp312-macosx_11_0_arm64", "cp312-cp312-manylinux_2_17_x86_64"),
    *served("0.9.1rc1", "cp312-cp312-win_arm64"),
    *served("2.0", "cp312-cp312-win_amd64"),
]


@pytest.mark.parametrize(
    ("tag", "missing"),
    [
        pytest.param("cp313-cp313-manylinux_2_28_x86_64", "has wheels for macosx_arm64, and 1.0 has none", id="one"),
        pytest.param("cp313-cp313-win_amd64", "for macosx_arm64, manylinux_x86_64, and 1.0", id="all of them"),
        pytest.param("py3-none-any", "", id="a wheel for every platform"),
    ],
)
def test_a_platform_of_the_last_release_is_missed(tag: str, missing: str) -> None:
    """The last final version before this one is compared; its users would have to compile the new one."""
    found = list(missing_platforms([sdist(), wheel(tag=tag)], EARLIER, "PyPI"))

    assert [level for level, _ in found] == (["warning"] if missing else [])
    assert missing in "".join(problem.found for _, problem in found)


def test_a_first_release_misses_nothing() -> None:
    """Without an earlier wheel nothing is compared."""
    assert list(missing_platforms([sdist()], [], "PyPI")) == []
