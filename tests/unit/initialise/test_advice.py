"""The remaining manual steps after ``tagship init``."""

from __future__ import annotations

from tagship.initialise.settings import WorkflowSettings
from tagship.initialise.workflow import advice


def test_the_publisher_has_the_fields_of_the_form() -> None:
    """Every field of PyPI's form has its value, once for each index."""
    text = advice(
        WorkflowSettings(
            package="Hello.World",
            owner="octo",
            repository="hello",
            testpypi=True,
            file="ship.yml",
            environment="live",
        )
    )
    fields = [line[4:] for line in text.splitlines() if line.startswith("    ") and "://" not in line]
    assert fields == [
        "PyPI project name   Hello.World",
        "Owner               octo",
        "Repository name     hello",
        "Workflow name       ship.yml",
        "Environment name    testpypi",
        "PyPI project name   Hello.World",
        "Owner               octo",
        "Repository name     hello",
        "Workflow name       ship.yml",
        "Environment name    live",
    ]
    assert "https://pypi.org/manage/project/hello-world/settings/publishing/" in text
    assert "https://test.pypi.org/manage/account/publishing/" in text


def test_recommended_settings_have_their_pages() -> None:
    """Environment, tag ruleset and immutable releases are listed with their settings pages."""
    text = advice(WorkflowSettings(package="hello", owner="octo", repository="hello", changelog="CHANGELOG.md"))
    home = "https://github.com/octo/hello/settings"
    assert f"Environment pypi, with required reviewers, restricted to the tags v*:\n    {home}/environments" in text
    assert f"Tag ruleset for v* that restricts creations, updates and deletions:\n    {home}/rules" in text
    assert f"Immutable releases (section Releases):\n    {home}" in text
    assert "CHANGELOG" not in text


def test_a_project_without_a_remote_has_an_unknown_owner() -> None:
    """An unknown owner is not invented."""
    assert "Owner               (unknown, no remote)" in advice(WorkflowSettings(package="hello"))


def test_a_missing_changelog_is_a_next_step() -> None:
    """The example heading has the project's tag prefix."""
    assert "create a CHANGELOG.md with a heading like ## hello-v1.2.0" in advice(
        WorkflowSettings(package="hello", tag_prefix="hello-v")
    )


def test_a_private_index_requires_a_secret() -> None:
    """The token is a secret; no publisher on PyPI is needed."""
    text = advice(
        WorkflowSettings(package="hello", index="other", index_url="https://pypi.example.com/", environment="index")
    )
    assert "Store it as the secret INDEX_TOKEN of the environment index." in text
    assert "pypi.org" not in text


def test_testpypi_before_a_private_index_has_a_publisher() -> None:
    """The private index has a token, TestPyPI has a trusted publisher."""
    text = advice(WorkflowSettings(package="hello", index="other", testpypi=True, environment="index"))
    assert "Add a trusted publisher on TestPyPI." in text
    assert "Store it as the secret INDEX_TOKEN of the environment index." in text


def test_a_project_without_an_index_has_no_publisher() -> None:
    """Only the repository settings remain."""
    assert advice(WorkflowSettings(package="hello", index="none")).startswith("Recommended settings on GitHub:")
