"""The next version, and the inputs of the release workflow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.history import History
from tagship.core.project.declaration import Declaration
from tagship.core.project.facts import ProjectFacts
from tagship.core.project.next_release import next_version, release_inputs


def facts(
    *tags: str,
    version: str | None = None,
    changelog: str = "",
    prefix: str = "v",
    branch: str = "main",
    requires: str | None = None,
) -> ProjectFacts:
    """Return the facts of a project with these tags, version and changelog."""
    return ProjectFacts(
        declaration=Declaration(file="pyproject.toml", version=version, requires_python=requires),
        changelog=ChangelogText(path="CHANGES.md", text=changelog) if changelog else None,
        history=History(head="a", tagged=None, shallow=False, tags=tags, merged=tags, branches={}),
        prefix=prefix,
        default_branch="main",
        release_branches=(branch,),
    )


SECTIONS = "# Changes\n\n## Unreleased\n\n- a\n\n## 1.3.0\n\n- b\n"


@pytest.mark.parametrize(
    ("found", "version", "reason"),
    [
        pytest.param(facts("v1.2.0", version="1.4.0"), "1.4.0", "pyproject.toml", id="the written one"),
        pytest.param(facts("v2.0.0", version="1.9.6"), "1.9.6", "pyproject.toml", id="one of an older branch"),
        pytest.param(facts("v1.2.0", version="1.4.0.dev1"), "1.4.0", "pyproject.toml", id="without .dev"),
        pytest.param(facts("v1.2.0", version="1.2.0", changelog=SECTIONS), "1.3.0", "CHANGES.md", id="the changelog"),
        pytest.param(facts("v1.3", version="1.3", changelog=SECTIONS), "1.3.1", "v1.3", id="the next patch"),
        pytest.param(facts("v2.0.0rc1"), "2.0.0", "v2.0.0rc1", id="the final version of a pre-release"),
        pytest.param(facts("other", version="0.1.0"), "0.1.0", "pyproject.toml", id="the first one"),
    ],
)
def test_the_next_version_is_proposed(found: ProjectFacts, version: str, reason: str) -> None:
    """The proposal is higher than every released version and has its source."""
    choice = next_version(found)
    assert choice is not None
    assert (choice.value, reason in choice.reason) == (version, True)


def test_nothing_is_proposed_without_a_version() -> None:
    """A project without tags, version and changelog has no next version."""
    assert next_version(facts("nightly")) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(facts("v1.0"), {}, id="the defaults"),
        pytest.param(facts("1.0", prefix=""), {"tag-prefix": ("none", "newest tag 1.0")}, id="tags without a prefix"),
        pytest.param(facts("v1.0", branch="stable"), {"branch": ("stable", "it has the newest tag v1.0")}, id="branch"),
        pytest.param(
            facts("v1.0", requires=">=3.12,<3.14"),
            {"python-versions": ("auto", "from requires-python >=3.12,<3.14")},
            id="the declared Pythons",
        ),
        pytest.param(
            facts("v1.0", requires=">=3.13,<3.14"),
            {"python-versions": ("auto", "from requires-python >=3.13,<3.14")},
            id="a Python that does not build by default",
        ),
        pytest.param(
            facts("v1.0", requires=">=3.7,<3.9"),
            {"python-versions": ("auto", "from requires-python >=3.7,<3.9")},
            id="Pythons that a runner lacks",
        ),
        pytest.param(
            replace(facts("v1.0"), files={"setup.py": "setup(ext_modules=[x])"}),
            {"wheels": ("cibuildwheel", "the project contains compiled code")},
            id="compiled code",
        ),
    ],
)
def test_inputs_differ_from_the_defaults_only(found: ProjectFacts, expected: dict[str, tuple[str, str]]) -> None:
    """Each input has its reason."""
    assert {name: (choice.value, choice.reason) for name, choice in release_inputs(found).items()} == expected
