"""Making links absolute."""

from __future__ import annotations

import pytest

from tagship.core.notes import Place, absolute_links, anchor

PLACE = Place(server_url="https://github.com", repository="owner/name", ref="pkg/v1.0+1", path="docs/CHANGELOG.md")
ROOT = "https://github.com/owner/name"
BLOB = f"{ROOT}/blob/pkg/v1.0%2B1"
RAW = f"{ROOT}/raw/pkg/v1.0%2B1"


def test_the_urls_of_a_file() -> None:
    """URLs of the file at the tag, of a heading in it, and of the comparison with an earlier tag."""
    assert PLACE.url() == f"{BLOB}/docs/CHANGELOG.md"
    assert PLACE.url(fragment="100--2024") == f"{BLOB}/docs/CHANGELOG.md#100--2024"
    assert PLACE.compare("pkg/v0.9") == f"{ROOT}/compare/pkg/v0.9...pkg/v1.0%2B1"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("guide.md", f"{BLOB}/docs/guide.md"),
        ("./guide.md#a?b", f"{BLOB}/docs/guide.md#a?b"),
        ("../README.md?plain=1#L3", f"{BLOB}/README.md?plain=1#L3"),
        ("/./a.py", f"{BLOB}/a.py"),
        ("..", f"{BLOB}/"),
        ("...a/../.b", f"{BLOB}/docs/...a/../.b"),
        ("sub/", f"{BLOB}/docs/sub/"),
        ("#100", f"{BLOB}/docs/CHANGELOG.md#100"),
        ("?plain=1", f"{BLOB}/docs/CHANGELOG.md?plain=1"),
        ("../../../issues/1", f"{ROOT}/issues/1"),
        ("../../../../../../../x", "https://github.com/x"),
        ("//example.com/a", "https://example.com/a"),
        ("https://example.com/../a", "https://example.com/../a"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("", ""),
    ],
)
def test_links_resolve_as_on_github(href: str, expected: str) -> None:
    """Links resolve relative to the file's folder, the repository root or the page itself."""
    assert "".join(PLACE.absolute(href, "link")) == expected


def test_images_resolve_to_raw_files() -> None:
    """The URL of an image is the raw file, not its page."""
    assert PLACE.absolute("a.png", "image") == (f"{RAW}/docs/", "a.png")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b.md) ![c](d.png)", f"[a]({BLOB}/docs/b.md) ![c]({RAW}/docs/d.png)"),
        ('[a](<b c(.md> "t")', f'[a](<{BLOB}/docs/b c(.md> "t")'),
        ("[a](../b\\(c(d)_e)", f"[a]({BLOB}/b\\(c(d)_e)"),
        ("[a](b[c](<d e>)'f')", f"[a](b[c](<{BLOB}/docs/d e>)'f')"),
        ("[a](\\./b.md)", f"[a]({BLOB}/docs/\\./b.md)"),
        ("[a](\\#b)", f"[a]({BLOB}/docs/CHANGELOG.md\\#b)"),
        ("[a](b?x=1&amp;copy;)", f"[a]({BLOB}/docs/b?x=1&amp;copy;)"),
        ("[a][b]\n\n[b]: c.md 't'", f"[a][b]\n\n[b]: {BLOB}/docs/c.md 't'"),
        ("![a][b]\n\n[b]: c.png", f"![a][b]\n\n[b]: {RAW}/docs/c.png"),
        ("<a href=b&amp;c>d</a>", f"<a href={BLOB}/docs/b&amp;c>d</a>"),
        ("<p><img srcset='a.png, b.png 2x'></p>", f"<p><img srcset='{RAW}/docs/a.png, {RAW}/docs/b.png 2x'></p>"),
        ("[a](https://example.com) `[b](c)` [d]()", "[a](https://example.com) `[b](c)` [d]()"),
        ("a\r\n[b](c)\r\n", f"a\r\n[b]({BLOB}/docs/c)\r\n"),
    ],
)
def test_only_relative_destinations_change(text: str, expected: str) -> None:
    """All other bytes stay, and a second run changes nothing."""
    assert absolute_links(text, PLACE) == expected
    assert absolute_links(expected, PLACE) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("[1.2.0] - 2024-01-01", "120---2024-01-01"),
        ("v1.2.0 (Feb 3rd, 2024)", "v120-feb-3rd-2024"),
        ("Release_1 🎉 ä", "release_1--ä"),
    ],
)
def test_the_anchor_of_a_heading(title: str, expected: str) -> None:
    """Anchors are lower case, with spaces as dashes and without other punctuation."""
    assert anchor(title) == expected
