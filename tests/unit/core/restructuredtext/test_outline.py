"""The releases of reStructuredText changelogs."""

from __future__ import annotations

import datetime

import pytest

from tagship.core.changelog.search import find_release
from tagship.core.restructuredtext.outline import plain_title, read_document
from tagship.errors import Failure

DAY = datetime.date(2026, 2, 19)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "1.2.0 (2026-02-19)\n==================\n\nx\n", ("1.2.0", DAY, "released"), id="a date in the title"
        ),
        pytest.param(
            "Version 1.2.0\n-------------\n\nReleased 2026-02-19\n\n- x\n",
            ("1.2.0", DAY, "released"),
            id="a date below",
        ),
        pytest.param(
            "1.2.0\n=====\n\n:Date: 19 February 2026\n\n- x\n", ("1.2.0", DAY, "released"), id="a date in a field"
        ),
        pytest.param(
            "1.2.0\n=====\n\n*Release date: 2026-02-19*\n\n- x\n", ("1.2.0", DAY, "released"), id="a date in emphasis"
        ),
        pytest.param("1.2.0\n=====\n\nReleased by hand on 2026-02-19\n", ("1.2.0", None, "released"), id="a sentence"),
        pytest.param(
            "Version 1.2.0\n-------------\n\nUnreleased\n\n- x\n", ("1.2.0", None, "unreleased"), id="unreleased below"
        ),
        pytest.param(
            "Version 1.2.0\n-------------\n\nReleased: not yet released\n",
            ("1.2.0", None, "unreleased"),
            id="a field of it",
        ),
        pytest.param("1.2.0 [YANKED]\n==============\n\nx\n", ("1.2.0", None, "yanked"), id="yanked"),
        pytest.param("1.2.0rc1\n========\n\nx\n", ("1.2.0rc1", None, "prerelease"), id="a pre-release"),
        pytest.param("**1.2.0** (2026-02-19)\n\n- x\n", ("1.2.0", DAY, "released"), id="a bold paragraph"),
        pytest.param(
            "`1.2.0 <https://e.com>`_\n========================\n\nx\n",
            ("1.2.0", None, "released"),
            id="a link as title",
        ),
        pytest.param("pkg 1.2.0\n=========\n\nx\n", ("1.2.0", None, "released"), id="a name in front"),
    ],
)
def test_a_release(text: str, found: tuple[str, datetime.date | None, str]) -> None:
    """Version, date and status are read as in Markdown, and also from the first line of the section."""
    (release,) = read_document(text).changelog.releases
    assert (str(release.version), release.date, release.status) == found


def test_lines_are_those_of_the_file() -> None:
    """A release has the line of its title, and its body is what is below the underline, without blank lines."""
    text = ".. comment\n\n=====\n1.1.0\n=====\n\n- a\n\nMore\n\n.. _here:\n\n=====\n1.0.0\n=====\n\n"
    first, second = read_document(text).changelog.releases
    assert (first.line, first.body, first.empty) == (4, range(7, 10), False)
    assert (second.line, list(second.body), second.empty) == (14, [], True)


def test_bold_paragraphs_count_only_without_titles_that_name_versions() -> None:
    """Bold text inside the section of a release belongs to it."""
    text = "1.0.0\n=====\n\n**0.9.0**\n\nx\n"
    assert [release.label for release in read_document(text).changelog.releases] == ["1.0.0"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "1.1.0 (2026-02-19)\n\n- a\n\n1.0\n\n- b\n", [("1.1.0", [3]), ("1.0", [7])], id="above a paragraph"
        ),
        pytest.param("1.1\n- a\n- b\n\n1.0.0\n- c\n", [("1.1", [2, 3]), ("1.0.0", [6])], id="above a list"),
        pytest.param("v1.1\n  * a\nv1.0\n  * b\n", [("v1.1", [2]), ("v1.0", [4])], id="without blank lines"),
        pytest.param("1.1.0, released 2026-02-19\n\n- a\n", [("1.1.0", [3])], id="a date in words"),
        pytest.param("1.1 (2026-02-19)\n\n- a\n\n1.0\n===\n\nb\n", [("1.1", [3]), ("1.0", [8])], id="above titles"),
        pytest.param("1.1\n===\n\na\n\n1.0.0\n\nb\n", [("1.1", [4]), ("1.0.0", [8])], id="below titles"),
        pytest.param("1.1.0\n=====\n\n1.0\n\na\n", [("1.1.0", [4, 5, 6])], id="two numbers below titles"),
        pytest.param("1.1.0\n=====\n\n1.0.0\nis old.\n", [("1.1.0", [4, 5])], id="a sentence"),
        pytest.param("1.1: Python 3.15\n1.0: A fix\n", [], id="notes in the same line"),
        pytest.param("Python 3.15\n\nx\n", [], id="another version"),
    ],
)
def test_a_line_with_only_a_version_is_a_title(text: str, found: list[tuple[str, list[int]]]) -> None:
    """Plain text needs no underline. Where titles have one, such a line needs three numbers or a date."""
    releases = read_document(text).changelog.releases
    assert [(release.label, list(release.body)) for release in releases] == found


