"""Every summary has the same form, and nothing that somebody else wrote can break it."""

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


def test_a_page_says_first_how_it_went_what_was_done_and_to_what() -> None:
    """The parts follow, and those that are empty leave no gap."""
    assert page("passed", "Build", "One.", "", "Two.\n", subject="`x`") == "### ✅ Build: `x`\n\nOne.\n\nTwo."


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [("passed", "✅"), ("failed", "❌"), ("warned", "⚠️"), ("skipped", "⏭️"), ("late", "⏱️")],
)
def test_a_verdict_has_one_mark_everywhere(verdict: str, mark: str) -> None:
    """In a heading, in a row and in a list alike."""
    shown = page(verdict, "T"), marked(verdict, "x"), listed(["x"], verdict=verdict)  # type: ignore[arg-type]
    assert shown == (f"### {mark} T", f"{mark} x", f"- {mark} x")


def test_parts_keep_their_indentation() -> None:
    """Only the blank lines around a part go."""
    assert joined("\n    code\n", "text") == "    code\n\ntext"


def test_a_table_sets_numbers_to_the_right() -> None:
    """A column whose name begins with ``>`` is one of numbers."""
    assert table(("Check", ">Time"), [("a", "1 s")]) == "| Check | Time |\n| --- | ---: |\n| a | 1 s |"


def test_a_list_interprets_nothing() -> None:
    """A line that somebody else wrote stays one entry of text."""
    assert listed(["a\n# b <i>"]) == "- a<br>&#35; b &#60;i&#62;"


def test_a_fold_holds_markdown() -> None:
    """Blank lines around the body make it Markdown again inside of the HTML."""
    assert folded("<More>", "*x*\n") == "<details><summary>&#60;More&#62;</summary>\n\n*x*\n\n</details>"


def test_a_fence_cannot_be_closed_from_inside() -> None:
    """It is longer than any run of backticks in the text."""
    assert fenced("a ```` b").startswith("`````text\n")


def test_a_table_of_files_shows_the_beginning_of_each_digest() -> None:
    """A whole one makes the table wider than the page, so that stands folded below, ready for sha256sum."""
    assert files_table(FILES).splitlines()[2:] == [
        "| a&#124;b.whl | 1.5 KiB | `abababababab…` |",
        "| old.zip | 3 B |  |",
    ]
    assert f"\n{'ab' * 32}  a|b.whl\n```" in digests_folded(FILES)


def test_no_files_are_no_table() -> None:
    """Nothing is shown of nothing."""
    assert (files_table([]), digests_folded([("old.zip", "3 B", "")])) == ("", "")


def test_a_failure_tells_each_problem_with_its_remedy_and_its_section() -> None:
    """The first line stands out, what a program printed follows plainly, and the facts stand below."""
    problems = [
        Problem(found="It broke.\n**log**", remedy="Mend it.", topic="check-failed"),
        Problem(found="a | b", remedy="c", topic="wrong-inputs"),
    ]
    assert failure_page("Gate", problems, help_page="H.md", subject="x", facts="| f |").splitlines() == [
        "### ❌ Gate: x",
        "",
        "- **It broke.**<br>&#42;&#42;log&#42;&#42;<br>Mend it. ([more](H.md#check-failed))",
        "- **a &#124; b**<br>c ([more](H.md#wrong-inputs))",
        "",
        "| f |",
    ]


@pytest.mark.parametrize("found", ["ends.", "(ends)", "`ends`", "ends…", "'ends'", "ends\nmore"])
def test_the_first_line_stands_out_however_it_ends(found: str) -> None:
    """CommonMark takes the stars for emphasis, whatever stands beside them."""
    shown = MarkdownIt().render(failure_page("T", [Problem(found=found, remedy="r", topic="t")], help_page="h"))
    assert ("<strong>" in shown, "**" in shown) == (True, False)
