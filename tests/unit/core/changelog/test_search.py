"""The section of one release found, or all that helps to put it there."""

from __future__ import annotations

import pytest

from tagship.core.changelog import find_latest, find_previous, find_release, find_unreleased, read_changelog
from tagship.errors import Failure, Problem


def line_of(text: str, wanted: str, *, package: str = "", preferred: str = "") -> int:
    """Return the line of the heading that is found for ``wanted``."""
    changelog = read_changelog(text)
    return find_release(changelog, wanted, file="CHANGELOG.md", package=package, preferred=preferred).line


def problem(text: str, wanted: str, *, package: str = "") -> Problem:
    """Return the problem told when ``wanted`` is looked for."""
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
def test_the_best_spelling_wins(headings: list[str], wanted: str, expected: int) -> None:
    """Alike, then alike but for a v, then equal by PEP 440; a version is never found by its beginning."""
    assert line_of("".join(f"## {heading}\n" for heading in headings), wanted) == expected


@pytest.mark.parametrize(
    ("package", "preferred", "expected"),
    [("pkg.B", "", 2), ("", "Pkg_A", 1), ("", "", 3), ("", "other", 3)],
    ids=["the one asked for", "the one preferred", "the one without a name", "a preferred one that is not there"],
)
def test_the_package_tells_sections_of_one_version_apart(package: str, preferred: str, expected: int) -> None:
    """Names are compared as indexes do."""
    assert line_of("## pkg-a 1.0\n## pkg-b 1.0\n## 1.0\n", "1.0", package=package, preferred=preferred) == expected


def test_the_title_of_a_series_does_not_hide_its_release() -> None:
    """``# What's new in pkg 1.2`` is equal by PEP 440 and names the package, and yet ``## 1.2.0`` is the section."""
    text = "# What's new in pkg 1.2\nWelcome.\n## 1.2.1\n- B\n## 1.2.0\n- A\n"
    assert line_of(text, "1.2.0", preferred="pkg") == 5
    assert line_of("## pkg 1.0\nA\n## 1.0.0\nB\n", "1.0.0", preferred="pkg") == 1


def test_a_miss_names_the_five_nearest_and_the_line_to_add() -> None:
    """The message shows what is there around the version, and what to write where."""
    versions = ["2.0.0", "1.5.0", "1.4.0", "1.3.0", "1.1.0", "1.0.0", "0.9.0"]
    told = problem("".join(f"## [v{version}]\n" for version in versions), "1.2.0")
    assert told.found == (
        "CHANGELOG.md has no section for 1.2.0. The nearest are v1.5.0 (line 2), v1.4.0 (line 3), v1.3.0 (line 4), "
        "v1.1.0 (line 5), v1.0.0 (line 6)."
    )
    assert told.remedy == "Add the line `## [v1.2.0]` above line 5 and the notes under it."
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
def test_the_line_to_add_is_in_the_style_of_the_file(text: str, line: str) -> None:
    """Level, words, brackets and the v are those of the newest release."""
    assert f"`{line}`" in problem(text, "1.2.0").remedy


def test_a_miss_points_at_the_unreleased_section() -> None:
    """Often the notes are there and only the heading is not."""
    assert "or give the section 'Unreleased' (line 1) this heading" in problem("## Unreleased\nA\n", "1.2.0").remedy


def test_a_miss_in_a_file_without_releases_says_so() -> None:
    """There is nothing near when there is nothing."""
    assert problem("# Title\n", "1.2.0").found == "CHANGELOG.md has no section for 1.2.0. It names no release."


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("##1.2.0", "##1.2.0"),
        ("**Version 1.2.0** (2024-01-01)", "**Version 1.2.0** (2024-01-01)"),
        ("<h2 id='x'>v1.2.0</h2>", "<h2 id='x'>v1.2.0</h2>"),
        ("<details> <summary>1.2.0</summary>", "<details> <summary>1.2.0</summary>"),
        ("- 1.2.0: A", "- 1.2.0: A"),
        ("| 1.2.0 | A |", "| 1.2.0 | A |"),
        ("## 1.2.0 - 1.2.3", "## 1.2.0 - 1.2.3"),
        ("```\n## 1.2.0\n```", "## 1.2.0"),
        ("- [1.2.0](#120)", ""),
        ("[1.2.0]: https://example.com", ""),
        ("1.2.0rc1 and 1.2.0.1", ""),
    ],
)
def test_a_miss_shows_the_line_that_looks_like_a_heading_and_is_none(line: str, seen: str) -> None:
    """Bold text, a hash without a space, a table: whoever wrote it takes it for the heading."""
    told = problem(f"---\ntitle: x\n---\n# Title\n\n{line}\n", "1.2.0").found
    number = 7 if line.startswith("```") else 6
    wanted = f"Line {number} begins with it, but is no heading of one release: {seen!r}." if seen else "no release."
    assert told.endswith(wanted)


