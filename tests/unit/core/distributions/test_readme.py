"""Links that hold in the repository and break on the index are told."""

from __future__ import annotations

import pytest

from support.archives import wheel
from tagship.core.distributions.page import relative_links


def described(text: str, form: str = "text/markdown") -> str:
    """What is said of a project whose description is ``text``."""
    return relative_links(wheel(metadata=f"Description-Content-Type: {form}\n\n{text}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("See [the guide](docs/guide.md).", "docs/guide.md."),
        ("![logo](./logo.png) and [again](./logo.png)", "./logo.png."),
        ('<img src="logo.png">', "logo.png."),
        ("[a][a]\n\n[a]: CHANGELOG.md", "CHANGELOG.md."),
        (" ".join(f"[x]({n}.md)" for n in range(7)), "0.md, 1.md, 2.md, 3.md, 4.md and 2 more."),
    ],
    ids=["a link", "an image twice", "an HTML image", "a definition", "many"],
)
def test_relative_links_are_named(text: str, said: str) -> None:
    """Each once, in order."""
    assert described(text) == f"Links of the README that lead nowhere on the index: {said}"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (
            "[a](https://example.invalid) [b](#anchor) [c](//example.invalid/x) <mailto:me@example.invalid>",
            "text/markdown",
        ),
        ("`[a](b.md)`\n\n    [c](d.md)\n", "text/markdown"),
        ("`a <b.rst>`_", "text/x-rst"),
        ("", "text/markdown"),
    ],
    ids=["absolute ones", "code", "another markup", "nothing"],
)
def test_what_holds_is_not_told(text: str, form: str) -> None:
    """No note without a reason."""
    assert described(text, form) == ""
