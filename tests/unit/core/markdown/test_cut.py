"""Truncation between blocks, and edits."""

from __future__ import annotations

import pytest

from tagship.core.markdown.cut import Edit, apply_edits, byte_length, cut_markdown

MORE = "[more](u)"


def test_text_within_the_limit_does_not_change() -> None:
    """A text of exactly the limit in bytes is returned as is."""
    assert cut_markdown("é" * 5, 10, more=MORE) == "é" * 5


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("aaaa\n\nbbbb\n\ncccccccccc\n", 21, "aaaa\n\nbbbb"),
        ("aaaa\n\nbbbb\n\ncccccccccc\n", 20, "aaaa"),
        ("ää\n\nbbbb\n\ncccccccc", 15, "ää"),
        ("### A\n\naaaa\n\n### B\n\nbbbbbbbbbbbbbbbbbb", 30, "### A\n\naaaa"),
        ("- a\n- b\n  - c\n- ddddddddddddd", 25, "- a\n- b\n  - c"),
        ("- a\n\n  b\n- cccccccccccccccccc", 22, "- a\n\n  b"),
        ("> a\n>\n> bbbbbbbbbbbbbbbbbbbbb", 20, "> a"),
        ("| a |\n|---|\n| b |\n| c |\n| dddddddd |", 35, "| a |\n|---|\n| b |\n| c |"),
        ("x\n\n| aaaaa |\n|---|\n| bbbbbbbbbbbbbbbb |", 30, "x"),
        ("a\n\n```\nb\nb\n```\n\ncccccccccccccc", 28, "a\n\n```\nb\nb\n```"),
        ("a" * 50, 20, ""),
    ],
)
def test_whole_blocks_are_kept(text: str, limit: int, kept: str) -> None:
    """Paragraphs, items, rows and code stay whole, and no heading is left empty."""
    cut = cut_markdown(text, limit, more=MORE)
    assert cut == (f"{kept}\n\n{MORE}" if kept else MORE)
    assert byte_length(cut) <= limit


def test_long_code_is_cut_between_its_lines_and_closed() -> None:
    """A code block that fills the limit is cut between lines and its fence is closed."""
    text = "a\n\n```py\n" + "code\n" * 20 + "```\n"
    assert cut_markdown(text, 50, more=MORE) == "a\n\n```py\n" + "code\n" * 5 + f"```\n\n{MORE}"


@pytest.mark.parametrize(("length", "cut"), [(21, True), (26, False)])
def test_code_is_cut_only_if_half_of_the_limit_would_be_unused(length: int, cut: bool) -> None:
    """Whole blocks that fill half of the limit are enough."""
    text = "a" * length + "\n\n```\n" + "b\n" * 50 + "```\n"
    assert ("```" in cut_markdown(text, 52, more=MORE)) is cut


def test_code_in_a_list_item_is_cut_too() -> None:
    """The text after the cut is outside the list and its code."""
    text = "- a\n\n  ```\n" + "  code\n" * 20 + "  ```\n"
    assert cut_markdown(text, 50, more=MORE) == "- a\n\n  ```\n" + "  code\n" * 3 + f"  code\n\n{MORE}"


def test_details_are_closed() -> None:
    """Open details are closed before the text after the cut."""
    text = "<details>\n<summary>s</summary>\n\na\n\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n</details>\n"
    assert cut_markdown(f"{text}\n{text}", 150, more=MORE).count("</details>") == 2
    assert cut_markdown(text, 65, more=MORE) == f"<details>\n<summary>s</summary>\n\na\n\n</details>\n\n{MORE}"


def test_used_definitions_are_kept() -> None:
    """The definitions of kept links are included and count toward the limit."""
    text = "[a] x\n\n[b] y\n\nzzzzzzzzzzzzzzzzzzzzzzz\n\n[a]: u\n[b]: vvvv\n"
    assert cut_markdown(text, 45, more=MORE) == f"[a] x\n\n[b] y\n\n[a]: u\n[b]: vvvv\n\n{MORE}"
    assert cut_markdown(text, 40, more=MORE) == f"[a] x\n\n[a]: u\n\n{MORE}"


def test_a_limit_below_the_final_text_is_an_error() -> None:
    """A limit that cannot contain even the final text raises ValueError."""
    with pytest.raises(ValueError, match="has 9 bytes, more than the limit of 5"):
        cut_markdown("abcdef", 5, more=MORE)


def test_edits_apply_to_the_source_in_any_order() -> None:
    """Positions refer to the original text, and text between edits does not change."""
    assert apply_edits("abcdef", [Edit(4, 5, "E"), Edit(0, 0, ">"), Edit(1, 3, "")]) == ">adEf"


def test_no_edits_change_nothing() -> None:
    """Without edits the text is returned as is."""
    assert apply_edits("abc", []) == "abc"
