"""The notes of the next release."""

from __future__ import annotations

from typing import Any

import pytest

from support.workflow_files import told
from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration
from tagship.doctor.changelog import on_changelog
from tagship.core.project.facts import ChangelogText, ProjectFacts
from tagship.errors import Problem

OLD = "# Changes\n\n## 1.0.0\n\nFirst.\n"
NEW = "# Changes\n\n## 1.1.0\n\nSecond.\n\n## 1.0.0\n\nFirst.\n"
COMING = "# Changes\n\n## Unreleased\n\nSecond.\n\n## 1.0.0\n\nFirst.\n"
WRITTEN = Declaration(file="pyproject.toml", version="1.1.0")
RELEASED = History(head="1", tagged=None, shallow=False, tags=("v1.0.0",), merged=("v1.0.0",), branches={})

FAR = History(head="1", tagged=None, shallow=False, tags=("v1.0.0", "v2.0.0"), merged=("v1.0.0",), branches={})


def facts(text: str, **more: Any) -> ProjectFacts:
    """Return the facts of a project that has released 1.0.0."""
    return ProjectFacts(changelog=ChangelogText(path="CHANGES.md", text=text), **{"history": RELEASED, **more})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(ProjectFacts(), [], id="nobody asked"),
        pytest.param(
            ProjectFacts(changelog=Problem(found="x", remedy="x", topic="no-changelog")),
            [("no-changelog", "blocker", None)],
            id="none",
        ),
        pytest.param(facts(NEW, tag="v1.1.0"), [], id="a section for the tag"),
        pytest.param(facts(OLD, tag="v1.1.0"), [("missing-section", "blocker", 3)], id="no section for the tag"),
        pytest.param(facts(NEW), [], id="a section beyond the last tag"),
        pytest.param(
            facts(OLD, declaration=WRITTEN), [("no-notes-yet", "warning", None)], id="none for what is written"
        ),
        pytest.param(facts(OLD), [("no-notes-yet", "advice", None)], id="none for what is to come"),
        pytest.param(
            facts(NEW.replace("Second.", "")), [("no-notes-yet", "advice", None)], id="a section without notes"
        ),
        pytest.param(facts(OLD, here=("v1.0.0",)), [], id="just released"),
        pytest.param(facts(COMING), [("notes-unreleased", "advice", 3)], id="notes without a version"),
        pytest.param(
            facts(COMING.replace("Second.", "")), [("no-notes-yet", "advice", None)], id="a heading without notes"
        ),
        pytest.param(
            facts("# Changes\n"), [("changelog-without-releases", "warning", None)], id="no heading that is a release"
        ),
        pytest.param(
            facts(COMING.replace("Unreleased", "1.1.0 (unreleased)")),
            [("notes-unreleased", "advice", 3)],
            id="a version that is marked as not released",
        ),
        pytest.param(
            facts(NEW, declaration=WRITTEN, history=FAR), [], id="a section for what is written, behind another tag"
        ),
        pytest.param(facts(COMING, here=("v1.0.0",)), [], id="just released, with more to come"),
        pytest.param(facts(OLD, history=None), [], id="before the first tag"),
    ],
)
def test_the_notes_of_the_next_release_are_looked_for(
    given: ProjectFacts, expected: list[tuple[str, str, int | None]]
) -> None:
    """Where the tag is known they must be there; else what is to be written is said."""
    assert told(on_changelog(given)) == expected


@pytest.mark.parametrize(
    ("text", "more", "remedy"),
    [
        (COMING, {}, "Give that heading the version in the commit you tag: ## 1.0.1"),
        (COMING, {"declaration": WRITTEN}, "Give that heading the version in the commit you tag: ## 1.1.0"),
        (OLD, {}, "Write what changed under a heading like ## 1.0.1 before you tag."),
        (
            OLD,
            {"history": None, "declaration": WRITTEN},
            "Write what changed under a heading like ## 1.1.0 before you tag.",
        ),
        (
            COMING.replace("Unreleased", "1.1.0 (unreleased)"),
            {},
            "In the commit you tag, write the day of the release in place of what says that it is not released.",
        ),
    ],
)
def test_the_heading_to_write_is_one_that_comes_next(text: str, more: dict[str, Any], remedy: str) -> None:
    """Never a version that was released before."""
    assert [finding.remedy for finding in on_changelog(facts(text, **more))] == [remedy]
