"""What is left to do by hand, as text: a machine may not enter these settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.errors import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.initialise.facts import Facts

_UNKNOWN = "(no remote names it yet)"


def advice(facts: Facts) -> str:
    """Return the settings to enter on the index and on GitHub, and how to try the workflow, for a person to read."""
    parts = [*_elsewhere(facts), *_publishers(facts), _repository(facts), _next(facts)]
    return "\n\n".join(parts) + "\n"


def _elsewhere(facts: Facts) -> Iterator[str]:
    if facts.host:
        yield (
            f"The remote is at {facts.host}. If that is a GitHub Enterprise Server, it has neither what this workflow "
            f"calls nor a publisher that PyPI trusts:\n  https://github.com/{SOURCE}/blob/{facts.reference}/docs/self-hosted.md"
        )


def _publishers(facts: Facts) -> Iterator[str]:
    if facts.index == "pypi":
        if facts.testpypi:
            yield _publisher(facts, "TestPyPI", "https://test.pypi.org", "testpypi")
        yield _publisher(facts, "PyPI", "https://pypi.org", facts.environment)
        return
    if facts.testpypi:
        yield _secret("TestPyPI", "TESTPYPI_TOKEN", "in the repository")
    if facts.index == "other":
        yield _secret("The index", "INDEX_TOKEN", f"in the environment {facts.environment}")


def _secret(index: str, name: str, where: str) -> str:
    return f"{index} asks for a token. Store it as a secret {where}: {name}."


def _publisher(facts: Facts, index: str, address: str, environment: str) -> str:
    return f"""\
{index} has to trust this workflow. A project that is there already:
  {address}/manage/project/{facts.project}/settings/publishing/
A project that is not there yet, as a pending publisher:
  {address}/manage/account/publishing/
    PyPI project name   {facts.package}
    Owner               {facts.owner or _UNKNOWN}
    Repository name     {facts.repository or _UNKNOWN}
    Workflow name       {facts.file}
    Environment name    {environment}"""


def _repository(facts: Facts) -> str:
    home = f"https://github.com/{facts.owner or 'OWNER'}/{facts.repository or 'REPOSITORY'}/settings"
    lines = ["Worth setting on GitHub:"]
    names = ["testpypi"] if facts.testpypi and facts.index == "pypi" else []
    names += [facts.environment] if facts.index != "none" else []
    for name in names:
        lines += [
            f"  - An environment {name}, with required reviewers and only the tags {facts.tag_pattern} allowed:",
            f"    {home}/environments",
        ]
    lines += [
        f"  - A tag ruleset for {facts.tag_pattern} that restricts who creates, updates and deletes them:",
        f"    {home}/rules",
        "  - Immutable releases, under Releases:",
        f"    {home}",
    ]
    return "\n".join(lines)


def _next(facts: Facts) -> str:
    lines, tag = ["Then:"], f"{facts.tag_prefix}{facts.version}"
    if not facts.changelog:
        lines.append(f"  - Write a CHANGELOG.md with a heading like ## {tag} over each release's notes.")
    lines += [
        f"  - Take out of {other} what publishes or releases {facts.package}: that would be done twice."
        for other in facts.rivals
    ]
    lines += [
        f"  - Commit and push .github/workflows/{facts.file} to {facts.branch}.",
        f"  - Run it by hand on {facts.branch} (Actions, Run workflow): it builds and verifies, then stops.",
        f"  - Release: git tag {tag} && git push origin {tag}",
    ]
    return "\n".join(lines)
