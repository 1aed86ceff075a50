"""What is worth mending is told, and what is in order is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from support.archives import sdist, wheel
from tagship.core.distributions.advice import advice
from tagship.core.distributions.mismatches import Tagged
from tagship.core.project.build_system import read_project

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

PROJECT = read_project('[build-system]\nrequires = ["hatchling"]\n')
TAGGED = Tagged(tag="v1.0", prefix="v", version=Version("1.0"))


def test_an_orderly_release_needs_none() -> None:
    """No annotation without a reason."""
    files = [sdist("hello-world"), wheel("hello-world", tag="cp311-cp311-manylinux_2_28_x86_64")]

    assert list(advice(files, PROJECT, TAGGED)) == []


@pytest.mark.parametrize(
    ("files", "topic"),
    [
        pytest.param(
            [sdist("hello-world", filename="hello-world-1.0.tar.gz")], "old-sdist-name", id="a hyphen in the name"
        ),
        pytest.param([sdist("Hello", filename="Hello-1.0.tar.gz")], "old-sdist-name", id="a capital in the name"),
        pytest.param([sdist(filename="hello-1.0.zip")], "old-sdist-name", id="a zip"),
        pytest.param([wheel(tag="cp311-cp311-linux_x86_64")], "platform-wheel", id="a wheel of this machine"),
    ],
)
def test_files_that_an_index_may_refuse_are_named(files: list[Distribution], topic: str) -> None:
    """They build and install, so the step goes on."""
    assert [problem.topic for problem in advice(files, PROJECT, TAGGED)] == [topic]


def test_a_project_without_a_build_system_is_told() -> None:
    """It builds today by a default that moves."""
    assert [problem.topic for problem in advice([sdist()], read_project(""), TAGGED)] == ["no-build-system"]


@pytest.mark.parametrize("version", ["0.0.0", "0.1.dev3+gabc", "1.3.dev2+gabc.d20240101"])
def test_a_version_that_could_not_be_released_is_told_off_a_tag(version: str) -> None:
    """On a branch it does no harm, yet nobody should publish it."""
    found = list(advice([wheel(version=version)], PROJECT, None))

    assert [problem.topic for problem in found] == ["version-mismatch"]
    assert version in found[0].found
