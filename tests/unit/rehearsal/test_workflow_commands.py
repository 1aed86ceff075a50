"""Logs, read as the runner reads them."""

from __future__ import annotations

import pytest

from tagship.rehearsal.workflow_commands import Annotation, StepLog


def read(*lines: str) -> StepLog:
    """Return the log of a step that wrote ``lines``."""
    log = StepLog()
    for line in lines:
        log.read(line)
    return log


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("plain words", ["plain words"], id="plain words stay"),
        pytest.param("::group::Build", ["== Build"], id="a group's title is shown"),
        pytest.param("::endgroup::", [], id="a group's end is not"),
        pytest.param("::add-mask::secret", [], id="a secret is not shown"),
        pytest.param(
            "::error title=A%3AB,file=x.py,line=3::no%0Agood", ["error: A:B: no\ngood"], id="an error is told"
        ),
        pytest.param("::warning::careful", ["warning: careful"], id="a warning without properties is told"),
        pytest.param("  ::notice::hm", ["notice: hm"], id="a command may be indented"),
        pytest.param("a ::error::b", ["a ::error::b"], id="a command begins its line"),
    ],
)
def test_shows_what_a_person_sees(line: str, expected: list[str]) -> None:
    """Commands show as the words they stand for, or not at all."""
    assert read(line).lines == expected


def test_keeps_annotations_with_their_places() -> None:
    """An annotation carries title, text, file and line, all unescaped."""
    log = read("::error title=50%25%2C done,file=src/a.py,line=12::first%0D%0Asecond")
    expected = Annotation(level="error", title="50%, done", text="first\r\nsecond", file="src/a.py", line=12)
    assert log.annotations == [expected]


def test_obeys_no_command_between_stop_and_resume() -> None:
    """What somebody else's program says is words, until the random word that was announced."""
    log = read("::stop-commands::w0rd", "::error::forged", "::other::", "::w0rd::", "::error::real")
    assert [annotation.text for annotation in log.annotations] == ["real"]
    assert log.lines == ["::error::forged", "::other::", "error: real"]


def test_masks_secrets_from_then_on() -> None:
    """A masked text shows as asterisks in every later line."""
    assert read("::add-mask::hunter2", "the password is hunter2.").lines == ["the password is ***."]
