"""Parsing the text of one heading."""

from __future__ import annotations

import pytest

from tagship.core.changelog.heading import read_heading, same_name
from tagship.core.changelog.reader import read_changelog

RELEASES = [
    # text, label, version, status, date
    ("[1.2.3] - 2024-01-01", "1.2.3", "1.2.3", "released", "2024-01-01"),
    ("1.2.3 - 2024-01-01", "1.2.3", "1.2.3", "released", "2024-01-01"),
    ("v40.35.0 - 2026-07-22", "v40.35.0", "40.35.0", "released", "2026-07-22"),
    ("1.2.3 (2024-01-01)", "1.2.3", "1.2.3", "released", "2024-01-01"),
    ("0.28.1 (6th December, 2024)", "0.28.1", "0.28.1", "released", "2024-12-06"),
    ("Version 26.5.1", "26.5.1", "26.5.1", "released", None),
    ("Release v2.28.2 (2026-08-18)", "v2.28.2", "2.28.2", "released", "2026-08-18"),
    ("2026.08.17", "2026.08.17", "2026.8.17", "released", None),
    ("v4.6", "v4.6", "4.6", "released", None),
    ("8.0.0 February 19 2026", "8.0.0", "8.0.0", "released", "2026-02-19"),
    ("5.6.1 [Hotfix] October 8, 2020", "5.6.1", "5.6.1", "released", "2020-10-08"),
    ("5.0.0 Penny - July 4, 2020", "5.0.0", "5.0.0", "released", "2020-07-04"),
    ("4.3.5 - February 24, 2019 - last Python 2.7 release", "4.3.5", "4.3.5", "released", "2019-02-24"),
    ("2.0.2 \u2013 2024-03-16", "2.0.2", "2.0.2", "released", "2024-03-16"),
    ("1.2.3-2024-01-01", "1.2.3", "1.2.3", "released", "2024-01-01"),
    ("2024-02-19, Version 18.0.0 (Current), @somebody", "18.0.0", "18.0.0", "released", "2024-02-19"),
    ("v2.0.0 🎉", "v2.0.0", "2.0.0", "released", None),
    ("🚀 2.0.0", "2.0.0", "2.0.0", "released", None),
    ("1.2.0: the big one", "1.2.0", "1.2.0", "released", None),
    ("v1.0 MVP (Shipped: 2024-01-01)", "v1.0", "1.0", "released", "2024-01-01"),
    ("24", "24", "24", "released", None),
    ("24 (2024-01-01)", "24", "24", "released", "2024-01-01"),
    ("1899", "1899", "1899", "released", None),
    ("2101", "2101", "2101", "released", None),
    ("1!2.0", "1!2.0", "1!2.0", "released", None),
    ("0.5,0", "0.5,0", "0.5.0", "released", None),
    ("0.32.0.post1 (November 5, 2023)", "0.32.0.post1", "0.32.0.post1", "released", "2023-11-05"),
    ("v1.9.0a2 (2021-12-24) Changes", "v1.9.0a2", "1.9.0a2", "prerelease", "2021-12-24"),
    ("0.13.0.dev2 (May 12th, 2020)", "0.13.0.dev2", "0.13.0.dev2", "prerelease", "2020-05-12"),
    ("1.2.0-rc.1", "1.2.0-rc.1", "1.2.0rc1", "prerelease", None),
    ("1.2.0 RC1 (2024-01-01)", "1.2.0 RC1", "1.2.0rc1", "prerelease", "2024-01-01"),
    ("v2.0 Beta 2", "v2.0 Beta 2", "2.0b2", "prerelease", None),
    ("[1.2.0] (release candidate 3)", "1.2.0 release candidate 3", "1.2.0rc3", "prerelease", None),
    ("1.2.0 beta 1: the big one", "1.2.0 beta 1", "1.2.0b1", "prerelease", None),
    ("1.2.0 dev 2024-01-01", "1.2.0", "1.2.0", "released", "2024-01-01"),
    ("1.2.0 and 1.2.1", "1.2.0", "1.2.0", "released", None),
    ("1.2.3-canary.4", "1.2.3-canary.4", None, "prerelease", None),
    ("1.2.3-canary The big one", "1.2.3-canary", None, "prerelease", None),
    ("1.2-SNAPSHOT", "1.2-SNAPSHOT", None, "prerelease", None),
    (":tada: 1.2.0 :tada:", "1.2.0", "1.2.0", "released", None),
    ("~~1.2.0~~ (withdrawn)", "1.2.0", "1.2.0", "yanked", None),
    ("2024-01-01 (1.2.0)", "1.2.0", "1.2.0", "released", "2024-01-01"),
    ("Version next (unreleased)", "next", None, "unreleased", None),
    ("To be released", "To be released", None, "unreleased", None),
    ("Coming soon", "Coming soon", None, "unreleased", None),
    ("[0.40.0] 2023-06-13 [YANKED - #1107]", "0.40.0", "0.40.0", "yanked", "2023-06-13"),
    ("0.3.1 (yanked)", "0.3.1", "0.3.1", "yanked", None),
    ("1.0.1 - withdrawn", "1.0.1", "1.0.1", "yanked", None),
    ("(0.41.0) UNRELEASED", "0.41.0", "0.41.0", "unreleased", None),
    ("v0.7.0 (in development)", "v0.7.0", "0.7.0", "unreleased", None),
    ("4.2.17 (unreleased)", "4.2.17", "4.2.17", "unreleased", None),
    ("1.2.0 unreleased", "1.2.0", "1.2.0", "unreleased", None),
    ("1.2.0 - YYYY-MM-DD", "1.2.0", "1.2.0", "unreleased", None),
    ("1.2.0 (2026-xx-xx)", "1.2.0", "1.2.0", "unreleased", None),
    ("1.2.0 (TBD)", "1.2.0", "1.2.0", "unreleased", None),
    ("1.2.0 [next]", "1.2.0", "1.2.0", "unreleased", None),
    ("[Unreleased] - 1.3.0", "1.3.0", "1.3.0", "unreleased", None),
    ("1.2.x (unreleased)", "1.2.x", None, "unreleased", None),
    ("[Unreleased]", "Unreleased", None, "unreleased", None),
    ("Unreleased changes", "Unreleased", None, "unreleased", None),
    ("NEXT (UNRELEASED)", "NEXT", None, "unreleased", None),
    ("Upcoming release", "Upcoming", None, "unreleased", None),
    ("dev", "dev", None, "unreleased", None),
    ("main", "main", None, "unreleased", None),
    ("vNext", "vNext", None, "unreleased", None),
    ("X.Y.Z", "X.Y.Z", None, "unreleased", None),
    ("In development", "In development", None, "unreleased", None),
]


