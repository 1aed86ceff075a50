"""Turning a section into release notes."""

from __future__ import annotations

import pytest
from packaging.version import Version

from tagship.core.changelog.reader import read_changelog
from tagship.core.markdown.cut import byte_length
from tagship.core.notes import Package, Place, fitted_notes, links_section, ready_notes, section_anchor, section_notes

PLACE = Place(server_url="https://github.com", repository="o/n", ref="v1.1.0", path="CHANGELOG.md")
PAGE = "https://github.com/o/n/blob/v1.1.0/CHANGELOG.md"


def test_a_section_includes_the_definitions_it_uses() -> None:
    """The exact section is followed by its definitions and footnotes from anywhere in the file."""
    text = (
        "[a]: x\r\n\r\n## 1.1.0\r\n\r\n[a] [b] [^c]\r\nd\r\n\r\n## 1.0.0\r\n\r\n[e]\r\n\r\n[b]: y\n[e]: z\n[^c]: [a]\n"
    )
    changelog = read_changelog(text)
    assert section_notes(changelog, changelog.releases[0]) == "[a] [b] [^c]\r\nd\n\n[a]: x\n[b]: y\n\n[^c]: [a]"
    assert section_notes(changelog, changelog.releases[1]) == "[e]\n\n[e]: z"


def test_each_treatment_of_notes_is_optional() -> None:
    """Lines are joined and links made absolute only on request."""
    notes = "a\n[b](c)"
    assert ready_notes(notes, unwrapped=False, place=None) == notes
    assert ready_notes(notes, unwrapped=True, place=None) == "a [b](c)"
    assert ready_notes(notes, unwrapped=False, place=PLACE) == "a\n[b](https://github.com/o/n/blob/v1.1.0/c)"


@pytest.mark.parametrize(("line", "expected"), [(1, "1110"), (2, "1110-1"), (5, "1110-2")])
def test_the_anchor_of_a_section_is_counted_like_on_github(line: int, expected: str) -> None:
    """A heading with the anchor of earlier ones has their number in its anchor."""
    changelog = read_changelog("## 11.1.0\n## 1.11.0\n- # 11.10\n\n## 1.1.10\n")
    (release,) = (release for release in changelog.releases if release.line == line)
    assert section_anchor(changelog, release) == (expected if line != 5 else "1110-3")


def test_links_to_the_index_the_changelog_and_the_changes() -> None:
    """One line links to the package, the changelog and the comparison."""
    links = links_section(
        fragment="110---2024", package=Package(name="pkg", version=Version("1.1")), place=PLACE, previous_tag="v1_0"
    )
    assert links == (
        "[pkg 1.1](https://pypi.org/project/pkg/1.1/) · "
        f"[Changelog]({PAGE}#110---2024) · "
        "[Changes since v1&#95;0](https://github.com/o/n/compare/v1_0...v1.1.0)"
    )


@pytest.mark.parametrize(
    ("package", "place", "tag", "count"), [(None, None, "v1", 0), (None, PLACE, "", 1), (None, PLACE, "v1", 2)]
)
def test_unknown_links_are_left_out(package: Package | None, place: Place | None, tag: str, count: int) -> None:
    """A link without a known destination is left out."""
    links = links_section(fragment="1", package=package, place=place, previous_tag=tag)
    assert links.count("](") == count


def test_links_are_below_a_rule() -> None:
    """Complete notes are followed by a rule and the links."""
    assert fitted_notes("a\n", "[b](c)", max_bytes=100, place=None) == "a\n\n---\n\n[b](c)"
    assert fitted_notes("a", "", max_bytes=1, place=None) == "a"
    assert fitted_notes("", "[b](c)", max_bytes=100, place=None) == "---\n\n[b](c)"


def test_open_details_are_closed_before_the_links() -> None:
    """Links are outside details that the section leaves open."""
    notes = "<details><summary>More</summary>\n\na"
    assert fitted_notes(notes, "[b](c)", max_bytes=100, place=None) == f"{notes}\n\n</details>\n\n---\n\n[b](c)"


def test_long_notes_are_cut_and_link_to_the_rest() -> None:
    """Notes, truncation and links together stay within the limit."""
    notes = "\n\n".join(f"Paragraph {number}." for number in range(100))
    cut = fitted_notes(notes, "[b](c)", max_bytes=300, place=PLACE, fragment="110")
    assert byte_length(cut) <= 300
    assert cut.startswith("Paragraph 0.\n\n")
    assert cut.endswith(f"\n\nThe notes are cut off here: [read on in the changelog]({PAGE}#110).\n\n---\n\n[b](c)")


def test_long_notes_without_a_page_say_that_they_are_cut() -> None:
    """Truncated notes end with a sentence that says so."""
    assert fitted_notes("a\n\n" + "b" * 100, "", max_bytes=50, place=None) == "a\n\nThe notes are cut off here."


def test_links_that_do_not_fit_are_left_out() -> None:
    """Notes have priority, then the link to the rest, then the other links."""
    notes = "a\n\n" + "b" * 200
    assert fitted_notes(notes, "x" * 80, max_bytes=100, place=None) == "a\n\nThe notes are cut off here."
    far = Place(server_url="https://github.com", repository="o/n", ref="v" * 100, path="C.md")
    assert fitted_notes(notes, "", max_bytes=100, place=far) == "a\n\nThe notes are cut off here."


def test_long_links_stay_if_all_of_it_fits() -> None:
    """The limit is inclusive, also if the links leave no room for the sentence about truncation."""
    assert fitted_notes("a", "x" * 92, max_bytes=100, place=None) == "a\n\n---\n\n" + "x" * 92
    assert fitted_notes("a", "x" * 93, max_bytes=100, place=None) == "a"


def test_the_link_to_the_rest_may_fill_the_limit() -> None:
    """A link to the rest of exactly the limit is used, and one byte less leaves it out."""
    link = f"The notes are cut off here: [read on in the changelog]({PAGE}#110)."
    assert fitted_notes("a" * 500, "", max_bytes=len(link), place=PLACE, fragment="110") == link
    shorter = fitted_notes("a" * 500, "", max_bytes=len(link) - 1, place=PLACE, fragment="110")
    assert shorter == "The notes are cut off here."


def test_notes_that_fit_only_without_links_are_cut() -> None:
    """The links count toward the limit."""
    notes = "a\n\n" + "b" * 60
    assert (
        fitted_notes(notes, "[l](u)", max_bytes=70, place=None) == "a\n\nThe notes are cut off here.\n\n---\n\n[l](u)"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["line feed", "both", "carriage return"])
def test_an_open_fence_is_closed_before_the_links(end: str) -> None:
    """Links are outside a code block that the notes leave open, with any line end."""
    notes = f"text{end}{end}~~~{end}code"
    assert fitted_notes(notes, "[more](x)", max_bytes=400, place=None) == f"{notes}\n~~~\n\n---\n\n[more](x)"
