"""Warnings about the text of release sections."""

from __future__ import annotations

import pytest

from tagship.core.changelog.reader import read_changelog

LOST = "{!r} looks like the heading of {} but is not one; the text below it stays in the notes of 1.1.0."


def warnings(text: str) -> list[tuple[int, str]]:
    """Return the warnings about ``text``, after front matter of three lines."""
    return [(remark.line - 3, remark.text) for remark in read_changelog(f"---\na: b\n---\n{text}").warnings]


@pytest.mark.parametrize(
    ("text", "line", "seen"),
    [
        ("- B\n\n##1.0.0\n\n- A\n", 4, "##1.0.0"),
        ("- B\n\n##[1.0.0] - 2026-01-01\n- A\n", 4, "##[1.0.0] - 2026-01-01"),
        ("- B\n\n**1.0.0** (2026-01-01)\n\n- A\n", 4, "**1.0.0** (2026-01-01)"),
        ("- B\n\n__Version 1.0.0__\n\n- A\n", 4, "__Version 1.0.0__"),
        ("- B\n\n1.0.0\n\n- A\n", 4, "1.0.0"),
        ("- B\n- 1.0.0\n  - A\n", 3, "1.0.0"),
        ("- B\n- **1.0.0**\n  - A\n", 3, "**1.0.0**"),
        ("- B\n1.0.0\n-----\n\n- A\n", 3, "1.0.0"),
        ("- B\n\n[v1.0.0](https://example.com)\n\n- A\n", 4, "[v1.0.0](https://example.com)"),
    ],
    ids=[
        "no space after the hashes",
        "no space after the hashes, and no blank line below",
        "bold",
        "bold with a word",
        "a paragraph",
        "a list item",
        "a bold list item",
        "underlined below a list",
        "a link",
    ],
)
def test_a_line_that_looks_like_an_older_heading_is_reported(text: str, line: int, seen: str) -> None:
    """Older notes below a heading that is not one would be published with the newer release."""
    label = "v1.0.0" if "v1" in seen else "1.0.0"
    assert warnings(f"## 1.1.0\n{text}## 0.9.0\n- Z\n") == [(line, LOST.format(seen, label))]


def test_an_underlined_heading_that_includes_the_line_above_is_reported() -> None:
    """Without a blank line above it, the underlined version is the end of another heading."""
    found = warnings("## 1.1.0\n- C\n\nMore to come.\n1.0.0\n-----\n\n- A\n")
    assert (5, LOST.format("1.0.0", "1.0.0")) in found


@pytest.mark.parametrize(
    "text",
    [
        "- 2.0.0\n",
        "- 0.9.0\n",
        "- 1.0.0: a fix\n",
        "1.0.0\nis the last one\n",
        "```\n##1.0.0\n```\n",
        "### 1.0.x\n",
        "#1.0.0-issue of the month\n",
        "| a |\n|---|\n| 1.0.0 |\n",
    ],
    ids=[
        "a newer version",
        "a version with a section of its own",
        "prose",
        "a sentence",
        "code",
        "a heading",
        "another word",
        "a table",
    ],
)
def test_other_versions_in_a_section_are_not_reported(text: str) -> None:
    """Only the version of an older release without a section can be a lost heading."""
    found = [told for told in warnings(f"## 1.1.0\n{text}\n## 0.9.0\n- Z\n") if "looks like" in told[1]]
    assert found == []


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("- Support @property in classes\n", 2, "property"),
        ("- One\n  and two @dataclass\n", 3, "dataclass"),
        ("- Use @validator('x') again\n", 2, "validator"),
    ],
)
def test_a_decorator_in_plain_text_is_reported(text: str, line: int, name: str) -> None:
    """GitHub would notify the user of that name."""
    assert warnings(f"## 1.1.0\n{text}") == [(line, f"@{name} mentions a GitHub user; write it as code: `@{name}`.")]


@pytest.mark.parametrize(
    "text",
    [
        "- By @octocat in #1\n",
        "- Use `@property`\n",
        "- See [@property](u)\n",
        "- Use @property.setter or @property_x\n",
        "- Mail me@property or a/@property\n",
        "```\n@property\n```\n",
    ],
    ids=["a user", "code", "a link", "a longer name", "an address", "a code block"],
)
def test_other_names_are_not_reported(text: str) -> None:
    """Users, code and links stay without a warning."""
    assert warnings(f"## 1.1.0\n{text}") == []


def test_text_outside_sections_is_not_reported() -> None:
    """Text before the first release is not part of any notes."""
    assert warnings("**0.1.0**\n\n@property\n\n## 1.0.0\nA\n") == []