@pytest.mark.parametrize(("text", "label", "version", "status", "date"), RELEASES, ids=[row[0] for row in RELEASES])
def test_every_heading_format_is_parsed(
    text: str, label: str, version: str | None, status: str, date: str | None
) -> None:
    """Label, version, status and date are parsed from every format found in real changelogs."""
    found = read_heading(text)
    assert found is not None
    assert not found.pointer
    shown = (found.label, str(found.version or "") or None, found.status, str(found.date or "") or None)
    assert shown == (label, version, status, date)


@pytest.mark.parametrize("text", [row[0] for row in RELEASES])
def test_every_heading_format_is_a_release_in_a_changelog(text: str) -> None:
    """The check that skips headings without a version skips none of these formats."""
    found = read_heading(text)
    assert found is not None
    assert [release.label for release in read_changelog(f"## {text}\n").releases] == [found.label]


NO_RELEASES = [
    "",
    "Changelog",
    "Release History",
    "Releases",
    "New Contributors",
    "Next steps",
    "Development",
    "Pending deprecations",
    "2024",
    "1900",
    "2100",
    "2024-01-01",
    "2024-01-01 Maintenance",
    "2024-05",
    "2024/05/01",
    "19.02.2026",
    "January 5, 2024",
    "2 new features",
    "3rd party",
    "3D models",
    "v3D",
    "1.2*",
    "1.2-canary API changes",
    "1.5% faster",
    "1.0's promise",
    "v2 API changes",
    "2.0-compatible plugins",
    "Coming soon to a screen near you",
    "1.2.0 migration guide",
    "Python 3.10 support",
    "Python 3.14",
    "3.10 and 3.11 support",
    "Since 1.0",
    "Bug fixes in 1.2.0",
    "My Great Tool 1.2.0",
    "All the bugs that we fixed 1.2.0 (2024-01-01)",
    "Goal Zero (tickets for the remaining 5.0.0 lifespan):",
]


