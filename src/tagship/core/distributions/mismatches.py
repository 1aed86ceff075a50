"""The likeliest reason why the built version is not the tagged version, and its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.formatting import some
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.project.declaration import Declaration

_TAG_SETTINGS = {
    "setuptools-scm": 'tag_regex under [tool.setuptools_scm], such as tag_regex = "^{prefix}(?P<version>.+)$"',
    "hatch-vcs": 'tag-pattern under [tool.hatch.version], such as tag-pattern = "^{prefix}(?P<version>.+)$"',
    "pdm-backend": 'tag_regex under [tool.pdm.version], such as tag_regex = "^{prefix}(?P<version>.+)$"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """State of the git checkout; all fields are empty without a repository or without git.

    ``top`` is its root folder, ``time`` that of the commit in seconds since the epoch. ``tag_commit`` is None if the
    tag is not in the checkout. ``changed`` are files that differ from the commit; ``head_tags`` all tags at the commit.
    """

    top: str = ""
    head: str | None = None
    time: int | None = None
    shallow: bool = False
    tag_commit: str | None = None
    head_tags: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """The tag to release, its prefix, and its version."""

    tag: str
    prefix: str
    version: Version


def version_mismatch(built: Version, tagged: Tagged, project: Declaration, checkout: Checkout) -> Problem:
    """Return the problem of a ``built`` version that differs from the tag, with the likeliest reason."""
    return next(_reasons(built, tagged, project, checkout))


def is_fallback(version: Version) -> bool:
    """Return True for the versions that setuptools-scm, versioneer and dunamai fall back to without a tag.

    Examples: ``0.0.0``, ``0.1.dev3``, ``0+unknown``, ``0.0.0.post1.dev0``.
    """
    nothing = not any(version.release)
    return nothing or version.local == "unknown" or (version.is_devrelease and version.release[:2] == (0, 1))


def _reasons(built: Version, tagged: Tagged, project: Declaration, checkout: Checkout) -> Iterator[Problem]:
    mismatch = f"Tag {tagged.tag} means version {tagged.version}, but the built version is {built}"
    if project.version is not None:
        yield Problem(
            found=f"{mismatch}: {project.version_place} has version = {project.version!r}.",
            remedy=f'Set version = "{tagged.version}" in {project.version_place}, commit, and move the tag to that '
            f"commit; or tag this commit {tagged.prefix}{project.version}.",
            topic="version-mismatch",
            file=project.version_place,
            line=project.version_line,
        )
    if project.git_plugin:
        yield from _git_reasons(mismatch, tagged, project, checkout)
    if is_fallback(built):
        yield Problem(
            found=f"{mismatch}: a backend falls back to this version if it finds none.",
            remedy='Set version in [project], or add "setuptools-scm" (setuptools) or "hatch-vcs" (hatchling) to '
            "requires in [build-system] and configure it.",
            topic="version-mismatch",
        )
    yield Problem(
        found=f"{mismatch}: the backend {project.backend} reads the version from another source.",
        remedy=f"Set the version to {tagged.version} in that source (often __version__ in the package), commit, and "
        "move the tag to that commit.",
        topic="version-mismatch",
    )


def _git_reasons(mismatch: str, tagged: Tagged, project: Declaration, checkout: Checkout) -> Iterator[Problem]:
    """Yield the reasons for a plugin that reads the version from git, the surest first."""
    plugin, tag = project.git_plugin, tagged.tag
    if checkout.head is None:
        yield Problem(
            found=f"{mismatch}: {plugin} reads the version from git, but no git repository was found.",
            remedy="Check out the project with actions/checkout; in a container, install git before that step.",
            topic="version-mismatch",
        )
    if checkout.tag_commit is None and checkout.shallow:
        yield Problem(
            found=f"{mismatch}: the checkout is shallow, so {plugin} finds neither the tags nor the commits since.",
            remedy="Add to the actions/checkout step: with: { fetch-depth: 0 }",
            topic="shallow-clone",
        )
    if checkout.tag_commit is None:
        yield Problem(
            found=f"{mismatch}: the tag is not in this checkout, and {plugin} reads the version from the tags.",
            remedy=f"Push the tag (git push origin {tag}), and add to the actions/checkout step: "
            "with: { fetch-depth: 0, fetch-tags: true }",
            topic="version-mismatch",
        )
    elif checkout.tag_commit != checkout.head:
        yield Problem(
            found=f"{mismatch}: the tag is at {checkout.tag_commit[:9]}, the checkout at {(checkout.head or '')[:9]}.",
            remedy=f"Check out the tag: git checkout {tag} (actions/checkout: with: {{ ref: {tag} }})",
            topic="version-mismatch",
        )
    yield from _subtler_git_reasons(mismatch, tagged, plugin, checkout)


def _subtler_git_reasons(mismatch: str, tagged: Tagged, plugin: str, checkout: Checkout) -> Iterator[Problem]:
    """Yield the reasons that remain if the tagged commit is checked out."""
    if checkout.changed:
        yield Problem(
            found=f"{mismatch}: {plugin} counts files changed since the checkout as a later version: "
            f"{some(checkout.changed)}.",
            remedy="Do not change tracked files before this step; git diff shows the changes. If the build writes a "
            "tracked file, run git rm --cached FILE and add it to .gitignore.",
            topic="version-mismatch",
        )
    others = [name for name in checkout.head_tags if name != tagged.tag]
    if others:
        yield Problem(
            found=f"{mismatch}: the commit is also tagged {', '.join(others)}, and {plugin} may have read that tag.",
            remedy=f"Delete the other tag, or configure {plugin} to read only tags that match {tagged.prefix}*.",
            topic="version-mismatch",
        )
    if tagged.prefix not in ("", "v"):
        setting = _TAG_SETTINGS.get(plugin, "its tag pattern").format(prefix=tagged.prefix)
        yield Problem(
            found=f"{mismatch}: {plugin} is not configured for the tag prefix {tagged.prefix!r}.",
            remedy=f"Set {setting}.",
            topic="version-mismatch",
        )
