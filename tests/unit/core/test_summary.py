"""Every summary has the same layout, and no foreign text can break it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from tagship.core.summary import (
    digests_folded,
    failure_page,
    fenced,
    files_table,
    folded,
    joined,
    listed,
    marked,
    page,
    table,
)
from tagship.errors import Problem

FILES = [("a|b.whl", "1.5 KiB", "ab" * 32), ("old.zip", "3 B", "")]


def test_a_page_begins_with_verdict_title_and_subject() -> None:
    """The non-empty parts follow, without gaps."""
    assert page("passed", "Build", "One.", "", "Two.\n", subject="`x`") == "### ✅ Build: `x`\n\nOne.\n\nTwo."


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [("passed", "✅"), ("failed", "❌"), ("warned", "⚠️"), ("skipped", "⏭️"), ("late", "⏱️")],
)
def test_a_verdict_has_one_mark_everywhere(verdict: str, mark: str) -> None:
    """A verdict has the same mark in a heading, a cell and a list."""
    shown = page(verdict, "T"), marked(verdict, "x"), listed(["x"], verdict=verdict)  # type: ignore[arg-type]
    assert shown == (f"### {mark} T", f"{mark}&nbsp;x", f"- {mark}&nbsp;x")


def test_parts_keep_their_indentation() -> None:
    """Joining removes only the blank lines around a part."""
    assert joined("\n    code\n", "text") == "    code\n\ntext"


def test_a_table_aligns_numbers_to_the_right() -> None:
    """A column whose name begins with ``>`` is right-aligned."""
    assert table(("Check", ">Time"), [("a", "1 s")]) == "| Check | Time |\n| --- | ---: |\n| a | 1 s |"


def test_a_list_interprets_nothing() -> None:
    """Foreign text stays one entry of plain text."""
    assert listed(["a\n# b <i>"]) == "- a<br>&#35; b &#60;i&#62;"


def test_a_collapsed_body_is_markdown() -> None:
    """Blank lines around the body make it Markdown inside the HTML."""
    assert folded("<More>", "*x*\n") == "<details><summary>&#60;More&#62;</summary>\n\n*x*\n\n</details>"


def test_a_fence_cannot_be_closed_from_inside() -> None:
    """A fence is longer than any run of backticks in the text."""
    assert fenced("a ```` b").startswith("`````text\n")


def test_a_table_of_files_shows_the_beginning_of_each_digest() -> None:
    """The full digests are collapsed below the table, in sha256sum format."""
    assert files_table(FILES).splitlines()[2:] == [
        "| a&#124;b.whl | 1.5 KiB | `abababababab…` |",
        "| old.zip | 3 B |  |",
    ]
    assert f"\n{'ab' * 32}  a|b.whl\n```" in digests_folded(FILES)


def test_without_files_the_table_is_empty() -> None:
    """No files and no digests give empty texts."""
    assert (files_table([]), digests_folded([("old.zip", "3 B", "")])) == ("", "")


def test_a_failure_page_has_each_problem_with_its_remedy_and_section() -> None:
    """The first line is bold, the output of a program is a code block, and the facts are below."""
    problems = [
        Problem(found="It broke.\n**log**", remedy="Fix it.", topic="check-failed"),
        Problem(found="a | b", remedy="c", topic="wrong-inputs"),
    ]
    assert failure_page("Gate", problems, help_page="H.md", subject="x", facts="| f |").splitlines() == [
        "### ❌ Gate: x",
        "",
        "- **It broke.**<br>Fix it. ([more](H.md#check-failed))",
        "",
        "  ```text",
        "  **log**",
        "  ```",
        "",
        "- **a &#124; b**<br>c ([more](H.md#wrong-inputs))",
        "",
        "| f |",
    ]


@pytest.mark.parametrize("found", ["ends.", "(ends)", "`ends`", "ends…", "'ends'", "ends\nmore"])
def test_the_first_line_is_bold_with_any_ending(found: str) -> None:
    """CommonMark reads the stars as emphasis after any last character."""
    shown = MarkdownIt().render(failure_page("T", [Problem(found=found, remedy="r", topic="t")], help_page="h"))
    assert ("<strong>" in shown, "**" in shown) == (True, False)


def test_code_in_a_message_is_shown_as_code() -> None:
    """Backticks in a problem mark code, and everything else is literal."""
    page = failure_page("T", [Problem(found="The check `a|b` *fails*.", remedy="Use `c`", topic="t")], help_page="h")

    assert "- **The check <code>a&#124;b</code> &#42;fails&#42;.**<br>Use <code>c</code> (" in page
