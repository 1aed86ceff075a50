"""The block rule for footnote definitions."""

from __future__ import annotations

import pytest

from tagship.core.markdown.blocks import parse_blocks


def shape(text: str) -> list[str]:
    """Return the names of the blocks of ``text``, indented by depth."""
    return [
        "  " * token.level + token.type.removesuffix("_open")
        for token in parse_blocks(text).tokens
        if token.nesting >= 0 and token.type != "inline"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[^1]: text\n", ["footnote", "  paragraph"]),
        ("[^1]: text\nlazy\n\n    more\n\nother\n", ["footnote", "  paragraph", "  paragraph", "paragraph"]),
        ("[^1]: a\n[^2]: b\n", ["footnote", "  paragraph", "footnote", "  paragraph"]),
        ("text\n[^1]: a\n", ["paragraph", "footnote", "  paragraph"]),
        ("[^1]:\n\n    # heading\n# other\n", ["footnote", "  heading", "heading"]),
        (
            "[^1]: - a\n\n    - b\n",
            ["footnote", "  bullet_list", *["    list_item", "      paragraph"] * 2],
        ),
        ("> [^1]: a\n> b\n", ["blockquote", "  footnote", "    paragraph"]),
        ("    [^1]: code\n", ["code_block"]),
        ("[^a b]: some text\n", ["paragraph"]),
        ("[^1] : text\n", ["paragraph"]),
    ],
)
def test_a_footnote_contains_the_indented_blocks_below_it(text: str, expected: list[str]) -> None:
    """A definition contains its paragraph and every block indented by four columns."""
    assert shape(text) == expected


def test_a_footnote_is_not_a_link_definition() -> None:
    """``[^1]: word``, a link definition in CommonMark, is a footnote."""
    blocks = parse_blocks("[^1]: word\n\n[1]: word\n")
    assert [definition.label for definition in blocks.definitions] == ["1"]
    assert [(note.label, note.text, note.first) for note in blocks.footnotes] == [("1", "[^1]: word", 0)]
