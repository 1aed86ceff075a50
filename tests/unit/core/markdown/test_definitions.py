"""Completing an excerpt of a text."""

from __future__ import annotations

import pytest

from tagship.core.markdown.blocks import parse_blocks
from tagship.core.markdown.definitions import Definitions, complete, put_below


def completed(piece: str, rest: str) -> str:
    """Complete ``piece`` with the definitions of the text made of ``piece`` and ``rest``."""
    return complete(piece, Definitions.of(parse_blocks(f"{piece}\n\n# Rest\n\n{rest}")))


@pytest.mark.parametrize(
    ("piece", "rest", "expected"),
    [
        ("a", "[b]: c", "a"),
        ("[b]", "[b]: c\n[d]: e", "[b]\n\n[b]: c"),
        ("[b] ![d][E]", "[e]: f 'g'\n[B]: c", "[b] ![d][E]\n\n[e]: f 'g'\n[B]: c"),
        ("[b]\n\n[b]: c", "[b]: d", "[b]\n\n[b]: c"),
        ("`[b]` \\[b]", "[b]: c", "`[b]` \\[b]"),
        ("[b]", "> [b]:\n> c\n> 'd'", "[b]\n\n[b]:\n    c\n    'd'"),
        ("[b]", "[b]:\n     *", "[b]\n\n[b]:\n    *"),
        ("a[^b]", "[^b]: c\n  d\n[^e]: f", "a[^b]\n\n[^b]: c\n  d"),
        (
            "a[^b]",
            "[^b]: [c] [^d]\n\n    more\n\n[^d]: x\n\n[c]: e",
            "a[^b]\n\n[c]: e\n\n[^b]: [c] [^d]\n\n    more\n[^d]: x",
        ),
        ("a[^b]\n\n[^b]: c", "[^b]: d", "a[^b]\n\n[^b]: c"),
        ("a[^missing] [missing]", "", "a[^missing] [missing]"),
        ("- [b]\n", "[b]: c", "- [b]\n\n[b]: c"),
        ("[b]\n\n```\nopen", "", "[b]\n\n```\nopen"),
    ],
)
def test_used_definitions_are_appended(piece: str, rest: str, expected: str) -> None:
    """Link and footnote definitions are appended, also those used by footnotes, and no others."""
    assert completed(piece, rest) == expected


def test_the_first_definition_of_the_text_counts_in_the_excerpt() -> None:
    """If the excerpt redefines a label, the effective definition is put above it."""
    whole = parse_blocks("[a]: first\n\n# Piece\n\n[a]\n\n[a]: second\n")
    assert complete("[a]\n\n[a]: second", Definitions.of(whole)) == "[a]: first\n\n[a]\n\n[a]: second"


def test_an_open_fence_is_closed_before_a_definition() -> None:
    """An appended definition does not become code."""
    assert complete("[b]\n\n```\ncode", Definitions.of(parse_blocks("[b]: c"))) == "[b]\n\n```\ncode\n```\n\n[b]: c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "B"),
        (" \n\n", "B"),
        ("a  \n\n", "a\n\nB"),
        ("````\na\n```", "````\na\n```\n````\n\nB"),
        ("~~~ x\na", "~~~ x\na\n~~~\n\nB"),
        ("```\na\n```", "```\na\n```\n\nB"),
        ("- ```\n  a", "- ```\n  a\n\nB"),
        ("> ~~~\n> a", "> ~~~\n> a\n\nB"),
        ("<!-- a", "<!-- a\n-->\n\nB"),
        ("<!-- a -->", "<!-- a -->\n\nB"),
        ("  <PRE>\na", "  <PRE>\na\n</pre>\n\nB"),
        ("<script>", "<script>\n</script>\n\nB"),
        ("<?php", "<?php\n?>\n\nB"),
        ("<!DOCTYPE", "<!DOCTYPE\n>\n\nB"),
        ("<![CDATA[ a", "<![CDATA[ a\n]]>\n\nB"),
        ("<div>\na", "<div>\na\n\nB"),
    ],
)
def test_open_blocks_are_closed_before_appended_text(text: str, expected: str) -> None:
    """Fences and HTML blocks open at the end are closed first."""
    assert put_below(text, "B") == expected
    assert parse_blocks(put_below(text, "B")).tokens[-2].content == "B"
