"""The next version of a project, and the inputs of its release, from the facts of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.changelog_text import ChangelogText
from tagship.core.project.python_versions import names_minor_versions, python_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.project.facts import ProjectFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value chosen for a release, and the reason."""

    value: str
    reason: str


def next_version(facts: ProjectFacts) -> Choice | None:
    """Return the version to release next: the first of the written one, that of the changelog, and the next patch.

    A version that is not higher than every released one does not count. None if nothing has a version.
    """
    highest = max(facts.released, default=None)
    for version, reason in _candidates(facts):
        if highest is None or version > highest:
            return Choice(value=str(version), reason=reason)
    if highest is None:
        return None
    release = [*highest.release, 0, 0][:3]
    patch = highest.base_version if highest.is_prerelease else ".".join(map(str, [*release[:2], release[2] + 1]))
    return Choice(value=patch, reason=f"after the highest tag, {facts.released[highest]}")


def _candidates(facts: ProjectFacts) -> Iterator[tuple[Version, str]]:
    written = facts.written
    if written is not None:
        version = Version(written.base_version) if written.is_devrelease else written
        yield version, f"the version in {facts.declaration.file}"
    if isinstance(facts.changelog, ChangelogText):
        releases = facts.changelog.parse().changelog.releases
        first = next((one.version for one in releases if one.version and one.status != "unreleased"), None)
        if first is not None:
            yield first, f"the first section of {facts.changelog.path}"


def release_inputs(facts: ProjectFacts) -> dict[str, Choice]:
    """Return the inputs of the release workflow that differ from its defaults, each with its reason."""
    newest = max((version for version in facts.released if not version.is_prerelease), default=None)
    tag = "newest tag" if newest is None else f"newest tag {facts.released[newest]}"
    found = {}
    if facts.prefix != "v":
        found["tag-prefix"] = Choice(value=facts.prefix or "none", reason=tag)
    if facts.release_branches and facts.release_branches != (facts.default_branch,):
        found["branch"] = Choice(value="\n".join(facts.release_branches), reason=f"it has the {tag}")
    if facts.folder != ".":
        found["working-directory"] = Choice(value=facts.folder, reason="the folder of the project")
    if pythons := declared_pythons(facts):
        named = names_minor_versions(facts.declaration.classifiers)
        source = "classifiers" if named else f"requires-python {facts.declaration.requires_python}"
        found["python-versions"] = Choice(value="auto", reason=f"{' '.join(pythons)}, from {source}")
    return found


def declared_pythons(facts: ProjectFacts) -> tuple[str, ...]:
    """Return the Python versions that the project declares to support; nothing without a declaration."""
    declared = facts.declaration
    if not declared.requires_python and not names_minor_versions(declared.classifiers):
        return ()
    return python_versions(declared.requires_python, declared.classifiers)
