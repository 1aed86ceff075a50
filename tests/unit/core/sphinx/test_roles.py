"""Roles of Sphinx."""

from __future__ import annotations

import pytest

from tagship.core.sphinx.markup import Roles, Shown

ROLES = Roles(
    repository_url="https://github.com/o/n",
    extlinks={
        "gh": ("https://e.com/%s?a=%%20", "GH-%s"),
        "old": ("https://e.com/", "o "),
        "bare": ("https://e.com/%s", None),
    },
)


@pytest.mark.parametrize(
    ("name", "text", "shown", "url"),
    [
        ("gh", "12", "GH-12", "https://e.com/12?a=%20"),
        ("gh", "this <12>", "this", "https://e.com/12?a=%20"),
        ("old", "12", "o 12", "https://e.com/12"),
        ("bare", "12", "https://e.com/12", "https://e.com/12"),
        ("issue", "12", "#12", "https://github.com/o/n/issues/12"),
        ("issue", "a/b#12", "a/b#12", "https://github.com/a/b/issues/12"),
        ("pr", "12", "#12", "https://github.com/o/n/pull/12"),
        ("user", "octocat", "@octocat", "https://github.com/octocat"),
        ("commit", "abc123", "abc123", "https://github.com/o/n/commit/abc123"),
        ("pep", "8", "PEP 8", "https://peps.python.org/pep-0008/"),
        ("PEP", "8#naming", "PEP 8", "https://peps.python.org/pep-0008/#naming"),
        ("pep", "the style <8>", "the style", "https://peps.python.org/pep-0008/"),
        ("rfc", "2324", "RFC 2324", "https://datatracker.ietf.org/doc/html/rfc2324"),
        ("cve", "2024-1234", "CVE-2024-1234", "https://www.cve.org/CVERecord?id=CVE-2024-1234"),
        ("cve", "CVE-2024-1234", "CVE-2024-1234", "https://www.cve.org/CVERecord?id=CVE-2024-1234"),
        ("pypi", "attrs", "attrs", "https://pypi.org/project/attrs/"),
    ],
)
def test_roles_that_are_links(name: str, text: str, shown: str, url: str) -> None:
    """The project's own links come first, then the pages of its repository, then those that everybody knows."""
    assert ROLES.show(name, text) == (Shown(text=shown, url=url),)


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("class", "~a.b.C", "C"),
        ("py:class", "a.C", "a.C"),
        ("func", "f", "f()"),
        ("py:meth", "~a.C.f()", "f()"),
        ("func", "the call <f>", "the call()"),
        ("attr", ".x", "x"),
        ("exc", "!E", "E"),
        ("c:struct", "s", "s"),
        ("file", "a/{b}", "a/{b}"),
        ("code", "a <b>", "a <b>"),
    ],
)
def test_names_of_a_program_are_code(name: str, text: str, shown: str) -> None:
    """They are spelled as Sphinx spells them."""
    assert ROLES.show(name, text) == (Shown(text=shown, style="code"),)


@pytest.mark.parametrize(
    ("name", "text", "shown"), [("ref", "text <label>", "text"), ("doc", "/a", "/a"), ("std:term", "x", "x")]
)
def test_places_in_the_documentation_are_text(name: str, text: str, shown: str) -> None:
    """Their address is not known."""
    assert ROLES.show(name, text) == (Shown(text=shown),)


def test_several_numbers_are_several_links() -> None:
    """Numbers are separated by commas, as sphinx-issues has them."""
    shown = ROLES.show("issue", "1, 2")
    assert shown is not None
    assert "".join(piece.text for piece in shown) == "#1, #2"
    assert [piece.url for piece in shown if piece.url] == [
        f"https://github.com/o/n/issues/{number}" for number in (1, 2)
    ]


def test_the_default_role_is_that_of_the_project() -> None:
    """Text in single backquotes is a title if the project sets no role."""
    assert Roles().show("", "a") == (Shown(text="a", style="emphasis"),)
    assert Roles(default="py:obj").show("", "a") == (Shown(text="a", style="code"),)


@pytest.mark.parametrize("name", ["nobody", "issue"])
def test_a_role_that_nobody_knows(name: str) -> None:
    """Without a repository its roles are unknown as well."""
    assert Roles().show(name, "a") is None
