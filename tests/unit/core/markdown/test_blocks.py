"""Parsing the blocks of a text."""

from __future__ import annotations

import pytest

from tagship.core.markdown.blocks import parse_blocks

TEXT = "# A\r\n\r\n> [b]: u\r\n> 't'\r\n\r\n- c\r\n  - d\r\n\r\n| e |\r\n|---|\r\n\0f\r\n\r\n[b]: v\r\n"


def test_tables_are_parsed() -> None:
    """Tables, a GitHub extension, are blocks and not paragraphs."""
    assert [token.type for token in parse_blocks("| a |\n|---|\n").tokens][:1] == ["table_open"]


def test_definitions_have_the_position_of_every_line() -> None:
    """Definitions have source offsets, also inside a quote and after carriage returns."""
    first, second = parse_blocks(TEXT).definitions
    assert (first.label, first.first, first.text) == ("B", 2, "[b]: u\n't'")
    assert [TEXT[start : start + 3] for start in first.starts] == ["[b]", "'t'"]
    assert (second.label, second.text) == ("B", "[b]: v")


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "# A"), (1, ""), (3, "> 't'"), (10, "\ufffdf"), (12, "[b]: v"), (13, ""), (99, "")]
)
def test_a_line_has_no_end_and_no_nul(number: int, expected: str) -> None:
    """Lines are CommonMark's, and NUL becomes the replacement character."""
    assert parse_blocks(TEXT).line(number) == expected


def test_the_source_between_lines_keeps_its_bytes() -> None:
    """Carriage returns and NUL stay; only the final line end is removed."""
    blocks = parse_blocks(TEXT)
    assert blocks.between(5, 7) == "- c\r\n  - d"
    assert blocks.between(10, 11) == "\0f"
    assert blocks.between(12, 99) == "[b]: v"


@pytest.mark.parametrize("text", ["", "\n", " ", "\r", "\0"])
def test_a_text_without_blocks_parses(text: str) -> None:
    """Empty and blank texts have no blocks."""
    assert len(parse_blocks(text).tokens) == (3 if text == "\0" else 0)
