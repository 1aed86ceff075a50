"""Joining the lines of paragraphs."""

from __future__ import annotations

import pytest

from tagship.core.markdown.unwrap import unwrap

JOINED = [
    ("a\nb\n\nc\n", "a b\n\nc\n"),
    ("a  b\n  c\t\nd", "a  b c d"),
    ("- a\n  b\n- c\nlazy\n", "- a b\n- c lazy\n"),
    ("1. a\n\n   b\n   c\n", "1. a\n\n   b c\n"),
    ("> a\n> b\nc\n> - d\n>   e\n", "> a b c\n> - d e\n"),
    ("a\r\nb\r\n\r\nc\r\n", "a b\r\n\r\nc\r\n"),
    ("a\nb\n===\n", "a b\n===\n"),
    ("`a\nb` **c\nd**\n", "`a b` **c d**\n"),
    ('[a](b\n"c")\n', '[a](b "c")\n'),
    ("a\\\\\nb", "a\\\\ b"),
    ("[^1]: a\n  b\n[^2]: c\nd\n", "[^1]: a b\n[^2]: c d\n"),
    ("> [!NOTE]\n> a\n> b\n", "> [!NOTE]\n> a b\n"),
    ("- [ ] a\n  b\n", "- [ ] a b\n"),
    ("a\n2. b\n", "a 2. b\n"),
    ("a <b>\nc</b>\n", "a <b> c</b>\n"),
    ("\u4fee\u590d\u4e86\n\u9519\u8bef\u3002\n", "\u4fee\u590d\u4e86\u9519\u8bef\u3002\n"),
    ("- \u9014\u4e2d\u3067\n  \u6539\u884c \u3002\n", "- \u9014\u4e2d\u3067\u6539\u884c \u3002\n"),
    ("\u652f\u6301 Python\n\u4e09\uff0c\nEnglish\n", "\u652f\u6301 Python \u4e09\uff0c English\n"),
    ("\ud55c\uad6d\uc5b4\n\ubb38\uc7a5\n", "\ud55c\uad6d\uc5b4 \ubb38\uc7a5\n"),
    ("`\u4e2d\n\u6587` \u4e2d\n\u6587\n", "`\u4e2d \u6587` \u4e2d \u6587\n"),
]


@pytest.mark.parametrize(("text", "expected"), JOINED, ids=[case[0] for case in JOINED])
def test_soft_breaks_become_spaces(text: str, expected: str) -> None:
    """The lines of a paragraph are joined in every container."""
    assert unwrap(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a  \nb\n",
        "a\\\nb\n",
        "```\na\nb\n```\n",
        "    a\n    b\n",
        "| a |\n|---|\n| b |\n| c |\n",
        "<p>\na\nb\n</p>\n",
        "<!-- a\nb -->\n",
        "# a\n# b\n",
        "- a\n- b\n",
        "[a]: b\n'c'\n",
        "> [!NOTE]\n> a\n",
        "**\n*\n",
        "| a\nb\n---\n",
        '<a\nhref="x">\n',
        "",
    ],
)
def test_significant_line_breaks_stay(text: str) -> None:
    """Hard breaks, code, tables, HTML and definitions stay, and so do lines that would change meaning."""
    assert unwrap(text) == text


def test_lines_between_hard_breaks_are_joined() -> None:
    """The lines before and after a hard break are joined."""
    assert unwrap("a\nb  \nc\nd\n") == "a b  \nc d\n"


def test_a_paragraph_of_many_lines_is_joined_in_linear_time() -> None:
    """Fifty thousand lines are joined without quadratic search."""
    assert unwrap("a\n" * 50_000) == "a " * 49_999 + "a\n"