def test_a_miss_of_what_is_no_version_shows_the_first_ones() -> None:
    """Without an order there is still something to look at."""
    assert "The nearest are 2.0 (line 1), 1.0 (line 2)." in problem("## 2.0\n## 1.0\n", "nightly").found


def test_sections_of_other_packages_are_no_match() -> None:
    """Who asks for one package is not given another."""
    assert problem("## other 1.2.0\n", "1.2.0", package="pkg").topic == "missing-section"


def test_duplicates_are_an_error_that_names_both_lines() -> None:
    """Two sections for one version cannot both be the notes."""
    told = problem("## 1.0.0 (2024-01-01)\nA\n## v1.0.0\nB\n## 1.0.0\nC\n", "1.0.0")
    assert told.found == ("CHANGELOG.md has 2 sections for 1.0.0: line 1 ('1.0.0 (2024-01-01)') and line 5 ('1.0.0').")
    assert (told.topic, told.line) == ("duplicate-section", 5)


def test_several_packages_ask_for_a_choice() -> None:
    """Nothing tells which of two packages is released but the caller."""
    told = problem("## pkg-a 1.0\n## pkg-b 1.0\n", "1.0")
    assert told.topic == "shared-changelog"
    assert told.remedy == "Set heading-prefix to the name of the package that is released: pkg-a or pkg-b."


TEXT = """\
## Unreleased
## 2.0.0rc1
## 1.2.0
## 1.1.1 (yanked)
## 1.3.0 (unreleased)
## 1.1.0
## pkg 9.0
## pkg unreleased
"""


def test_the_latest_is_the_highest_final_release() -> None:
    """Pre-releases, yanked and unreleased sections are not the latest, wherever they stand."""
    latest = find_latest(read_changelog("## 1.0.0\n" + TEXT.replace("## pkg 9.0\n", "")))
    assert latest is not None
    assert latest.label == "1.2.0"


def test_the_latest_is_a_prerelease_where_nothing_is_final() -> None:
    """A young project has a latest release as well."""
    latest = find_latest(read_changelog("## 0.1a1\n## 0.1a2\n"))
    assert latest is not None
    assert latest.label == "0.1a2"


@pytest.mark.parametrize(("package", "line"), [("", 1), ("pkg", 8)])
def test_the_unreleased_section_is_found(package: str, line: int) -> None:
    """What comes next is found, of one package or of any."""
    section = find_unreleased(read_changelog(TEXT), package=package)
    assert section is not None
    assert section.line == line


def test_nothing_is_found_where_nothing_is() -> None:
    """An empty changelog has neither a latest nor an unreleased section."""
    assert find_latest(read_changelog("")) is None
    assert find_unreleased(read_changelog("## 1.0\n")) is None


@pytest.mark.parametrize(
    ("label", "previous"),
    [("2.0.0rc1", "1.2.0"), ("1.2.0", "1.1.0"), ("1.1.1", "1.1.0"), ("1.1.0", None), ("Unreleased", None)],
)
def test_the_previous_release_is_the_one_below(label: str, previous: str | None) -> None:
    """Yanked and unreleased sections are passed over."""
    changelog = read_changelog(TEXT.replace("## pkg 9.0\n", ""))
    (release,) = (release for release in changelog.releases if release.label == label)
    before = find_previous(changelog, release)
    assert (before.label if before else None) == previous


def test_the_release_before_a_final_one_is_final() -> None:
    """Who reads 1.0.0 wants to know what changed since 0.9, not since 1.0.0rc2."""
    changelog = read_changelog("## 1.0.0\n## 1.0.0rc2\n## 1.0.0rc1\n## 0.9\n")
    labels = [getattr(find_previous(changelog, release), "label", None) for release in changelog.releases]
    assert labels == ["0.9", "1.0.0rc1", "0.9", None]
