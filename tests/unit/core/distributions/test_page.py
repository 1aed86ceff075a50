"""The report on built files, which no file can break."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from support.archives import member, sdist, wheel
from tagship.core.distributions.page import TREE_LIMIT, distribution_summary, relative_links, tree

METADATA = (
    "Summary: Says hello\nRequires-Python: >=3.11\nClassifier: Typing :: Typed\nClassifier: A :: B\n"
    "Project-URL: Home, https://example.invalid\nKeywords: a,b\nDescription-Content-Type: {form}\n\n# Hello\n"
)


def test_files_have_size_and_digest() -> None:
    """Each file has a row in the table, and its contents are a tree."""
    item = wheel(files=["hello.py"])

    page = distribution_summary([item], ["A note | with a bar"])

    assert f"| {item.filename} | 1.2 KiB | `{item.archive.sha256[:12]}…` |" in page
    assert f"\n{item.archive.sha256}  {item.filename}\n" in page
    assert "- A note &#124; with a bar" in page
    assert "└── hello.py (8 B)" in page


def test_metadata_is_listed() -> None:
    """The fields are listed as in the file."""
    page = distribution_summary([wheel(metadata=METADATA.format(form="text/markdown"))], [])

    for line in (
        "Summary: Says hello",
        "Classifier: A :: B",
        "Project-URL: Home, https://example.invalid",
        "Keywords: b",
    ):
        assert f"\n{line}\n" in page


def test_a_markdown_readme_is_rendered_last() -> None:
    """Unclosed markup in the README affects nothing after it."""
    page = distribution_summary([sdist(metadata=METADATA.format(form="text/markdown; charset=UTF-8")), wheel()], [])

    assert page.endswith("<details><summary>Project page on the index</summary>\n\n# Hello\n\n</details>")


def test_other_readmes_are_shown_as_source() -> None:
    """A step summary renders only Markdown."""
    assert page_end(METADATA.format(form="text/x-rst")) == "```text\n# Hello\n```\n\n</details>"


def page_end(metadata: str) -> str:
    """Return the last lines of the report."""
    return "\n".join(distribution_summary([sdist(metadata=metadata)], []).splitlines()[-5:])


@pytest.mark.parametrize("readme", ["```\ncode", "<details>\n\nx", "<!-- x", "<pre>\nx"])
def test_a_readme_cannot_break_out_of_its_section(readme: str) -> None:
    """Unclosed markup is closed, so that later summaries are shown."""
    page = distribution_summary([sdist(metadata=METADATA.format(form="text/markdown") + readme)], [])

    (after,) = [token for token in MarkdownIt().parse(f"{page}\n\n### Next")[-3:] if token.type == "inline"]
    assert (after.content, page.count("<details>"), page.endswith("\n\n</details>")) == (
        "Next",
        page.count("</details>"),
        True,
    )


def test_a_huge_readme_is_truncated() -> None:
    """A step summary is limited to 1 MiB."""
    text = METADATA.format(form="text/markdown") + "x" * 3_000_000

    assert len(distribution_summary([sdist(metadata=text)], [])) < 300_000


def test_a_tree_is_sorted_and_has_sizes() -> None:
    """Folders end in a slash, and files have their size."""
    members = [member("a/z.py", "x" * 2048), member("b.txt", "abc"), member("a/inner/y.py")]

    assert tree(members).splitlines() == [
        "├── a/",
        "│   ├── inner/",
        "│   │   └── y.py (0 B)",
        "│   └── z.py (2.0 KiB)",
        "└── b.txt (3 B)",
    ]


def test_a_long_tree_is_truncated() -> None:
    """The last line has the number of omitted files."""
    lines = tree([member(f"file{number:05}") for number in range(TREE_LIMIT + 25)]).splitlines()

    assert (len(lines), lines[-1]) == (TREE_LIMIT + 1, "… and 25 more")


def test_a_tree_of_the_maximum_length_is_complete() -> None:
    """Nothing is omitted up to the limit."""
    lines = tree([member(f"file{number:05}") for number in range(TREE_LIMIT)]).splitlines()

    assert (len(lines), lines[-1]) == (TREE_LIMIT, f"└── file{TREE_LIMIT - 1:05} (0 B)")


@pytest.mark.parametrize(
    "paths",
    [["a", "a/b"], ["a/b", "a"], ["/"], ["", "x"], ["a//b"]],
    ids=["a file used as a folder", "a folder used as a file", "a slash", "an empty name", "a double slash"],
)
def test_invalid_paths_are_shown(paths: list[str]) -> None:
    """An invalid path in an archive does not crash the action."""
    assert tree([member(path) for path in paths])


def described(text: str, form: str = "text/markdown") -> str:
    """Return the sentence about a project with the description ``text``."""
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
    """Each relative link is listed once, in order."""
    assert described(text) == f"Relative links in the README, broken on the index: {said}"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (
            "[a](https://example.invalid) [b](#anchor) [c](//example.invalid/x) <mailto:me@example.invalid>",
            "text/markdown",
        ),
        ("`[a](b.md)`\n\n    [c](d.md)\n", "text/markdown"),
        ("`a <b.rst>`_", "text/x-rst"),
        ("[a]()", "text/markdown"),
        ("", "text/markdown"),
    ],
    ids=["absolute URLs", "code", "another markup", "an empty link", "no links"],
)
def test_working_links_are_not_reported(text: str, form: str) -> None:
    """Absolute URLs, anchors, code and other markup cause no note."""
    assert described(text, form) == ""
