"""Workflow commands and command files, compared with actions-toolkit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from actions_toolkit.command import Command
from hypothesis import given
from hypothesis import strategies as st

from tagship.workflow_commands import append, command, stop_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = Path(__file__).parents[2] / "src"
TEXT = st.text(st.sampled_from("a%:,\r\n \u00fc"), max_size=12)


@given(TEXT, st.dictionaries(st.sampled_from(["title", "file", "line"]), TEXT))
def test_a_command_is_the_one_of_actions_toolkit(message: str, properties: Mapping[str, str]) -> None:
    """Every message and property is escaped as the library does it, on one line."""
    text = command("error", message, properties)
    assert text == str(Command("error", dict(properties), message))
    assert len(re.split(r"[\r\n]", text)) == 1


def test_stop_commands_have_a_random_token() -> None:
    """The same token ends them, and no other text can contain it."""
    stop, resume = stop_commands()
    assert resume == f"::{stop.removeprefix('::stop-commands::')}::"
    assert stop != stop_commands()[0]
    assert len(resume) >= 36


def test_a_command_file_is_utf_8_with_lf(tmp_path: Path) -> None:
    """Text is appended; a character that UTF-8 cannot encode is replaced."""
    for text in ("ü\n", "\udc80b\r\n"):
        append(tmp_path / "file", text)
    assert (tmp_path / "file").read_bytes() == "ü\n?b\r\n".encode()


@pytest.mark.parametrize("text", ["OWNER/tagship", "::stop-commands::"])
def test_a_name_is_spelled_once(text: str) -> None:
    """The repository and the protocol each have one definition in the sources."""
    found = [path for path in sorted(SOURCE.rglob("*.py")) for _ in range(path.read_text("utf-8").count(text))]
    assert len(found) <= 1, found
