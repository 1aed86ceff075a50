"""Destinations of links and images, with their positions."""

from __future__ import annotations

import pytest

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.inlines import destinations

CASES = [
    ("[a](b)", [("b", "b", "link")]),
    ("![a](b)", [("b", "b", "image")]),
    ("[a]( <b c>\n 't')", [("b c", "b%20c", "link")]),
    ("[a](b\\(c)", [("b\\(c", "b(c", "link")]),
    ("[a](b(c)d)", [("b(c)d", "b(c)d", "link")]),
    ("[a](b&amp;c)", [("b&amp;c", "b&c", "link")]),
    ("[![a](b)](c)", [("b", "b", "image"), ("c", "c", "link")]),
    ("![a [x](y)](b)", [("b", "b", "image")]),
    ("`[a](b)` [a](b)", [("b", "b", "link")]),
    ("\\[a](b) [c](d)", [("d", "d", "link")]),
    ("[a]()", [("", "", "link")]),
    ("[a][b]\n\n[b]: c", [("c", "c", "link")]),
    ("![a][b] [b]\n\n[b]:\n  <c> 't'", [("c", "c", "image")]),
    ("> - [b]\n>\n>   [b]:\n>   c", [("c", "c", "link")]),
    ("[a] (b) [a](b c) [d](e)\n\n[a]: f", [("e", "e", "link"), ("f", "f", "link")]),
    ("a\n  [b](c)  \n[d](e)", [("c", "c", "link"), ("e", "e", "link")]),
    ("> [b](c)\n[d](e)\n>  [f](g)", [("c", "c", "link"), ("e", "e", "link"), ("g", "g", "link")]),
    ("- a\n\n\t[b](c)", [("c", "c", "link")]),
    ("-  \f\na\n[b](c)", [("c", "c", "link")]),
    ("# [a](b) #", [("b", "b", "link")]),
    ("[a](b)\n===", [("b", "b", "link")]),
    (
        "|a|b|\n|-|-|\n|`[x](y)`|[x](y)|\n|c\\|[x](y\\|)|[x](y)|",
        [("y", "y", "link"), ("y\\|", "y%7C", "link"), ("y", "y", "link")],
    ),
    ("[^1]: [a](b)", [("b", "b", "link")]),
    ("<a href='b&amp;c'>d</a>", [("b&amp;c", "b&c", "link")]),
    ('a <a href=b>\n<img alt=""\n src="c">', [("b", "b", "link"), ("c", "c", "image")]),
    (
        '<p>\n<img src="a" srcset="b 1x, c 2x">\n<a data-href="x" href="d">',
        [("a", "a", "image"), ("b", "b", "image"), ("c", "c", "image"), ("d", "d", "link")],
    ),
    ("<!-- <a href='b'> -->\n\nc <!-- <img src='d'> --> <a href='e'>", [("e", "e", "link")]),
    ("```\n[a](b)\n```\n\n    [a](b)", []),
    ("<https://example.com> https://example.com", []),
    ("[a](javascript:b)", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_every_destination_is_found_with_its_position(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Every destination has its position in the source; text that only looks like a link has none."""
    found = list(destinations(parse_blocks(text)))
    assert [(item.href, item.kind) for item in found] == [(href, kind) for _, href, kind in expected]
    assert all(text.startswith(spelled, item.start) for item, (spelled, _, _) in zip(found, expected, strict=True))


def test_positions_are_right_after_carriage_returns_and_nul() -> None:
    """Positions refer to the source even if the parser sees other characters."""
    text = "\0 a\r\nb [c](d)\r\n\r\n[e](f\0g)\r"
    assert [text[item.start :].partition(")")[0] for item in destinations(parse_blocks(text))] == ["d", "f\0g"]
