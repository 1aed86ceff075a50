"""What twine and check-wheel-contents print becomes problems with remedies."""

from __future__ import annotations

import pytest

from tagship.core.distributions.tool_reports import contents_problems, twine_problems, twine_warnings

FILE = "hello-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("output", "topics"),
    [
        pytest.param(
            f"Checking {FILE}: FAILED due to warnings\n"
            "WARNING  `long_description_content_type` missing. defaulting to `text/x-rst`.\n"
            "WARNING  `long_description` missing.\n",
            ["missing-readme"],
            id="no README",
        ),
        pytest.param(
            f"Checking {FILE}: FAILED\nERROR    `long_description` has syntax errors in markup and would not be "
            'rendered on PyPI.\n         line 4: Error: Unknown directive type "foo".\n\n         .. foo::\n',
            ["readme-markup"],
            id="broken README",
        ),
        pytest.param(
            f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: '9.9' is not a "
            "valid metadata version\n",
            ["metadata-version"],
            id="metadata from the future",
        ),
        pytest.param(
            f"Checking {FILE}: ERROR    InvalidDistribution: Invalid distribution metadata: unrecognized or malformed "
            "field 'foo'\n",
            ["twine-check"],
            id="a malformed field",
        ),
        pytest.param("Traceback ...\nzipfile.BadZipFile: no zip\n", ["twine-check"], id="twine fails itself"),
        pytest.param("", ["twine-check"], id="nothing at all"),
    ],
)
def test_twine_is_understood(output: str, topics: list[str]) -> None:
    """Each thing it says is one problem about the file."""
    problems = twine_problems(FILE, output)

    assert [problem.topic for problem in problems] == topics
    assert all(problem.found.startswith(FILE) and problem.remedy for problem in problems)


def test_the_line_of_the_readme_is_kept() -> None:
    """The place of an error in the README is what its author needs."""
    (problem,) = twine_problems(
        FILE, "ERROR    `long_description` has syntax errors in markup\n         line 4: Error: x\n"
    )

    assert problem.found.endswith("line 4: Error: x")


def test_no_form_is_presumed_of_a_description() -> None:
    """Most that say none are reStructuredText, which would look broken if it were called Markdown."""
    (problem,) = twine_problems(FILE, "WARNING  `long_description_content_type` missing. defaulting to `text/x-rst`.\n")

    assert "to text/markdown or text/x-rst" in problem.remedy


def test_a_passing_file_has_no_warning() -> None:
    """Only what twine warns of is told."""
    assert twine_warnings(FILE, f"Checking {FILE}: PASSED\n") == ()
    assert (
        len(twine_warnings(FILE, f"Checking {FILE}: PASSED with warnings\nWARNING  `long_description` missing.\n")) == 1
    )


def test_each_failed_check_of_contents_names_its_files() -> None:
    """The code is in the remedy, ready to be allowed."""
    output = f"{FILE}: W005: Wheel contains common toplevel name in library:\n  tests/\n{FILE}: W008: Wheel is empty\n"

    first, second = contents_problems(FILE, output)

    assert first.found == f"{FILE}: W005: Wheel contains common toplevel name in library:\n  tests/"
    assert first.remedy.startswith("Leave those files out of the wheel. Where it is meant so, set in pyproject.toml: ")
    assert second.remedy.startswith("Tell the backend where the package is")
    assert 'ignore = ["W008"]' in second.remedy


@pytest.mark.parametrize("output", ["Error: unknown option in pyproject.toml\n", ""], ids=["its own error", "silence"])
def test_a_refusal_without_a_code_is_told(output: str) -> None:
    """A wrong configuration fails the check without a code."""
    (problem,) = contents_problems(FILE, output)

    assert problem.topic == "wheel-contents"
