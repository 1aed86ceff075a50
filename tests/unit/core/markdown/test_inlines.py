"""Inline content and its source positions."""

from __future__ import annotations

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.inlines import inlines, uses


def test_positions_map_to_the_source() -> None:
    """The offset of every character is right in quotes, items, headings and cells."""
    text = "> - one\n>   two\nlazy\n\n## three ##\n\n| a | b\\|c |\n|---|---|\n|  a | a |\n"
    for inline in inlines(parse_blocks(text)):
        for position, character in enumerate(inline.token.content):
            if not character.isspace() and character != "|":
                offset = inline.offset(position)
                assert offset is not None
                assert text[offset] == character


def test_cells_with_the_same_content_have_their_own_positions() -> None:
    """The second of two equal cells is found after the first."""
    first, second, *_ = inlines(parse_blocks("| x | x |\n|---|---|\n"))
    assert (first.offset(0), second.offset(0)) == (2, 6)


def test_a_paragraph_of_many_links_is_mapped_in_linear_time() -> None:
    """The lines and pipes before a position are not counted again for each link."""
    lines = inlines(parse_blocks("[a](b)\n" * 20_000))
    cells = inlines(parse_blocks("| a |\n|---|\n| " + "[a](b) \\| " * 20_000 + "|\n"))
    (paragraph,), (_, cell) = list(lines), list(cells)
    assert [paragraph.offset(span.start) for span in paragraph.spans[-1:]] == [7 * 19_999 + 4]
    assert [cell.offset(span.start) for span in cell.spans[-1:]] == [14 + 10 * 19_999 + 4]


def test_uses_are_link_labels_and_footnotes() -> None:
    """A label used by an image is an image label; references in code do not count."""
    (inline, *_) = inlines(parse_blocks("[a] ![A] [b][] [^N] `[c] [^2]` [d](e)\n\n[a]: u\n[b]: v\n[c]: w\n"))
    assert uses(inline.children) == ({"A": "image", "B": "link"}, {"n"})
