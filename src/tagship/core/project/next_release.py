"""The tag prefix of a project, its next version and the inputs of its release, from the facts of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name
from packaging.version import Version

from tagship.core.project.content import unset_options
from tagship.core.project.python_versions import names_minor_versions
from tagship.core.versions import VERSION_START, tagged_version
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts


_GENERIC = frozenset({"", "rel", "release", "releases", "ver", "version"})


def find_prefix(tags: Iterable[str], tag: str = "", *, name: str, folder: str = ".") -> str:
    """Return the prefix of the highest version among ``tags`` of the package ``name`` in ``folder``.

    If the version in ``tag`` has another prefix, that one counts: a project may have changed it. In a folder without
    tags of its own it may be that of the whole repository.

    Before the version, a tag may have the package's name or, for a project at the top of its repository, nothing or a
    word like ``release-``, followed by an optional ``v``. Without such a tag the prefix is ``v``, or ``NAME-v`` for a
    package in a folder of a monorepo.
    """
    own = {canonicalize_name(word) for word in (name, folder.strip("."), PurePosixPath(folder).name) if word}
    stems = own | _GENERIC if folder == "." else own
    found = [(version, prefix) for stem, prefix, version in _versions(tags) if stem in stems]
    usual = "v" if folder == "." else f"{canonicalize_name(name or PurePosixPath(folder).name)}-v"
    prefix = max(found)[1] if found else usual
    if tagged_version(tag, prefix):
        return prefix
    stems = stems if found else own | _GENERIC
    return next((prefix for stem, prefix, _ in _versions([tag]) if stem in stems), prefix)


def _versions(tags: Iterable[str]) -> Iterator[tuple[str, str, Version]]:
    """Yield the normalised name before the version, the prefix and the version of each tag that ends in a version."""
    for tag in tags:
        for start in VERSION_START.finditer(tag):
            prefix = tag[: start.end()]
            if version := tagged_version(tag, prefix):
                yield canonicalize_name(tag[: start.start()].rstrip("-_/.=@")), prefix, version
                break


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
    if facts.changelog and not isinstance(facts.changelog, Problem):
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
    named, required = names_minor_versions(facts.declaration.classifiers), facts.declaration.requires_python
    if named or required:
        source = "classifiers" if named else f"requires-python {required}"
        found["python-versions"] = Choice(value="auto", reason=f"from {source}")
    return found | dict(_files(facts))


def _files(facts: ProjectFacts) -> Iterator[tuple[str, Choice]]:
    for option, _ in unset_options(facts.content, ()):
        yield option, Choice(value="true", reason="packages need it")
    if facts.is_compiled:
        yield "wheels", Choice(value="cibuildwheel", reason="the project contains compiled code")
