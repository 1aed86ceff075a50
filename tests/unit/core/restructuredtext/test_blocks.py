"""The blocks of a reStructuredText document, without docutils."""

from __future__ import annotations

import pytest

from support.restructuredtext import titles_of_docutils
from tagship.core.restructuredtext.blocks import read_blocks, source_lines


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        pytest.param("1.0\n===\n\n1.1\n---\n", [(1, "1.0"), (2, "1.1")], id="a new underline is one level deeper"),
        pytest.param("===\n1.0\n===\n\n1.0\n===\n", [(1, "1.0"), (2, "1.0")], id="a line above is another style"),
        pytest.param("=====\n 1.0\n=====\n", [(1, "1.0")], id="a title between lines may be indented"),
        pytest.param("A\n=\n\nB\n-\n\nC\n~\n\nD\n=\n\nE\n~\n", [(1, "A"), (2, "B"), (3, "C"), (1, "D")], id="a skipped level is refused"),
        pytest.param("long title\n---\n", [], id="a short underline of three is text"),
        pytest.param("long title\n----\n", [(1, "long title")], id="a short underline of four is one"),
        pytest.param("日本\n---\n", [], id="wide characters count twice"),
        pytest.param("日本\n----\n", [(1, "日本")], id="an underline below wide characters"),
        pytest.param("one\ntwo\n---\n", [], id="the second line of a paragraph is no title"),
        pytest.param("- item\n1.0\n---\n", [(1, "1.0")], id="a title right below a list"),
        pytest.param("- item\n\n  1.0\n  ---\n", [], id="what looks like a title in a list"),
        pytest.param("1. one\n------\n", [(1, "1. one")], id="a title that begins like a numbered item"),
        pytest.param("1. one\n2. two\n3. three\n\n1.0\n===\n", [(1, "1.0")], id="numbered items"),
        pytest.param("text::\n\n  1.0\n  ---\n\n1.1\n---\n", [(1, "1.1")], id="a literal block"),
        pytest.param("text::\n\n> 1.0\n> ---\n\n1.1\n---\n", [(1, "1.1")], id="a quoted literal block"),
        pytest.param("text::\n\n===\n 1.0\n===\n", [], id="a line of signs below two colons is a literal block"),
        pytest.param(".. note::\n\n   1.0\n   ---\n", [], id="what looks like a title in a directive"),
        pytest.param(".. comment\n1.0\n---\n", [(1, "1.0")], id="a title right below a comment"),
        pytest.param("=== ===\na   b\n=== ===\n1   2\n=== ===\n\n1.0\n===\n", [(1, "1.0")], id="a table"),
        pytest.param("+---+\n| a |\n+---+\n\n1.0\n===\n", [(1, "1.0")], id="a table with borders"),
        pytest.param("text\n\n----\n\n1.0\n---\n", [(1, "1.0")], id="a transition"),
        pytest.param("\ufeff1.0\n===\n", [(1, "1.0")], id="a byte order mark"),
        pytest.param("1.0\r\n===\r\n", [(1, "1.0")], id="carriage returns"),
        pytest.param("term\n  def\n1.0\n===\n", [(1, "1.0")], id="a title right below a definition"),
        pytest.param("-a  option\n1.0\n===\n", [(1, "1.0")], id="a title right below an option"),
        pytest.param("-a\n==\n", [(1, "-a")], id="an option without a description"),
        pytest.param(">>> 1\n===\n\n1.0\n===\n", [(1, "1.0")], id="a doctest"),
        pytest.param("| line\n1.0\n===\n", [(1, "1.0")], id="a title right below a line block"),
        pytest.param("==\na\n--\n", [], id="lines that differ and are short"),
        pytest.param("====\na\n----\n\n1.0\n===\n", [(1, "1.0")], id="lines that differ"),
    ],
)  # fmt: skip
def test_titles(text: str, titles: list[tuple[int, str]]) -> None:
    """Titles and their levels are those of docutils."""
    assert [(block.level, block.text) for block in read_blocks(source_lines(text)) if block.kind == "title"] == titles
    assert titles_of_docutils(text.removeprefix("\ufeff")) == titles