@pytest.mark.parametrize("text", NO_RELEASES)
def test_prose_years_and_dates_are_not_releases(text: str) -> None:
    """A heading that only mentions numbers is not a release."""
    assert read_heading(text) is None


@pytest.mark.parametrize("text", ["0.15.x", "v1.x", "1.2.*", "0.15.x series", "1.0.0 - 1.4.0", "0.1 to 0.9"])
def test_a_version_series_is_a_pointer(text: str) -> None:
    """A heading for several versions is not a release."""
    found = read_heading(text)
    assert found is not None
    assert found.pointer


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ("pkg 1.2.0", "pkg"),
        ("pkg-v1.2.0", "pkg"),
        ("pkg@1.2.0", "pkg"),
        ("pkg/v1.2.0", "pkg"),
        ("@scope/pkg@1.2.0", "@scope/pkg"),
        ("h5py 1.2.0 (2024-01-01)", "h5py"),
        ("[pkg 1.2.0] - 2024-01-01", "pkg"),
        ("pkg: v1.2.0", "pkg"),
        ("[pkg] 1.2.0", "pkg"),
        ("(pkg) v1.2.0 - 2024-01-01", "pkg"),
        ("pkg[extra] 1.2.0", "pkg[extra]"),
        ("What's new in pkg 1.2.0", "pkg"),
        ("What's new in 1.2.0", ""),
        ("Changes in version 1.2.0", ""),
        ("pkg version 1.2.0", "pkg"),
        ("Versi\u00f3n 1.2.0", "Versi\u00f3n"),
        ("Release notes for 1.2.0", ""),
        ("My Great Tool 1.2.0 (2024-01-01)", "My Great Tool"),
        ("My Great Tool for Everyone 1.2.0 (2024-01-01)", "My Great Tool for Everyone"),
    ],
)
def test_a_name_before_the_version_is_the_package(text: str, package: str) -> None:
    """Packages that share a changelog are distinguished by the name in the heading."""
    found = read_heading(text)
    assert found is not None
    assert (str(found.version), found.package, found.weight) == ("1.2.0", package, "named")


@pytest.mark.parametrize("text", ["pkg (unreleased)", "pkg [Unreleased]", "pkg - unreleased", "pkg unreleased"])
def test_an_unreleased_heading_can_have_a_package(text: str) -> None:
    """Unreleased changes belong to the package in their heading."""
    found = read_heading(text)
    assert found is not None
    assert (found.package, found.status) == ("pkg", "unreleased")


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("1.2.3", "plain"),
        ("[1.2]", "plain"),
        ("v1.2", "plain"),
        ("1.2 (2024-01-01)", "plain"),
        ("1.2.3-canary.4", "plain"),
        ("1.2", "short"),
        ("1.2.3 The big one", "short"),
        ("pkg 1.2.3", "named"),
        ("Unreleased", "named"),
        ("1.2.x", "named"),
    ],
)
def test_the_weight_is_the_evidence_for_a_release(text: str, weight: str) -> None:
    """Text that could be prose has less weight than a full version."""
    found = read_heading(text)
    assert found is not None
    assert found.weight == weight


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Changes between 0.9.0 and 1.0.0 [2 Jan 2026]", "1.0.0"),
        ("Changes from v0.9.0 to v1.0.0", "1.0.0"),
        ("What's new between 1.0 and 1.1", "1.1"),
        ("Differences between 1.0rc1 and 1.0", "1.0"),
    ],
)
def test_changes_between_two_versions_are_those_of_the_later_one(text: str, version: str) -> None:
    """``Changes between A and B`` is the heading of B."""
    found = read_heading(text)
    assert found is not None
    assert (str(found.version), found.package, found.pointer) == (version, "", False)


