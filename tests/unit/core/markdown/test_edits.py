"""Changes to a text, applied all at once."""

from __future__ import annotations

from tagship.core.markdown.cut import Edit, apply_edits


def test_edits_apply_to_the_source_in_any_order() -> None:
    """Positions are those before any change; what lies between stays."""
    assert apply_edits("abcdef", [Edit(4, 5, "E"), Edit(0, 0, ">"), Edit(1, 3, "")]) == ">adEf"


def test_no_edits_change_nothing() -> None:
    """A text without edits is itself."""
    assert apply_edits("abc", []) == "abc"
