"""Workflow commands in logs."""

from __future__ import annotations

import pytest

from tagship.core.runner import ANNOTATION_LIMIT
from tagship.rehearsal.steps import Annotation, StepLog


def read(*lines: str) -> StepLog:
    """Return the log of a step with these lines."""
    log = StepLog()
    for line in lines:
        log.read(line)
    return log


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("plain text", ["plain text"], id="plain text is kept"),
        pytest.param("::group::Build", ["== Build"], id="the title of a group is shown"),
        pytest.param("::endgroup::", [], id="the end of a group is hidden"),
        pytest.param("::add-mask::secret", [], id="a mask command is hidden"),
        pytest.param(
            "::error title=A%3AB,file=x.py,line=3::no%0Agood", ["error: A:B: no\ngood"], id="an error is shown"
        ),
        pytest.param("::warning::careful", ["warning: careful"], id="a warning without properties is shown"),
        pytest.param("  ::notice::hm", ["note: hm"], id="a command may be indented"),
        pytest.param("a ::error::b", ["a ::error::b"], id="a command must start the line"),
    ],
)
def test_shows_what_a_person_sees(line: str, expected: list[str]) -> None:
    """Commands are shown as text, or hidden."""
    assert read(line).lines == expected


def test_keeps_annotations_with_their_places() -> None:
    """An annotation has title, text, file and line, all unescaped."""
    log = read("::error title=50%25%2C done,file=src/a.py,line=12::first%0D%0Asecond")
    expected = Annotation(level="error", title="50%, done", text="first\r\nsecond", file="src/a.py", line=12)
    assert log.annotations == [expected]


def test_cuts_annotations_as_the_runner_does() -> None:
    """The limit is that of the runner, so a remedy that is cut off there is missing here too."""
    (annotation,) = read(f"::error::{'x' * (ANNOTATION_LIMIT + 1)}").annotations
    assert annotation.text == "x" * ANNOTATION_LIMIT


def test_ignores_commands_between_stop_and_resume() -> None:
    """The output of another program is plain text, until the announced random token."""
    log = read("::stop-commands::t0ken", "::error::forged", "::other::", "::t0ken::", "::error::real")
    assert [annotation.text for annotation in log.annotations] == ["real"]
    assert log.lines == ["::error::forged", "::other::", "error: real"]


def test_masks_secrets_in_later_lines() -> None:
    """A masked value is replaced with asterisks in every later line."""
    assert read("::add-mask::hunter2", "the password is hunter2.").lines == ["the password is ***."]
