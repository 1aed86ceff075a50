"""The next version of a project, and the inputs of its release, from the facts of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.changelog_text import ChangelogText
from tagship.core.project.content import unset_options
from tagship.core.project.python_versions import UNAVAILABLE, names_minor_versions, python_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.project.declaration import Declaration
    from tagship.core.project.facts import ProjectFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value chosen for a release, and the reason."""

    value: str
    reason: str


def next_version(facts: ProjectFacts) -> Choice | None:
    """Return the version to release next: the first of the written one, that of the changelog, and the next patch.

    A written version counts if it is not released, because the tag must match it; that of the changelog if it is higher
    than every released one. None if nothing has a version.
    """
    highest = max(facts.released, default=None)
    for version, reason in _candidates(facts, highest):
        return Choice(value=str(version), reason=reason)
    if highest is None:
        return None
    release = [*highest.release, 0, 0][:3]
    patch = highest.base_version if highest.is_prerelease else ".".join(map(str, [*release[:2], release[2] + 1]))
    return Choice(value=patch, reason=f"after the highest tag, {facts.released[highest]}")


def _candidates(facts: ProjectFacts, highest: Version | None) -> Iterator[tuple[Version, str]]:
    written = facts.written
    if written is not None:
        version = Version(written.base_version) if written.is_devrelease else written
        if version not in facts.released:
            yield version, f"the version in {facts.declaration.file}"
    if isinstance(facts.changelog, ChangelogText):
        releases = facts.changelog.parse().changelog.releases
        first = next((one.version for one in releases if one.version and one.status != "unreleased"), None)
        if first is not None and (highest is None or first > highest):
            yield first, f"the first section of {facts.changelog.path}"


def release_inputs(facts: ProjectFacts) -> dict[str, Choice]:
    """Return the inputs of the release workflow that differ from its defaults, each with its reason."""
    newest = max((version for version in facts.released if not version.is_prerelease), default=None)
    tag = "newest tag" if newest is None else f"newest tag {facts.released[newest]}"
    found = {}
    if facts.prefix != "v":
        found["tag-prefix"] = Choice(value=facts.prefix or "none", reason=tag)
    if facts.folder != ".":
        found["working-directory"] = Choice(value=facts.folder, reason="the folder of the project")
    if facts.release_branches and facts.release_branches != (facts.default_branch,):
        found["branch"] = Choice(value="\n".join(facts.release_branches), reason=f"it has the {tag}")
    return found | dict(_pythons(facts.declaration)) | dict(_files(facts))


def _pythons(declaration: Declaration) -> Iterator[tuple[str, Choice]]:
    """Yield the Python versions that the project declares, if it does."""
    required, named = declaration.requires_python, names_minor_versions(declaration.classifiers)
    if not required and not named:
        return
    declared = python_versions(required, declaration.classifiers)
    available = " ".join(version for version in declared if version not in UNAVAILABLE)
    source = "classifiers" if named else f"requires-python {required}"
    if available == " ".join(declared):
        yield "python-versions", Choice(value="auto", reason=f"from {source}")
    else:
        yield "python-versions", Choice(value=available, reason=f"from {source}, without those that GitHub lacks")


def _files(facts: ProjectFacts) -> Iterator[tuple[str, Choice]]:
    for option, _ in unset_options(facts.content, ()):
        yield option, Choice(value="true", reason="packages need it")
    if facts.is_compiled:
        yield "wheels", Choice(value="cibuildwheel", reason="the project contains compiled code")
