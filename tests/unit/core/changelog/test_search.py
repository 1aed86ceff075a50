"""Finding the section of a release, and the messages if it is missing."""

from __future__ import annotations

import pytest

from tagship.core.changelog.reader import read_changelog
from tagship.core.changelog.search import find_latest, find_previous, find_release, find_unreleased
from tagship.core.restructuredtext.outline import read_document
from tagship.errors import Failure, Problem


def line_of(text: str, wanted: str, *, package: str = "", preferred: str = "") -> int:
    """Return the line of the heading found for ``wanted``."""
    changelog = read_changelog(text)
    return find_release(changelog, wanted, file="CHANGELOG.md", package=package, preferred=preferred).line


def problem(text: str, wanted: str, *, package: str = "") -> Problem:
    """Return the problem raised by the search for ``wanted``."""
    with pytest.raises(Failure) as caught:
        line_of(text, wanted, package=package)
    (told,) = caught.value.problems
    return told


@pytest.mark.parametrize(
    ("headings", "wanted", "expected"),
    [
        (["1.1.10", "1.1.1", "1.1"], "1.1", 3),
        (["v1.2.0"], "1.2.0", 1),
        (["1.2.0"], "v1.2.0", 1),
        (["0.2.0rc1"], "0.2.0-rc1", 1),
        (["1.2"], "1.2.0", 1),
        (["1.2", "1.2.0"], "1.2.0", 2),
        (["v1.2.0", "1.2.0"], "1.2.0", 2),
        (["2026.08.17"], "2026.8.17", 1),
        (["1.2.0+cu1", "1.2.0"], "1.2.0", 2),
        (["1.2.3-canary.4"], "1.2.3-canary.4", 1),
    ],
)
def test_the_closest_spelling_wins(headings: list[str], wanted: str, expected: int) -> None:
    """The same spelling wins, then one that differs by a v, then PEP 440; a prefix of a version never matches."""
    assert line_of("".join(f"## {heading}\n" for heading in headings), wanted) == expected


@pytest.mark.parametrize(
    ("package", "preferred", "expected"),
    [("pkg.B", "", 2), ("", "Pkg_A", 1), ("", "", 3), ("", "other", 3)],
    ids=["the given package", "the preferred package", "no package", "an unknown preferred package"],
)
def test_the_package_selects_among_sections_of_one_version(package: str, preferred: str, expected: int) -> None:
    """Package names are compared in normalized form."""
    assert line_of("## pkg-a 1.0\n## pkg-b 1.0\n## 1.0\n", "1.0", package=package, preferred=preferred) == expected


def test_the_title_of_a_series_does_not_hide_a_release() -> None:
    """``## 1.2.0`` is the section even below ``# What's new in pkg 1.2``, which is an equal version."""
    text = "# What's new in pkg 1.2\nWelcome.\n## 1.2.1\n- B\n## 1.2.0\n- A\n"
    assert line_of(text, "1.2.0", preferred="pkg") == 5
    assert line_of("## pkg 1.0\nA\n## 1.0.0\nB\n", "1.0.0", preferred="pkg") == 1


def test_the_same_spelling_wins_over_a_deeper_heading() -> None:
    """An equal version at a deeper level does not replace the exact spelling."""
    assert line_of("## v1.2\nB\n# 1.2.0\nA\n", "1.2.0") == 3


@pytest.mark.parametrize(
    ("headings", "wanted", "expected"),
    [
        (["2.0", "1.0.0 - 1.4.0", "0.9"], "1.2.0", 3),
        (["2.0", "1.0.0 - 1.4.0", "0.9"], "1.4.0", 3),
        (["1.2.0", "1.0.0 - 1.4.0"], "1.2.0", 1),
        (["1.3.0", "1.2.0 and 1.2.1"], "1.2.1", 3),
        (["1.3.0", "1.2.0", "1.1.0"], "1.2.0.post1", 3),
        (["1.2.0.post2", "1.2", "1.1.0"], "1.2.0.post1", 3),
        (["1.2.0.post1", "1.2.0"], "1.2.0.post1", 1),
    ],
)
def test_a_heading_for_several_versions_serves_each(headings: list[str], wanted: str, expected: int) -> None:
    """A version without a section is found in a range or list that includes it, a post-release in its release."""
    text = "".join(f"## {heading}\nA\n" for heading in headings)
    assert line_of(text, wanted) == expected
    assert str(find_release(read_changelog(text), wanted, file="C.md").version) == wanted


