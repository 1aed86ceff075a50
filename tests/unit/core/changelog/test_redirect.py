"""Changelogs that only say where the changelog is."""

from __future__ import annotations

import pytest

from tagship.core.changelog.reader import redirect_target


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docs/changes.md", "docs/changes.md"),
        ("docs/changes.md\n", "docs/changes.md"),
        ("..\\docs\\changes.md", "../docs/changes.md"),
        ("See [the changelog](docs/changes.md).\n", "docs/changes.md"),
        ("# Changelog\n\nMoved to [docs/changes.md](docs/changes.md#latest).\n", "docs/changes.md"),
        ("# Changelog\n\nSee [here].\n\n[here]: <docs/all changes.markdown>\n", "docs/all changes.markdown"),
        ("\ufeffPlease see `docs/CHANGES.MD` for the changes.", "docs/CHANGES.MD"),
    ],
)
def test_a_pointer_to_one_file_is_followed(text: str, expected: str) -> None:
    """One link to a Markdown file, or one path of such a file, is all that the text has."""
    assert redirect_target(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Changelog\n",
        "See https://example.com/changes.md",
        "See [changes](https://example.com/changes.md)",
        "See [a](a.md) and [b](b.md).",
        "See [the code](src/code.py).",
        "See #changes.md",
        "a.md\n\nb\n\nc\n\nd\n\ne\n",
        "a.md" + " " * 1000,
    ],
)
def test_anything_else_is_read_as_it_is(text: str) -> None:
    """A text with more to say, or with no single file to go to, is no pointer."""
    assert redirect_target(text) is None
