"""The kind of wheels of a release, and the runners that build them."""

from __future__ import annotations

import pytest

from tagship.core.preflight.wheels import RUNNERS, Wheels, runner_labels, wheels_findings, wheels_of


@pytest.mark.parametrize(
    ("wheels", "is_compiled", "expected"),
    [
        ("auto", True, "cibuildwheel"),
        ("auto", False, "pure"),
        ("pure", True, "pure"),
        ("none", True, "none"),
        ("cibuildwheel", False, "cibuildwheel"),
    ],
)
def test_compiled_code_decides_unless_the_input_does(wheels: Wheels, expected: str, *, is_compiled: bool) -> None:
    """A package of C code needs a wheel for each platform."""
    assert wheels_of(wheels, is_compiled=is_compiled) == expected


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param("a b\nc", ("a", "b", "c"), id="spaces and lines"),
        pytest.param("a b a", ("a", "b"), id="one twice, which would build the same wheels"),
        pytest.param('["self-hosted","arm64"] a', ('["self-hosted","arm64"]', "a"), id="a list of labels"),
        pytest.param("  ", (), id="none"),
        pytest.param("[] a", ("a",), id="an empty list, which no runner matches"),
    ],
)
def test_labels_are_separated_by_space(text: str, labels: tuple[str, ...]) -> None:
    """Each runner builds once."""
    assert runner_labels(text) == labels


@pytest.mark.parametrize(
    ("runners", "outcomes", "said"),
    [
        pytest.param(RUNNERS, {"passed"}, "cibuildwheel on ubuntu-latest", id="the default"),
        pytest.param("", {"failed", "passed"}, "contains no label, so no wheel would be built", id="an empty matrix"),
        pytest.param("ubuntu-lates", {"warned", "passed"}, "Did you mean ubuntu-latest?", id="a misspelt label"),
        pytest.param('["self-hosted","arm64"]', {"passed"}, "arm64", id="a runner of the caller"),
    ],
)
def test_a_runner_that_does_not_exist_is_found(runners: str, outcomes: set[str], said: str) -> None:
    """GitHub would wait for it for a day; a larger runner may have any label, so it is a warning."""
    found = list(wheels_findings("auto", runner_labels(runners), is_compiled=True))

    assert {check.outcome for check in found} == outcomes
    assert said in "\n".join(check.says for check in found)
