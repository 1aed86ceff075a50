"""The findings on the notes of the next release."""

from __future__ import annotations

from typing import Any

import pytest

from support.workflow_files import told
from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.doctor.changelog import on_changelog
from tagship.errors import Problem

OLD = "# Changes\n\n## 1.0.0\n\nFirst.\n"
NEW = "# Changes\n\n## 1.1.0\n\nSecond.\n\n## 1.0.0\n\nFirst.\n"
COMING = "# Changes\n\n## Unreleased\n\nSecond.\n\n## 1.0.0\n\nFirst.\n"
WRITTEN = Declaration(file="pyproject.toml", version="1.1.0")
RELEASED = History(head="1", tagged=None, shallow=False, tags=("v1.0.0",), merged=("v1.0.0",), branches={})

FAR = History(head="1", tagged=None, shallow=False, tags=("v1.0.0", "v2.0.0"), merged=("v1.0.0",), branches={})


CALL = {"a.yml": "jobs: {a: {uses: octo/tagship/.github/workflows/python-build.yml@v1}}"}
"""A workflow that calls tagship."""


def facts(text: str, **more: Any) -> ProjectFacts:
    """Return the facts of a project with the release 1.0.0."""
    changelog = ChangelogText(path="CHANGES.md", text=text, version=more.pop("version", ""))
    return ProjectFacts(changelog=changelog, **{"history": RELEASED, **more})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(ProjectFacts(), [], id="without a changelog"),
        pytest.param(
            ProjectFacts(changelog=Problem(found="x", remedy="x", topic="no-changelog")),
            [("no-changelog", "warning", None)],
            id="no changelog found",
        ),
        pytest.param(
            ProjectFacts(changelog=Problem(found="x", remedy="x", topic="no-changelog"), workflows=CALL),
            [("no-changelog", "warning", None)],
            id="no changelog found by a workflow that calls tagship",
        ),
        pytest.param(facts(NEW, tag="v1.1.0"), [], id="a section for the tag"),
        pytest.param(facts(OLD, tag="v1.1.0"), [("missing-section", "error", 3)], id="no section for the tag"),
        pytest.param(facts(NEW), [], id="a section after the last tag"),
        pytest.param(
            facts(OLD, declaration=WRITTEN),
            [("no-notes-yet", "warning", None)],
            id="no section for the written version",
        ),
        pytest.param(facts(OLD), [], id="no version to release"),
        pytest.param(
            facts(NEW.replace("Second.", ""), declaration=WRITTEN),
            [("no-notes-yet", "warning", None)],
            id="a section without notes",
        ),
        pytest.param(facts(OLD, here=("v1.0.0",)), [], id="just released"),
        pytest.param(
            facts(COMING, declaration=WRITTEN), [("notes-unreleased", "warning", 3)], id="notes without a version"
        ),
        pytest.param(
            facts(COMING.replace("Second.", ""), declaration=WRITTEN),
            [("no-notes-yet", "warning", None)],
            id="an Unreleased heading without notes",
        ),
        pytest.param(
            facts("# Changes\n"), [("changelog-without-releases", "warning", None)], id="no heading with a version"
        ),
        pytest.param(
            facts(COMING.replace("Unreleased", "1.1.0 (unreleased)"), declaration=WRITTEN),
            [("unreleased-section", "warning", 3)],
            id="a version marked unreleased",
        ),
        pytest.param(
            facts(NEW, declaration=WRITTEN, history=FAR), [], id="a section for the written version, below another tag"
        ),
        pytest.param(facts(COMING, here=("v1.0.0",)), [], id="just released, with notes for the next release"),
        pytest.param(facts(OLD, history=None), [], id="before the first tag"),
        pytest.param(
            facts(OLD, tag="v1.1.0", on_missing="empty"), [("missing-section", "warning", 3)], id="empty notes"
        ),
        pytest.param(facts(OLD, declaration=WRITTEN, on_missing="unreleased"), [], id="notes that are not required"),
    ],
)
def test_the_notes_of_the_next_release_are_required(
    given: ProjectFacts, expected: list[tuple[str, str, int | None]]
) -> None:
    """They must exist for a known tag; otherwise the finding says what to write."""
    assert told(on_changelog(given)) == expected


@pytest.mark.parametrize(
    ("text", "more", "remedy"),
    [
        (COMING, {"declaration": WRITTEN}, "In the commit you tag, rename the heading to ## 1.1.0"),
        (
            OLD,
            {"history": None, "declaration": WRITTEN},
            "Add the changes under a heading like ## 1.1.0 before you tag.",
        ),
        (
            "# 1.0.0\n\nFirst.\n",
            {"history": None, "declaration": WRITTEN, "version": "1.0.0"},
            "Add a file for 1.1.0 in its folder before you tag.",
        ),
        (
            COMING.replace("Unreleased", "1.1.0 (unreleased)"),
            {"declaration": WRITTEN},
            "Replace that mark with the release date, commit, and tag that commit.",
        ),
    ],
)
def test_the_suggested_heading_has_the_next_version(text: str, more: dict[str, Any], remedy: str) -> None:
    """A released version is never suggested."""
    assert [finding.remedy for finding in on_changelog(facts(text, **more))] == [remedy]
