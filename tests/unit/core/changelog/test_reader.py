"""Parsing whole changelogs, and redirects to them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tagship.core.changelog.reader import read_changelog, redirect_targets, refers_to_github


def found(text: str) -> list[tuple[int, str, str]]:
    """Return line, label and body of every release in ``text``."""
    changelog = read_changelog(dedent(text))
    return [(release.line, release.label, changelog.body(release)) for release in changelog.releases]


CASES = {
    "a Keep a Changelog file": (
        """\
        # Changelog

        ## [Unreleased]

        ## [1.1.0] - 2024-02-01

        ### Added

        - A.

        ## [1.0.0] - 2024-01-01

        First.

        [1.1.0]: https://example.com/1.1.0
        """,
        [(3, "Unreleased", ""), (5, "1.1.0", "### Added\n\n- A."), (11, "1.0.0", "First.")],
    ),
    "setext headings of both levels": (
        "Release History\n===\n\ndev\n---\n\n- B\n\n1.0 (2024-01-01)\n---\n\n- A\n",
        [(4, "dev", "- B"), (9, "1.0", "- A")],
    ),
    "a setext heading of several lines": (
        "1.1.0\n2024-01-01\n==========\nB\n\n1.0.0\n=====\nA\n",
        [(1, "1.1.0", "B"), (6, "1.0.0", "A")],
    ),
    "patch releases one level below their minor": (
        "## 1.1.0\n\n### Fixes\n\n- C\n\n### [1.0.1](u) (2024-01-02)\n\n### Fixes\n\n- B\n\n## 1.0.0\n\n- A\n",
        [(1, "1.1.0", "### Fixes\n\n- C"), (7, "1.0.1", "### Fixes\n\n- B"), (13, "1.0.0", "- A")],
    ),
    "a version of other software at the level of patch releases": (
        "### 1.1.1 (2024-01-01)\nC\n## 1.1.0\nB\n### 3.12 Support\nB\n### 1.0\nA\n### 0.9.1 Hotfix\nZ\n",
        [
            (1, "1.1.1", "C"),
            (3, "1.1.0", "B\n### 3.12 Support\nB"),
            (7, "1.0", "A"),
            (9, "0.9.1", "Z"),
        ],
    ),
    "a version outside PEP 440 at the level of patch releases": (
        "## 1.1.0\nB\n### 1.0.1\nA\n### 1.0.0-canary The big one\nZ\n",
        [(1, "1.1.0", "B"), (3, "1.0.1", "A"), (5, "1.0.0-canary", "Z")],
    ),
    "releases at level three only": (
        "## Releases\n\n### Unreleased\n\n### 2.0\n\nB\n\n### 1.0 January 2 2024\n\nA\n",
        [(3, "Unreleased", ""), (5, "2.0", "B"), (9, "1.0", "A")],
    ),
    "a heading of a higher level that ends a section": (
        "# Releases\n## 1.0.0\nA\n# Appendix\nB\n",
        [(2, "1.0.0", "A")],
    ),
    "a heading of release level without a version": (
        "## 1.1.0\nB\n## New Contributors\nC\n## 1.0.0\nA\n",
        [(1, "1.1.0", "B\n## New Contributors\nC"), (5, "1.0.0", "A")],
    ),
    "a thematic break inside a section": (
        "## 1.1.0\nB\n\n---\n\nC\n\n---\n\n## 1.0.0\nA\n",
        [(1, "1.1.0", "B\n\n---\n\nC"), (10, "1.0.0", "A")],
    ),
    "headings in fences, also before a line of dashes": (
        "## 1.1.0\n```\n## 1.0.9\n---\n```\n~~~\n## 1.0.8\n~~~\n## 1.0.0\n",
        [(1, "1.1.0", "```\n## 1.0.9\n---\n```\n~~~\n## 1.0.8\n~~~"), (9, "1.0.0", "")],
    ),
    "headings in indented code, quotes, items, comments and HTML": (
        (
            "## 1.1.0\n\n    ## 1.0.9\n\n> ## 1.0.8\n\n- ## 1.0.7\n\n<!--\n## 1.0.6\n-->\n\n"
            "<div>\n## 1.0.5\n</div>\n\n## 1.0.0\n"
        ),
        [
            (
                1,
                "1.1.0",
                "    ## 1.0.9\n\n> ## 1.0.8\n\n- ## 1.0.7\n\n<!--\n## 1.0.6\n-->\n\n<div>\n## 1.0.5\n</div>",
            ),
            (17, "1.0.0", ""),
        ],
    ),
    "a heading in a footnote": (
        "## 1.1.0\nA[^1]\n\n[^1]: Note.\n\n    ## 1.0.9\n\nB\n## 1.0.0\n",
        [(1, "1.1.0", "A[^1]\n\n[^1]: Note.\n\n    ## 1.0.9\n\nB"), (9, "1.0.0", "")],
    ),
    "a pointer, which ends a section but is not a release": (
        "## 0.16.0\nB\n## 0.15.x\nSee there.\n## 0.1.0\nA\n",
        [(1, "0.16.0", "B"), (5, "0.1.0", "A")],
    ),
    "releases of two numbers below the heading of their series": (
        "## 1.0.0\nC\n## 0.x\n### 0.2\nB\n### 0.1\nA\n",
        [(1, "1.0.0", "C"), (4, "0.2", "B"), (6, "0.1", "A")],
    ),
    "other versions next to patch releases": (
        "## 1.1.0\nB\n### 1.0.1\nA\n### 3.12 Support\nA\n### Unreleased\nA\n",
        [(1, "1.1.0", "B"), (3, "1.0.1", "A\n### 3.12 Support\nA\n### Unreleased\nA")],
    ),
    "named patch releases below the named release": (
        "## Foo 2.3\nC\n### New\nC\n### foo 2.3.1\nB\n### Bar 1.1\nB\n### Foo 2.2 Notes\nB\n## Foo 2.2\nA\n",
        [(1, "2.3", "C\n### New\nC"), (5, "2.3.1", "B\n### Bar 1.1\nB\n### Foo 2.2 Notes\nB"), (11, "2.2", "A")],
    ),
    "a subheading with the version of its section": (
        "## v1.9.0 (2026-01-31)\nC\n### v1.9.0 (2026-01-31) Changes\nC\n### v1.9.0a1\nB\n## v1.8.2\nA\n",
        [(1, "v1.9.0", "C\n### v1.9.0 (2026-01-31) Changes\nC"), (5, "v1.9.0a1", "B"), (7, "v1.8.2", "A")],
    ),
    "a subheading with another spelling of the version of its section": (
        "## v4.0\n### 4.0.0 - Highlights\nB\n## 4.0.0\nA\n",
        [(1, "v4.0", "### 4.0.0 - Highlights\nB"), (4, "4.0.0", "A")],
    ),
    "a release below the title of its series": (
        "# What's new in pkg 1.2\nB\n## 1.2.0\nA\n",
        [(1, "1.2", "B"), (3, "1.2.0", "A")],
    ),
    "anchors above headings": (
        '<a id="v1.1"></a>\n# [v1.1](u)\nB\n\n<a id="v1.0"></a>\n# [v1.0](u)\nA\n',
        [(2, "v1.1", "B"), (6, "v1.0", "A")],
    ),
    "comments between releases": (
        "## 1.1.0\n\nB\n\n<!-- older ones -->\n\n## 1.0.0\n\nA\n",
        [(1, "1.1.0", "B"), (7, "1.0.0", "A")],
    ),
    "details around releases": (
        (
            "<details><summary>1.1.0</summary>\n\n## 1.1.0\n\nB\n\n</details>\n\n"
            "<details>\n<summary>Older\nones</summary>\n\n## 1.0.0\n\n<details>\n\nA\n\n</details>\n\n</details>\n"
        ),
        [(3, "1.1.0", "B"), (13, "1.0.0", "<details>\n\nA\n\n</details>")],
    ),
    "front matter of YAML": (
        "---\ntitle: 2.0.0\n# x\nlist:\n  - a\n---\n\n## 1.0.0\nA\n",
        [(8, "1.0.0", "A")],
    ),
    "front matter of TOML": ("+++\ntitle = '2.0.0'\n+++\n## 1.0.0\nA\n", [(4, "1.0.0", "A")]),
    "a thematic break at the top instead of front matter": (
        "---\n## 1.1.0\n- B\n---\n## 1.0.0\nA\n",
        [(2, "1.1.0", "- B"), (5, "1.0.0", "A")],
    ),
    "a byte order mark": ("\ufeff## 1.0.0\nA\n", [(1, "1.0.0", "A")]),
    "lines that end with carriage returns": (
        "## 1.1.0\r\n\r\n- B\r\n- C\r\n\r\n## 1.0.0\r\nA\r\n",
        [(1, "1.1.0", "- B\r\n- C"), (6, "1.0.0", "A")],
    ),
    "lines that end with a carriage return alone": ("## 1.1.0\rB\r## 1.0.0\rA", [(1, "1.1.0", "B"), (3, "1.0.0", "A")]),
    "characters that are line ends only in other tools": (
        "## 1.1.0\nB\u2028C\x0bD\x0cE\x85F\n## 1.0.0\nA\n",
        [(1, "1.1.0", "B\u2028C\x0bD\x0cE\x85F"), (3, "1.0.0", "A")],
    ),
    "indentation at the start of a section": ("## 1.0.0\n\n    code\n", [(1, "1.0.0", "    code")]),
    "closing hashes and markup in a heading": (
        "## **1.1.0** ##\nB\n## `1.0.0` <br>\nA\n## 0.9\\.0\nZ\n",
        [(1, "1.1.0", "B"), (3, "1.0.0", "A"), (5, "0.9.0", "Z")],
    ),
    "several packages": (
        "## pkg-a 1.0.0\nA\n## pkg-b 1.0.0\nB\n",
        [(1, "1.0.0", "A"), (3, "1.0.0", "B")],
    ),
    "versions of other software in subheadings": (
        "## 1.1.0\n### 3.13\nA\n#### numpy 2.0\nB\n### Upcoming changes\nC\n## 1.0.0\n",
        [(1, "1.1.0", "### 3.13\nA\n#### numpy 2.0\nB\n### Upcoming changes\nC"), (8, "1.0.0", "")],
    ),
    "definitions at the end of the last section": ("## 1.0.0\n\nA [x]\n\n[x]: u\n[y]: u\n", [(1, "1.0.0", "A [x]")]),
    "a footnote at the end of the last section": ("## 1.0.0\n\nA[^1]\n\n[^1]: Note.\n", [(1, "1.0.0", "A[^1]")]),
    "an empty file": ("", []),
    "no release at all": ("# Title\n\ntext\n", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_releases_and_their_bodies(text: str, expected: list[tuple[int, str, str]]) -> None:
    """Every release is found with exactly the lines of its section."""
    assert found(text) == expected


def test_a_release_has_every_field_of_its_heading() -> None:
    """Version, label, title, package, date, status and level are parsed from the heading."""
    (release,) = read_changelog("# pkg [v1.2.0-rc1](https://example.com) (Feb 3rd, 2024)\n").releases
    assert (str(release.version), release.label, release.package) == ("1.2.0rc1", "v1.2.0-rc1", "pkg")
    assert (release.title, str(release.date)) == ("pkg v1.2.0-rc1 (Feb 3rd, 2024)", "2024-02-03")
    assert (release.status, release.level, release.line, release.body) == ("prerelease", 1, 1, range(2, 2))


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("[1.0.0] - 2024-01-01", "[1.0.0] - 2024-01-01"),
        ("[1.1.0] - 2024-01-01", "1.1.0 - 2024-01-01"),
        ("[1.2.0](u) (x)", "1.2.0 (x)"),
        ("[1.2.0](<u v> 'w') **B** `c` ![i](j) &amp;", "1.2.0 B c &"),
        ("[1.2.0][1.1.0] \\*", "1.2.0 *"),
    ],
)
def test_the_title_is_the_visible_text(heading: str, title: str) -> None:
    """The title has no markup; brackets that are not a link stay."""
    release, *_ = read_changelog(f"## {heading}\n\n[1.1.0]: u\n").releases
    assert release.title == title


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ("", True),
        ("### Added\n\n### Fixed", True),
        ("<!-- add your notes here -->\n\n### Added\n\n---", True),
        ("[1.0.0]: u", True),
        ("A.", False),
        ("### Added\n\n- A.", False),
        ("```\ncode\n```", False),
        ("<b>html</b>", False),
        ("<!-- a --> b", False),
        ("![image](i.png)", False),
        ("<details><summary>Older</summary>", True),
        ('<a id="1"></a>', True),
        ('```\n<a id="1"></a>\n```', False),
        ("<details><summary>More</summary>\n</details>", False),
    ],
)
def test_a_section_without_visible_content_is_empty(body: str, empty: bool) -> None:
    """Headings, rules, comments and definitions are not content."""
    (release,) = read_changelog(f"## 1.0.0\n\n{body}\n").releases
    assert release.empty is empty


def test_a_heading_prefix_is_the_package() -> None:
    """Headings with the prefix before the version are releases of that package."""
    text = "## My Great Tool 1.1.0\nB\n## My Great Tool 1.0.0\nA\n"
    assert read_changelog(text).releases == ()
    assert [release.package for release in read_changelog(text, heading_prefix="My Great Tool ").releases] == [
        "My Great Tool",
        "My Great Tool",
    ]


def test_a_very_long_heading_is_not_a_release() -> None:
    """A heading of thousands of digits is skipped."""
    assert read_changelog(f"## 1.0.0 {'x' * 1000}\n\n## {'1' * 5000}\n").releases == ()


def test_16_megabytes_of_hashes_are_parsed() -> None:
    """A huge line that only looks like a heading is parsed without failure."""
    assert read_changelog("#" * (16 << 20)).releases == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docs/changes.md", "docs/changes.md"),
        ("docs/changes.md\n", "docs/changes.md"),
        ("a.md" + " " * 996, "a.md"),
        ("..\\docs\\changes.md", "../docs/changes.md"),
        ("See [the changelog](docs/changes.md).\n", "docs/changes.md"),
        ("# Changelog\n\nMoved to [docs/changes.md](docs/changes.md#latest).\n", "docs/changes.md"),
        ("# Changelog\n\nSee [here].\n\n[here]: <docs/all changes.markdown>\n", "docs/all changes.markdown"),
        ("\ufeffPlease see `docs/CHANGES.MD` for the changes.", "docs/CHANGES.MD"),
    ],
)
def test_a_redirect_to_one_file_is_recognized(text: str, expected: str) -> None:
    """A short text with one link to a Markdown file, or one path of such a file, is a redirect."""
    assert redirect_targets(text) == [expected]


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
        "a.md" + " " * 997,
    ],
)
def test_other_text_is_not_a_redirect(text: str) -> None:
    """A longer text, or one without exactly one Markdown file, is not a redirect."""
    assert redirect_targets(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":orphan:\n\nHistory\n=======\n\n.. include:: ../CHANGES.rst\n", ["../CHANGES.rst"]),
        (".. mdinclude:: ../CHANGELOG.md\n", ["../CHANGELOG.md"]),
        ("```{include} ../CHANGELOG.md\n:relative-images:\n```\n", ["../CHANGELOG.md"]),
        (":::{include} ../CHANGELOG.md\n:::\n", ["../CHANGELOG.md"]),
        ('{% include-markdown "../CHANGELOG.md" %}\n', ["../CHANGELOG.md"]),
        ('--8<-- "CHANGELOG.md"\n', ["CHANGELOG.md"]),
        (".. include:: 2.rst\n\n.. include:: 1.rst\n", ["2.rst", "1.rst"]),
        ("See `the changes <docs/changes.rst>`_.\n", ["docs/changes.rst"]),
    ],
)
def test_included_files_are_recognized(text: str, expected: list[str]) -> None:
    """The directives of Sphinx, MyST and MkDocs that include files are found, in order."""
    assert redirect_targets(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://github.com/octo/hello/releases\n", True),
        ("See [the releases](https://github.com/octo/hello/releases/).\n", True),
        ("See https://github.com/octo/hello\n", False),
        ("https://github.com/octo/hello/releases" + " " * 1000, False),
        ("Only up to 4.0.\nSince then, see the release notes on GitHub.\n\n* 3.5\n" + " " * 1000, True),
        ("* 3.5\n\nThe release notes are on GitHub.\n" + "a" * 1000, False),
    ],
)
def test_a_page_that_refers_to_github_is_recognized(text: str, expected: bool) -> None:
    """A short page with a link to the releases on GitHub is not a changelog."""
    assert refers_to_github(text) is expected
