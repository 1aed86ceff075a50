"""The Python that each of many wheels is verified with."""

from __future__ import annotations

import pytest

from support.archives import wheel
from tagship.core.verification.wheel_choice import fits, interpreters_of


@pytest.mark.parametrize(
    ("tag", "pythons"),
    [
        ("cp312-cp312-win_amd64", ("3.12",)),
        ("cp314-cp314t-manylinux_2_28_x86_64", ("3.14t",)),
        ("cp39-abi3-macosx_11_0_arm64", ("3.9", "")),
        ("pp311-pypy311_pp73-win_amd64", ("pypy3.11",)),
        ("graalpy311-graalpy242_311_native-win_amd64", ("graalpy3.11",)),
        ("cp310.cp311-none-win_amd64", ("3.10",)),
        ("py3-none-any", ("",)),
        ("py2.py3-none-win32", ("",)),
    ],
)
def test_a_wheel_is_verified_on_the_lowest_python_that_it_is_for(tag: str, pythons: tuple[str, ...]) -> None:
    """A wheel for the stable ABI is for every later Python too, and the lowest one finds most errors."""
    assert interpreters_of(wheel(tag=tag)) == pythons


def test_a_python_that_the_package_excludes_is_not_used() -> None:
    """Requires-Python may be higher than the stable ABI that the wheel uses."""
    found = interpreters_of(wheel(tag="cp39-abi3-win_amd64", metadata="Requires-Python: >=3.11\n"))

    assert found == ("3.11", "")


GLIBC = {"manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "linux_x86_64"}
MUSL = {"musllinux_1_2_x86_64", "musllinux_1_1_x86_64", "linux_x86_64"}


@pytest.mark.parametrize(
    ("tag", "on"),
    [
        ("py3-none-any", (True, True)),
        ("cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64", (True, False)),
        ("cp312-cp312-musllinux_1_1_x86_64", (False, True)),
        ("cp312-cp312-musllinux_1_2_aarch64", (False, False)),
        ("cp312-cp312-linux_x86_64", (True, True)),
    ],
)
def test_a_wheel_fits_one_of_the_platforms(tag: str, on: tuple[bool, bool]) -> None:
    """A wheel may be for several platforms, and those of glibc and of musl exclude each other."""
    assert (fits(wheel(tag=tag), GLIBC), fits(wheel(tag=tag), MUSL)) == on
