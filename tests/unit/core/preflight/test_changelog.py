"""The check of the changelog's section for the release."""

from __future__ import annotations

import pytest

from tagship.core.changelog_text import ChangelogText, Fragments
from tagship.core.preflight.changelog import OnMissing, changelog_finding

FRAGMENTS = Fragments(tool="towncrier", folder="news", count=1, command="towncrier build")
CHANGELOG = """\
# Changelog

## Unreleased

- Something

## 1.2.0 (unreleased)

- More

## 1.1.0 - 2026-01-01

### Added

<!-- nothing -->

## 1.0.0 - 2025-01-01

- First
"""


@pytest.mark.parametrize(
    ("wanted", "outcome", "topic", "line"),
    [
        pytest.param("1.0.0", "passed", None, None, id="notes"),
        pytest.param("1.0", "passed", None, None, id="notes for an equal version"),
        pytest.param("1.2.0", "failed", "unreleased-section", 7, id="marked unreleased"),
        pytest.param("1.1.0", "failed", "empty-section", 11, id="only headings and comments"),
        pytest.param("1.3.0", "failed", "missing-section", None, id="a missing section"),
    ],
)
def test_the_section_has_the_notes_of_a_release(wanted: str, outcome: str, topic: str | None, line: int | None) -> None:
    """A missing, empty or unreleased section stops the release."""
    found = changelog_finding(ChangelogText(path="CHANGELOG.md", text=CHANGELOG), wanted)

    assert (found.outcome, found.problem and found.problem.topic) == (outcome, topic)
    assert line is None or (found.problem and found.problem.line) == line


@pytest.mark.parametrize(
    ("wanted", "on_missing", "fragments", "outcome"),
    [
        pytest.param("1.3.0", "empty", None, "warned", id="empty notes"),
        pytest.param("1.1.0", "unreleased", None, "warned", id="the unreleased section"),
        pytest.param("1.3.0", "fragments", None, "failed", id="fragments that do not exist"),
        pytest.param("1.3.0", "fragments", FRAGMENTS, "warned", id="fragments"),
        pytest.param("1.2.0", "empty", None, "failed", id="a section that is marked unreleased"),
    ],
)
def test_missing_notes_with_a_substitute_are_a_warning(
    wanted: str, on_missing: OnMissing, fragments: Fragments | None, outcome: str
) -> None:
    """The policy on-missing decides, here as in the release."""
    changelog = ChangelogText(path="CHANGELOG.md", text=CHANGELOG, fragments=fragments)
    assert changelog_finding(changelog, wanted, on_missing=on_missing).outcome == outcome


def test_packages_can_share_a_changelog() -> None:
    """The heading prefix selects the sections of one package."""
    text = "# Changes\n\n## core 1.0.0\n\n- a\n\n## extra 1.0.0\n\n"

    assert changelog_finding(ChangelogText(path="C.md", text=text), "1.0.0", heading_prefix="core").outcome == "passed"
    assert changelog_finding(ChangelogText(path="C.md", text=text), "1.0.0", heading_prefix="extra").outcome == "failed"
    assert changelog_finding(ChangelogText(path="C.md", text=text), "1.0.0", preferred="core").outcome == "passed"
