"""The Python versions that a package declares, and lists of versions in inputs."""

from __future__ import annotations

import pytest

from tagship.core.project.python_versions import admits, contradictions, listed_versions, python_versions
from tagship.errors import Failure

PYTHON = "Programming Language :: Python :: "


@pytest.mark.parametrize(
    ("requires", "classifiers", "expected"),
    [
        pytest.param(">=3.11", ["3.11", "3.12"], ("3.11", "3.12"), id="classifiers declare them"),
        pytest.param(">=3.11", ["3.9", "3.11"], ("3.11",), id="requires-python excludes one"),
        pytest.param(">=3.9", ["3.10", "3.9"], ("3.9", "3.10"), id="3.10 is above 3.9"),
        pytest.param(
            ">=3.11",
            ["3", "3 :: Only"],
            ("3.11", "3.12", "3.13", "3.14", "3.15"),
            id="no minor version in the classifiers",
        ),
        pytest.param(None, [], ("3.11", "3.12", "3.13", "3.14", "3.15"), id="nothing is declared"),
        pytest.param(">=3.12.4,<3.14", [], ("3.12", "3.13"), id="a patch release as bound"),
        pytest.param(">=3.11,!=3.12.*", [], ("3.11", "3.13", "3.14", "3.15"), id="an excluded minor version"),
        pytest.param("<3.10", [], ("3.8", "3.9"), id="only unsupported versions"),
        pytest.param(None, ["3.4", "3.7", "3.12"], ("3.12",), id="versions that runners lack"),
        pytest.param("<3.8", [], ("3.6", "3.7"), id="only versions that runners lack"),
        pytest.param(">=4", [], (), id="no version is admitted"),
        pytest.param("<3.11", ["3.12"], (), id="classifiers and requires-python exclude each other"),
        pytest.param(None, ["2.7", "3.11"], ("3.11",), id="Python 2 is ignored"),
        pytest.param(None, ["3.16"], ("3.16",), id="a version in development"),
        pytest.param(None, ["3.13", "3.14", "Free Threading"], ("3.13", "3.14", "3.14t"), id="free threading"),
        pytest.param(None, ["3.14", "Free Threading :: 2 - Beta"], ("3.14", "3.14t"), id="free threading in beta"),
        pytest.param(None, ["3.14", "Free Threading :: 1 - Unstable"], ("3.14",), id="unstable free threading"),
        pytest.param(None, ["3.12", "Free Threading"], ("3.12",), id="before free-threaded builds"),
    ],
)
def test_python_versions(requires: str | None, classifiers: list[str], expected: tuple[str, ...]) -> None:
    """The test matrix follows the package metadata."""
    assert python_versions(requires, [PYTHON + item for item in classifiers]) == expected


@pytest.mark.parametrize(
    ("requires", "minor", "expected"),
    [
        pytest.param(">=3.11.4", "3.11", True, id="some patch releases"),
        pytest.param(">=3.11", "3.10", False, id="too old"),
        pytest.param(">=3.9", "3.10", True, id="3.10 is above 3.9"),
        pytest.param("!=3.12.*", "3.12", False, id="excluded"),
        pytest.param(None, "3.8", True, id="no requires-python"),
        pytest.param("newer than 3", "3.8", True, id="invalid specifiers"),
    ],
)
def test_admits(requires: str | None, minor: str, expected: bool) -> None:
    """A minor version is admitted if any of its patch releases is."""
    assert admits(requires, minor) is expected


def test_contradictions_are_found() -> None:
    """A classifier must not contradict requires-python."""
    assert contradictions(">=3.11", [f"{PYTHON}3.10", f"{PYTHON}3.11", f"{PYTHON}3"]) == ("3.10",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3.11\n3.12", ("3.11", "3.12"), id="newlines"),
        pytest.param("3.11, 3.12", ("3.11", "3.12"), id="commas"),
        pytest.param('["3.11", "3.14t"]', ("3.11", "3.14t"), id="JSON"),
        pytest.param("['3.11', '3.12']", ("3.11", "3.12"), id="a YAML list"),
        pytest.param(
            "3.16-dev 3.16.0rc1 3.16.0-alpha.1", ("3.16-dev", "3.16.0rc1", "3.16.0-alpha.1"), id="pre-releases"
        ),
        pytest.param("pypy3.11 pypy-3.11-v7.3.20", ("pypy3.11", "pypy-3.11-v7.3.20"), id="PyPy"),
        pytest.param("3.12 3.12", ("3.12",), id="duplicates"),
    ],
)
def test_listed_versions(text: str, expected: tuple[str, ...]) -> None:
    """All common list formats are accepted."""
    assert listed_versions(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "[3.1, 3.11]", "YAML reads an unquoted 3.10 as the number 3.1", id="3.10 that YAML read as a number"
        ),
        pytest.param("three", "'three' is not a Python version", id="a word"),
        pytest.param("3", "'3' is not a Python version", id="a major version alone"),
        pytest.param("[]", "is empty", id="an empty list"),
    ],
)
def test_invalid_lists_are_reported(text: str, said: str) -> None:
    """A version that setup-python rejects or misreads is refused with the reason."""
    with pytest.raises(Failure, match=said):
        listed_versions(text)


def test_all_invalid_versions_are_reported_at_once() -> None:
    """One run reports every mistake."""
    with pytest.raises(Failure) as caught:
        listed_versions("3.1 x y")

    assert len(caught.value.problems) == 3