@pytest.mark.parametrize("text", ["Migrating from 1.0 to 2.0", "Changes between us and 1.0"])
def test_other_prose_with_two_versions_is_not_a_release(text: str) -> None:
    """Only changes between two versions name a release."""
    assert read_heading(text) is None


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("1.0.0 - 1.4.0", [("1.0.0", "1.4.0")]),
        ("1.0.0-1.4.0", [("1.0.0", "1.4.0")]),
        ("v0.1 to v0.9", [("0.1", "0.9")]),
        ("1.2.0 - 1.2.3 (2024-01-01)", [("1.2.0", "1.2.3")]),
        ("1.2.0 and 1.2.1", [("1.2.1", "1.2.1")]),
        ("1.2.0, 1.2.1, and 1.3", [("1.2.1", "1.2.1"), ("1.3", "1.3")]),
        ("1.2.0 / v1.2.1", [("1.2.1", "1.2.1")]),
        ("1.2.0 - 2024-01-01", []),
        ("1.2.0", []),
        ("0.15.x", []),
    ],
)
def test_a_heading_for_several_versions_covers_them(text: str, covers: list[tuple[str, str]]) -> None:
    """Ranges and lists of versions have the lowest and highest version of each range."""
    found = read_heading(text)
    assert found is not None
    assert [(str(low), str(high)) for low, high in found.covers] == covers


@pytest.mark.parametrize("text", ["My Great Tool 1.2.0", "MyGreatTool v1.2.0", "my_great.tool release 1.2.0"])
def test_the_name_of_the_project_is_recognized_in_any_spelling(text: str) -> None:
    """Case and separators do not matter before the version."""
    found = read_heading(text, project="my-great-tool")
    assert found is not None
    assert str(found.version) == "1.2.0"
    assert same_name(found.package, "my-great-tool")


def test_a_name_of_several_words_is_not_another_project() -> None:
    """Words that are not the name of the project are prose."""
    assert read_heading("My Great Tool 1.2.0", project="my-tool") is None


def test_a_prefix_makes_a_heading_a_release() -> None:
    """A heading with the given prefix is a release, and the prefix is its package."""
    found = read_heading("My Great Tool 1.2.0", "My Great Tool")
    assert found is not None
    assert (str(found.version), found.package, found.weight) == ("1.2.0", "My Great Tool", "plain")


@pytest.mark.parametrize("prefix", ["pkg", "[pkg]", "[pkg] "])
def test_a_prefix_can_include_the_brackets_of_the_headings(prefix: str) -> None:
    """``[pkg] 1.2.0`` belongs to ``pkg`` with and without brackets in the prefix."""
    found = read_heading("[pkg] 1.2.0", prefix)
    assert found is not None
    assert (str(found.version), found.package, found.weight) == ("1.2.0", "pkg", "plain")


def test_a_prefix_does_not_match_other_text_of_its_length() -> None:
    """Only the prefix itself makes a heading a release."""
    assert read_heading("Our Fine Tool 1.2.0", "My Great Tool") is None


def test_a_prefix_does_not_match_a_longer_name() -> None:
    """The prefix ``pkg`` does not match ``pkg-extra``."""
    found = read_heading("pkg-extra 1.2.0", "pkg")
    assert found is not None
    assert found.package == "pkg-extra"