@pytest.mark.parametrize("wanted", ["1.4.1", "0.9.9", "1.5.0.post1"])
def test_a_version_outside_a_range_is_missing(wanted: str) -> None:
    """Only the versions from the first to the last belong to a range."""
    assert problem("## 1.0.0 - 1.4.0\nA\n", wanted).topic == "missing-section"


@pytest.mark.parametrize("text", ["## 1.0.0\n## Tool 1.0.0\nA\n", "## 0.9\nB\n## 1.0.0\nA\n## 1.0.0\n"])
def test_the_filled_one_of_two_sections_is_found(text: str) -> None:
    """A heading without content, such as a doubled title, does not hide the section."""
    changelog = read_changelog(text)
    assert changelog.body(find_release(changelog, "1.0.0", file="C.md", preferred="tool")) == "A"


def test_the_name_of_the_project_is_compared_without_separators() -> None:
    """``My Tool 1.0.0`` is the section of ``my-tool``, even next to that of another package."""
    changelog = read_changelog("## other 1.0.0\nB\n## My Tool 1.0.0\nA\n", project="my-tool")
    assert find_release(changelog, "1.0.0", file="C.md", preferred="my-tool").line == 3


def test_a_missing_section_shows_the_nearest_five_and_the_heading_to_add() -> None:
    """The message lists the neighbours of the version, and the remedy has the heading and its place."""
    versions = ["2.0.0", "1.5.0", "1.4.0", "1.3.0", "1.1.0", "1.0.0", "0.9.0"]
    told = problem("".join(f"## [v{version}]\n" for version in versions), "1.2.0")
    assert told.found == (
        "CHANGELOG.md has no section for 1.2.0. Nearest: v1.5.0 (line 2), v1.4.0 (line 3), v1.3.0 (line 4), "
        "v1.1.0 (line 5), v1.0.0 (line 6)."
    )
    assert told.remedy == "Add the heading `## [v1.2.0]` above line 5 with its notes."
    assert (told.topic, told.file, told.line) == ("missing-section", "CHANGELOG.md", 5)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "## 1.2.0"),
        ("# Version 1.1.0 (2024-01-01)\n", "# Version 1.2.0"),
        ("### (1.1.0)\n", "### (1.2.0)"),
        ("## pkg 1.1.0\n", "## pkg 1.2.0"),
        ("## 2024-01-01, v1.1.0\n", "## v1.2.0"),
        ("## Unreleased\n", "## 1.2.0"),
    ],
)
def test_the_heading_to_add_has_the_style_of_the_file(text: str, line: str) -> None:
    """Level, words, brackets and the v are those of the first release."""
    assert f"`{line}`" in problem(text, "1.2.0").remedy


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("x\n", "`1.2.0`, underlined with `=====`,"),
        ("pkg 1.1.0\n---------\n\nx\n", "`pkg 1.2.0`, underlined like that of 1.1.0, above line 1"),
    ],
)
def test_the_heading_to_add_is_that_of_the_form(text: str, heading: str) -> None:
    """Titles of reStructuredText have no hashes."""
    with pytest.raises(Failure) as caught:
        find_release(read_document(text).changelog, "1.2.0", file="CHANGES.rst")
    assert caught.value.problems[0].remedy == f"Add the heading {heading} with its notes."


def test_a_missing_section_suggests_the_unreleased_one() -> None:
    """The remedy offers to rename the unreleased section."""
    assert ", or rename the section 'Unreleased' (line 1)." in problem("## Unreleased\nA\n", "1.2.0").remedy


def test_a_file_without_releases_is_reported_as_such() -> None:
    """A file without release headings has no nearest versions to list."""
    assert problem("# Title\n", "1.2.0").found == "CHANGELOG.md has no section for 1.2.0. It has no release headings."


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("##1.2.0", "##1.2.0"),
        ("**Version 1.2.0** (2024-01-01)", "**Version 1.2.0** (2024-01-01)"),
        ("<h2 id='x'>v1.2.0</h2>", "<h2 id='x'>v1.2.0</h2>"),
        ("<details> <summary>1.2.0</summary>", "<details> <summary>1.2.0</summary>"),
        ("- 1.2.0: A", "- 1.2.0: A"),
        ("| 1.2.0 | A |", "| 1.2.0 | A |"),
        ("## 1.2.0 support", "## 1.2.0 support"),
        ("```\n## 1.2.0\n```", "## 1.2.0"),
        ("- [1.2.0](#120)", ""),
        ("[1.2.0]: https://example.com", ""),
        ("1.2.0rc1 and 1.2.0.1", ""),
    ],
)
def test_a_missing_section_shows_the_line_that_looks_like_its_heading(line: str, seen: str) -> None:
    """Bold text, a hash without a space or a table row is quoted with its line."""
    told = problem(f"---\ntitle: x\n---\n# Title\n\n{line}\n", "1.2.0").found
    number = 7 if line.startswith("```") else 6
    wanted = f"Line {number} starts with it but is not a heading of one release: {seen!r}." if seen else "headings."
    assert told.endswith(wanted)


