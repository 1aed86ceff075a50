"""The remaining manual steps: settings on the index and on GitHub, and the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagship.core.gate.detection import no_checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.initialise.settings import WorkflowSettings

_UNKNOWN = "(unknown, no remote)"


def advice(settings: WorkflowSettings) -> str:
    """Describe the settings on the index and on GitHub, and the next steps."""
    parts = [*_elsewhere(settings), *_publishers(settings), _repository(settings), _next(settings)]
    return "\n\n".join(parts) + "\n"


def _elsewhere(settings: WorkflowSettings) -> Iterator[str]:
    if settings.host:
        page = f"https://github.com/{settings.source}/blob/{settings.pin or settings.reference}/docs/self-hosted.md"
        yield (
            f"The remote is at {settings.host}. On GitHub Enterprise Server this workflow and trusted publishing are "
            f"not available:\n  {page}"
        )


def _publishers(settings: WorkflowSettings) -> Iterator[str]:
    if settings.testpypi:
        yield _publisher(settings, "TestPyPI", "https://test.pypi.org", "testpypi")
    if settings.index == "pypi":
        yield _publisher(settings, "PyPI", "https://pypi.org", settings.environment)
    elif settings.index == "other":
        environment = settings.environment
        yield f"The index requires an API token. Store it as the secret INDEX_TOKEN of the environment {environment}."


def _publisher(settings: WorkflowSettings, index: str, address: str, environment: str) -> str:
    return f"""\
Add a trusted publisher on {index}. For an existing project:
  {address}/manage/project/{settings.project}/settings/publishing/
For a new project, add a pending publisher:
  {address}/manage/account/publishing/
    PyPI project name   {settings.package}
    Owner               {settings.owner or _UNKNOWN}
    Repository name     {settings.repository or _UNKNOWN}
    Workflow name       {settings.file}
    Environment name    {environment}"""


def _repository(settings: WorkflowSettings) -> str:
    home = f"https://github.com/{settings.owner or 'OWNER'}/{settings.repository or 'REPOSITORY'}/settings"
    lines = ["Recommended settings on GitHub:"]
    names = ["testpypi"] if settings.testpypi and settings.index == "pypi" else []
    names += [settings.environment] if settings.index != "none" else []
    for name in names:
        lines += [
            f"  - Environment {name}, with required reviewers, restricted to the tags {settings.tag_pattern}:",
            f"    {home}/environments",
        ]
    lines += [
        f"  - Tag ruleset for {settings.tag_pattern} that restricts creations, updates and deletions:",
        f"    {home}/rules",
        "  - Immutable releases (section Releases):",
        f"    {home}",
    ]
    return "\n".join(lines)


def _next(settings: WorkflowSettings) -> str:
    lines, tag = ["Next steps:"], f"{settings.tag_prefix}{settings.version}"
    if not settings.changelog:
        lines.append(
            "  - No changelog was found, so releases have the notes that GitHub generates. For notes of your own, "
            f"create a CHANGELOG.md with a heading like ## {tag}."
        )
    if not settings.checked:
        lines.append(f"  - {no_checks().found} Add one, or set the input check in the workflow: check: pytest")
    if settings.compiled:
        lines.append(
            f"  - {settings.package} contains compiled code, so cibuildwheel builds its wheels on Linux, macOS and "
            "Windows. Configure it in [tool.cibuildwheel] of pyproject.toml, and the runners with wheel-runners."
        )
    lines += [
        f"  - Remove the publish and release steps from {other}; otherwise {settings.package} is released twice."
        for other in settings.rivals
    ]
    lines += [
        f"  - Commit and push .github/workflows/{settings.file} to {settings.branch}.",
        f"  - Run it manually on {settings.branch} (Actions, Run workflow): it builds and verifies, without a release.",
        f"  - Release: git tag {tag} && git push origin {tag}",
    ]
    return "\n".join(lines)
