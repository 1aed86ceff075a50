"""The summary shows the files, what is in them, and the project's page, and nothing in them can break it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from support.archives import sdist, wheel
from tagship.core.distributions.page import distribution_summary

METADATA = (
    "Summary: Says hello\nRequires-Python: >=3.11\nClassifier: Typing :: Typed\nClassifier: A :: B\n"
    "Project-URL: Home, https://example.invalid\nKeywords: a,b\nDescription-Content-Type: {form}\n\n# Hello\n"
)


def test_files_have_size_and_digest() -> None:
    """A row a file."""
    item = wheel(files=["hello.py"])

    page = distribution_summary([item], ["A note | with a bar"])

    assert f"| {item.filename} | 1.2 KiB | `{item.archive.sha256[:12]}…` |" in page
    assert f"\n{item.archive.sha256}  {item.filename}\n" in page
    assert "- A note &#124; with a bar" in page
    assert "└── hello.py (8 B)" in page


def test_metadata_is_listed() -> None:
    """Field by field, as in the file."""
    page = distribution_summary([wheel(metadata=METADATA.format(form="text/markdown"))], [])

    for line in (
        "Summary: Says hello",
        "Classifier: A :: B",
        "Project-URL: Home, https://example.invalid",
        "Keywords: b",
    ):
        assert f"\n{line}\n" in page


def test_markdown_is_shown_rendered_and_last() -> None:
    """What a README leaves open spoils nothing that follows."""
    page = distribution_summary([sdist(metadata=METADATA.format(form="text/markdown; charset=UTF-8")), wheel()], [])

    assert page.endswith("<details><summary>The page on the index</summary>\n\n# Hello\n\n</details>")


def test_other_readmes_are_shown_as_source() -> None:
    """Only Markdown is rendered by a summary."""
    assert page_end(METADATA.format(form="text/x-rst")) == "```text\n# Hello\n```\n\n</details>"


def page_end(metadata: str) -> str:
    """Return the last lines of the page."""
    return "\n".join(distribution_summary([sdist(metadata=metadata)], []).splitlines()[-5:])


@pytest.mark.parametrize("readme", ["```\ncode", "<details>\n\nx", "<!-- x", "<pre>\nx"])
def test_a_readme_cannot_leave_its_fold(readme: str) -> None:
    """What it leaves open is closed, so that a later summary of the step is not swallowed."""
    page = distribution_summary([sdist(metadata=METADATA.format(form="text/markdown") + readme)], [])

    (after,) = [token for token in MarkdownIt().parse(f"{page}\n\n### Next")[-3:] if token.type == "inline"]
    assert (after.content, page.count("<details>"), page.endswith("\n\n</details>")) == (
        "Next",
        page.count("</details>"),
        True,
    )


def test_a_huge_readme_is_cut() -> None:
    """The summary holds 1 MiB in all."""
    text = METADATA.format(form="text/markdown") + "x" * 3_000_000

    assert len(distribution_summary([sdist(metadata=text)], [])) < 300_000
