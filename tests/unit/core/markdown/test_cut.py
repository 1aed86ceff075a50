"""A text that is too long, cut where nothing breaks."""

from __future__ import annotations

import pytest

from tagship.core.markdown.cut import Edit, apply_edits, byte_length, cut_markdown

MORE = "[more](u)"


def test_what_fits_stays() -> None:
    """Up to the last byte nothing is touched."""
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
    """Paragraphs, items, rows and code stay whole, and no heading is left without anything under it."""
    cut = cut_markdown(text, limit, more=MORE)
    assert cut == (f"{kept}\n\n{MORE}" if kept else MORE)
    assert byte_length(cut) <= limit


def test_long_code_is_cut_between_its_lines_and_closed() -> None:
    """Where one block fills the page, its beginning is better than nothing."""
    text = "a\n\n```py\n" + "code\n" * 20 + "```\n"
    assert cut_markdown(text, 50, more=MORE) == "a\n\n```py\n" + "code\n" * 5 + f"```\n\n{MORE}"


def test_code_in_a_list_is_cut_and_ends_with_its_item() -> None:
    """What follows the list is outside of the code."""
    text = "- a\n\n  ```\n" + "  code\n" * 20 + "  ```\n"
    assert cut_markdown(text, 50, more=MORE) == "- a\n\n  ```\n" + "  code\n" * 3 + f"  code\n\n{MORE}"


def test_details_are_closed() -> None:
    """What follows is not folded away."""
    text = "<details>\n<summary>s</summary>\n\na\n\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n</details>\n"
    assert cut_markdown(text, 65, more=MORE) == f"<details>\n<summary>s</summary>\n\na\n\n</details>\n\n{MORE}"


def test_definitions_that_are_used_come_along() -> None:
    """A link in what is kept still leads somewhere, and pays for its definition."""
    text = "[a] x\n\n[b] y\n\nzzzzzzzzzzzzzzzzzzzzzzz\n\n[a]: u\n[b]: vvvv\n"
    assert cut_markdown(text, 45, more=MORE) == f"[a] x\n\n[b] y\n\n[a]: u\n[b]: vvvv\n\n{MORE}"
    assert cut_markdown(text, 40, more=MORE) == f"[a] x\n\n[a]: u\n\n{MORE}"


def test_a_limit_below_the_ending_is_refused() -> None:
    """There is no way to say that something is missing in less than it takes to say it."""
    with pytest.raises(ValueError, match="do not fit into 5 bytes"):
        cut_markdown("abcdef", 5, more=MORE)


def test_edits_apply_to_the_source_in_any_order() -> None:
    """Positions are those before any change; what lies between stays."""
    assert apply_edits("abcdef", [Edit(4, 5, "E"), Edit(0, 0, ">"), Edit(1, 3, "")]) == ">adEf"


def test_no_edits_change_nothing() -> None:
    """A text without edits is itself."""
    assert apply_edits("abc", []) == "abc"