def test_a_missing_word_shows_the_first_releases() -> None:
    """For text that is not a version, the first releases are listed."""
    text = "".join(f"## {major}.0\n" for major in range(6, 0, -1))
    assert (
        "Nearest: 6.0 (line 1), 5.0 (line 2), 4.0 (line 3), 3.0 (line 4), 2.0 (line 5)."
        in problem(text, "nightly").found
    )


def test_sections_of_other_packages_do_not_match() -> None:
    """A search for one package never returns another."""
    assert problem("## other 1.2.0\n", "1.2.0", package="pkg").topic == "missing-section"


def test_duplicate_sections_are_an_error_with_both_lines() -> None:
    """Two sections with the same spelling are ambiguous."""
    told = problem("## 1.0.0 (2024-01-01)\nA\n## v1.0.0\nB\n## 1.0.0\nC\n", "1.0.0")
    assert told.found == ("CHANGELOG.md has 2 sections for 1.0.0: line 1 ('1.0.0 (2024-01-01)') and line 5 ('1.0.0').")
    assert (told.topic, told.line) == ("duplicate-section", 5)


def test_several_packages_require_a_choice() -> None:
    """The remedy for sections of several packages is to set heading-prefix."""
    told = problem("## pkg-a 1.0\n## pkg-b 1.0\n", "1.0")
    assert told.topic == "shared-changelog"
    assert told.remedy == "Set heading-prefix to the package that you release: pkg-a or pkg-b."


TEXT = """\
## Unreleased
## 2.0.0rc1
## 1.2.0
## 1.1.1 (yanked)
## 1.3.0 (unreleased)
## 1.1.0
## pkg 9.0
## pkg unreleased
## 3.0.0-canary.1
"""


def test_the_latest_is_the_highest_final_release() -> None:
    """Pre-releases, yanked and unreleased sections are never the latest."""
    latest = find_latest(read_changelog("## 1.0.0\n" + TEXT.replace("## pkg 9.0\n", "")))
    assert latest is not None
    assert latest.label == "1.2.0"


def test_the_latest_is_a_prerelease_if_nothing_is_final() -> None:
    """Without final releases, the highest pre-release is the latest."""
    latest = find_latest(read_changelog("## 0.1a1\n## 0.1a2\n"))
    assert latest is not None
    assert latest.label == "0.1a2"


@pytest.mark.parametrize(("package", "line"), [("", 1), ("pkg", 8)])
def test_the_unreleased_section_is_found(package: str, line: int) -> None:
    """The first unreleased section is found, of one package or of any."""
    section = find_unreleased(read_changelog(TEXT), package=package)
    assert section is not None
    assert section.line == line


def test_an_empty_changelog_has_no_sections() -> None:
    """An empty changelog has neither a latest nor an unreleased section."""
    assert find_latest(read_changelog("")) is None
    assert find_unreleased(read_changelog("## 1.0\n")) is None


@pytest.mark.parametrize(
    ("label", "previous"),
    [("2.0.0rc1", "1.2.0"), ("1.2.0", "1.1.0"), ("1.1.1", "1.1.0"), ("1.1.0", None), ("Unreleased", None)],
)
def test_the_previous_release_is_the_one_below(label: str, previous: str | None) -> None:
    """Yanked and unreleased sections are skipped."""
    changelog = read_changelog(TEXT.replace("## pkg 9.0\n", ""))
    (release,) = (release for release in changelog.releases if release.label == label)
    before = find_previous(changelog, release)
    assert (before.label if before else None) == previous


def test_the_release_before_a_final_one_is_final() -> None:
    """The release before 1.0.0 is 0.9, not 1.0.0rc2."""
    changelog = read_changelog("## 1.0.0\n## 1.0.0rc2\n## 1.0.0rc1\n## 0.9\n")
    labels = [getattr(find_previous(changelog, release), "label", None) for release in changelog.releases]
    assert labels == ["0.9", "1.0.0rc1", "0.9", None]
