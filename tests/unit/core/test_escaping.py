"""Foreign text has no effect in a step summary."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from tagship.core.formatting import escaped


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<img src=x onerror=alert(1)>", id="HTML"),
        pytest.param("[click](https://example.invalid)", id="a link"),
        pytest.param("**loud** _and_ `code` ~~gone~~", id="emphasis and code"),
        pytest.param("a | b", id="a table's bar"),
        pytest.param("# heading", id="a heading"),
        pytest.param("&lt;b&gt;", id="entities"),
        pytest.param(r"\*not\*", id="backslashes"),
    ],
)
def test_text_shows_as_it_is(text: str) -> None:
    """Escaped text is shown literally, as plain text only."""
    (block,) = [token for token in MarkdownIt("commonmark").parse(f"- {escaped(text)}") if token.type == "inline"]

    assert {child.type for child in block.children or ()} <= {"text", "text_special"}
    assert "".join(child.content for child in block.children or ()) == text


def test_lines_stay_in_their_cell() -> None:
    """A line break does not end the row of a table."""
    assert escaped("one\ntwo") == "one<br>two"


def test_github_links_nothing_in_escaped_text() -> None:
    """Mentions, issue numbers, addresses and formulas are escaped."""
    text = escaped("@octo #12 https://example.invalid WWW.example.invalid $x$ $$y$$")
    assert not re.search(r"[@#:](?!\d+;)|(?<!&)#\d|(?i:www)\.|\$", text)


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\0b", "a\u202eb", "a\u2066b", "a\x9bb"])
def test_control_characters_are_replaced(text: str) -> None:
    """No escape sequence and no change of the text's direction reaches a page."""
    assert escaped(text).startswith("a�")
