"""What is left to do by hand."""

from __future__ import annotations

from tagship.initialise.advice import advice
from tagship.initialise.settings import WorkflowSettings


def test_the_publisher_is_told_as_pypi_asks_for_it() -> None:
    """Every field of PyPI's form is there with its value, once for each index."""
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


def test_the_settings_worth_having_are_named_with_their_pages() -> None:
    """Environment, tag ruleset and immutable releases, each with where it is set."""
    text = advice(WorkflowSettings(package="hello", owner="octo", repository="hello", changelog="CHANGELOG.md"))
    home = "https://github.com/octo/hello/settings"
    assert (
        f"An environment pypi, with required reviewers and only the tags v* allowed:\n    {home}/environments" in text
    )
    assert f"A tag ruleset for v* that restricts who creates, updates and deletes them:\n    {home}/rules" in text
    assert f"Immutable releases, under Releases:\n    {home}" in text
    assert "CHANGELOG" not in text


def test_a_project_without_a_remote_learns_what_is_missing() -> None:
    """Where the owner is not known nothing is made up."""
    assert "Owner               (no remote names it yet)" in advice(WorkflowSettings(package="hello"))


def test_a_project_without_a_changelog_is_told_to_write_one() -> None:
    """The heading is shown as its own tags would have it."""
    assert "Write a CHANGELOG.md with a heading like ## hello-v1.2.0" in advice(
        WorkflowSettings(package="hello", tag_prefix="hello-v")
    )


def test_an_index_of_ones_own_needs_a_secret_and_no_publisher() -> None:
    """A token has to be stored; there is nothing to enter at PyPI."""
    text = advice(
        WorkflowSettings(package="hello", index="other", index_url="https://pypi.example.com/", environment="index")
    )
    assert "Store it as a secret in the environment index: INDEX_TOKEN." in text
    assert "pypi.org" not in text


def test_each_token_is_stored_where_its_job_looks_for_it() -> None:
    """Publishing to TestPyPI happens in no environment, where a secret of the other one is not to be seen."""
    text = advice(WorkflowSettings(package="hello", index="other", testpypi=True, environment="index"))
    assert "Store it as a secret in the repository: TESTPYPI_TOKEN." in text
    assert "Store it as a secret in the environment index: INDEX_TOKEN." in text


def test_without_an_index_there_is_nothing_to_enter_there() -> None:
    """Only the repository's settings are left."""
    assert advice(WorkflowSettings(package="hello", index="none")).startswith("Worth setting on GitHub:")