def test_a_bold_release_ends_the_one_above() -> None:
    """Each bold title has the lines down to the next one."""
    text = "History\n=======\n\n**UNRELEASED**\n\n- a\n\n**1.1**\n\n- b\n- c\n\n**1.0**\n\n- d\n"
    releases = read_document(text).changelog.releases
    assert [(release.label, release.status, list(release.body)) for release in releases] == [
        ("UNRELEASED", "unreleased", [6]),
        ("1.1", "released", [10, 11]),
        ("1.0", "released", [15]),
    ]


@pytest.mark.parametrize(
    "body", [".. comment\n", ".. _target:\n", ".. |a| replace:: b\n", "----\n", ".. contents::\n", "Added\n~~~~~\n"]
)
def test_a_section_without_content_is_empty(body: str) -> None:
    """Comments, definitions, rules and titles do not count as content."""
    assert read_document(f"1.1.0\n=====\n\n{body}\n1.0.0\n=====\n\nx\n").changelog.releases[0].empty


@pytest.mark.parametrize(
    ("body", "line"),
    [
        pytest.param("- a\n\n**1.0.0** (2025-01-02)\n\n- b\n", 6, id="bold"),
        pytest.param("- a\n- 1.0.0\n\n  - b\n", 5, id="a list item"),
    ],
)
def test_older_notes_inside_a_section_are_remarked(body: str, line: int) -> None:
    """A line that looks like the title of an older release has a warning, and a missing section shows it."""
    changelog = read_document(f"1.1.0\n=====\n\n{body}\n0.9.0\n=====\n\nx\n").changelog
    ((found, text),) = [(remark.line, remark.text) for remark in changelog.warnings]
    assert (found, "looks like the heading of 1.0.0" in text) == (line, True)
    with pytest.raises(Failure, match=f"Line {line} starts with it but is not a heading"):
        find_release(changelog, "1.0.0", file="CHANGES.rst")


@pytest.mark.parametrize("body", ["- 0.9.0\n", "- 1.0.0: a fix\n", "1.0.0\nis old.\n", "3.5 times faster\n"])
def test_sentences_and_known_releases_are_not_remarked(body: str) -> None:
    """A sentence may begin with a version."""
    assert read_document(f"1.1.0\n=====\n\n{body}\n0.9.0\n=====\n\nx\n").changelog.warnings == ()


def test_two_sections_for_a_version_are_remarked() -> None:
    """The remarks are those of the Markdown reader."""
    (remark,) = read_document("1.0.0\n=====\n\nx\n\n1.0.0\n=====\n\ny\n").changelog.warnings
    assert remark.line == 6


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("*unreleased*", "unreleased"),
        ("``pkg`` 1.0", "pkg 1.0"),
        ("`1.0 <https://e.com/a_b>`__ - now", "1.0 - now"),
        (":pkg:`a` 1.0", "a 1.0"),
        ("|pkg| 1.0", "pkg 1.0"),
        ("1.0\\ a", "1.0a"),
        ("a  b", "a b"),
    ],
)
def test_a_title_is_read_without_markup(source: str, title: str) -> None:
    """What is found in a title is what its reader sees."""
    assert plain_title(source) == title
