"""Problems and warnings about built files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from support.archives import sdist, wheel
from tagship.core.distributions.lint import advice, contents_problems, twine_problems, twine_warnings
from tagship.core.distributions.mismatches import Tagged
from tagship.core.project.build_system import read_project

if TYPE_CHECKING:
    from tagship.core.distributions.distribution import Distribution

FILE = "hello-1.0-py3-none-any.whl"
PROJECT = read_project('[build-system]\nrequires = ["hatchling"]\n')
TAGGED = Tagged(tag="v1.0", prefix="v", version=Version("1.0"))


@pytest.mark.parametrize(
    ("output", "topics"),
    [
        pytest.param(
            f"Checking {FILE}: FAILED due to warnings\n"
            "WARNING  `long_description_content_type` missing. defaulting to `text/x-rst`.\n"
            "WARNING  `long_description` missing.\n",
            ["long_description-missing"],
            id="no description",
        ),
        pytest.param(
            f"Checking {FILE}: FAILED\nERROR    `long_description` has syntax errors in markup and would not be "
            'rendered on PyPI.\n         line 4: Error: Unknown directive type "foo".\n\n         .. foo::\n',
            ["long_description-has-syntax-errors-in-markup"],
            id="invalid reStructuredText",
        ),
        pytest.param(
            f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: '9.9' is not a "
            "valid metadata version\n",
            ["not-a-valid-metadata-version"],
            id="a newer metadata version",
        ),
        pytest.param(
            f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: unrecognized or malformed "
            "field 'foo'\n",
            ["twine-check"],
            id="a malformed field",
        ),
        pytest.param("Traceback ...\nzipfile.BadZipFile: no zip\n", ["twine-check"], id="a crash of twine"),
        pytest.param("", ["twine-check"], id="no output"),
    ],
)
def test_each_message_of_twine_is_a_problem(output: str, topics: list[str]) -> None:
    """Each message has its topic, names the file and has a remedy."""
    problems = twine_problems(FILE, output)

    assert [problem.topic for problem in problems] == topics
    assert all(problem.found.startswith(FILE) and problem.remedy for problem in problems)


def test_the_line_of_the_readme_is_kept() -> None:
    """The message has the line of the error in the README."""
    (problem,) = twine_problems(
        FILE, "ERROR    `long_description` has syntax errors in markup\n         line 4: Error: x\n \n      .. x::\n"
    )

    assert problem.found.endswith("\n  line 4: Error: x\n  .. x::")


def test_the_remedy_names_both_content_types() -> None:
    """Most descriptions without a content type are reStructuredText, which would be broken as Markdown."""
    (problem,) = twine_problems(FILE, "WARNING  `long_description_content_type` missing. defaulting to `text/x-rst`.\n")

    assert "to text/markdown or text/x-rst" in problem.remedy


def test_a_passing_file_has_no_warning() -> None:
    """Only warnings of twine are reported."""
    assert twine_warnings(FILE, f"Checking {FILE}: PASSED\n") == ()
    assert (
        len(twine_warnings(FILE, f"Checking {FILE}: PASSED with warnings\nWARNING  `long_description` missing.\n")) == 1
    )


def test_each_failed_check_of_wheel_contents_lists_its_files() -> None:
    """The remedy has the setting that ignores the check."""
    output = f"{FILE}: W005: Wheel contains common toplevel name in library:\n  tests/\n{FILE}: W008: Wheel is empty\n"

    first, second = contents_problems(FILE, output)

    assert first.found == f"{FILE}: W005: Wheel contains common toplevel name in library:\n  tests/"
    assert first.remedy.startswith("Exclude these files from the wheel. To ignore this check, set in pyproject.toml: ")
    assert second.remedy.startswith("Set the package folder for the build backend")
    assert 'ignore = ["W008"]' in second.remedy


@pytest.mark.parametrize(
    "output", ["Error: unknown option in pyproject.toml\n", ""], ids=["a configuration error", "no output"]
)
def test_a_failure_without_a_code_is_reported(output: str) -> None:
    """An invalid configuration fails without the code of a check."""
    (problem,) = contents_problems(FILE, output)

    assert problem.topic == "wheel-contents"


def test_a_release_without_defects_has_no_warnings() -> None:
    """A PEP 625 sdist and a manylinux wheel cause no warning."""
    files = [sdist("hello-world"), wheel("hello-world", tag="cp311-cp311-manylinux_2_28_x86_64")]

    assert list(advice(files, PROJECT, TAGGED)) == []


@pytest.mark.parametrize(
    ("files", "topic"),
    [
        pytest.param(
            [sdist("hello-world", filename="hello-world-1.0.tar.gz")], "sdist-filename", id="a hyphen in the name"
        ),
        pytest.param([sdist("Hello", filename="Hello-1.0.tar.gz")], "sdist-filename", id="a capital in the name"),
        pytest.param([sdist(filename="hello-1.0.zip")], "sdist-filename", id="a zip"),
        pytest.param([wheel(tag="cp311-cp311-linux_x86_64")], "unsupported-platform-tag", id="a linux wheel"),
    ],
)
def test_files_that_an_index_may_reject_are_a_warning(files: list[Distribution], topic: str) -> None:
    """They can be built and installed, so the step passes."""
    assert [problem.topic for problem in advice(files, PROJECT, TAGGED)] == [topic]


def test_a_missing_build_system_is_a_warning() -> None:
    """The default backend changes over time."""
    assert [problem.topic for problem in advice([sdist()], read_project(""), TAGGED)] == ["no-build-system"]


def test_a_fallback_version_with_a_tag_is_not_a_warning() -> None:
    """With a tag, a wrong version is an error of its own."""
    assert list(advice([wheel(version="0.0.0")], PROJECT, TAGGED)) == []


@pytest.mark.parametrize("version", ["0.0.0", "0.1.dev3+gabc", "1.3.dev2+gabc.d20240101"])
def test_a_fallback_version_without_a_tag_is_a_warning(version: str) -> None:
    """On a branch it is harmless, but it must not be published."""
    found = list(advice([wheel(version=version)], PROJECT, None))

    assert [problem.topic for problem in found] == ["version-mismatch"]
    assert version in found[0].found
