"""Why what was built is not the version that was tagged: the likeliest reason, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.version import Version

    from tagship.core.project.build_system import Project

_TAG_SETTINGS = {
    "setuptools-scm": 'tag_regex under [tool.setuptools_scm], such as tag_regex = "^{prefix}(?P<version>.+)$"',
    "hatch-vcs": 'tag-pattern under [tool.hatch.version], such as tag-pattern = "^{prefix}(?P<version>.+)$"',
    "pdm-backend": 'tag_regex under [tool.pdm.version], such as tag_regex = "^{prefix}(?P<version>.+)$"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """The git checkout that was built from; all empty where there is none, or no git to ask.

    ``top`` is its folder, ``time`` the commit's in seconds since 1970. ``tag_commit`` is None where the tag is not in
    it. ``changed`` are files that differ from the commit; ``head_tags`` all tags at the commit.
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
    """The tag that is released, what stands before the version in it, and that version."""

    tag: str
    prefix: str
    version: Version


def version_mismatch(built: Version, tagged: Tagged, project: Project, checkout: Checkout) -> Problem:
    """Return the problem of ``built`` being another version than the tag's, explained from the situation."""
    return next(_reasons(built, tagged, project, checkout))


def is_fallback(version: Version) -> bool:
    """Return True if tools that read the version from git fall back to this one where they find no tag.

    ``0.0.0`` and its kin, ``0.1.dev3``, ``0+unknown``, ``0.0.0.post1.dev0``: setuptools-scm, versioneer, dunamai.
    """
    nothing = not any(version.release)
    return nothing or version.local == "unknown" or (version.is_devrelease and version.release[:2] == (0, 1))


def _reasons(built: Version, tagged: Tagged, project: Project, checkout: Checkout) -> Iterator[Problem]:
    said = f"The tag {tagged.tag} means version {tagged.version}, but what was built is {built}"
    if project.version is not None and not project.git_plugin:
        yield Problem(
            found=f"{said}: {project.place} says version = {project.version!r}.",
            remedy=f'Set version = "{tagged.version}" there, commit it and move the tag there; or tag '
            f"this commit {tagged.prefix}{project.version}.",
            topic="version-mismatch",
            file=project.place,
            line=project.version_line,
        )
    if project.git_plugin:
        yield from _git_reasons(said, tagged, project, checkout)
    if is_fallback(built):
        yield Problem(
            found=f"{said}: that is the version a backend falls back to when nothing tells it one.",
            remedy='Write version in [project], or add "setuptools-scm" (setuptools) or "hatch-vcs" (hatchling) to '
            "requires in [build-system] and configure it.",
            topic="version-mismatch",
        )
    yield Problem(
        found=f"{said}: the backend {project.backend} takes it from somewhere else.",
        remedy=f"Set the version to {tagged.version} where the backend reads it (for many, __version__ in the "
        "package), commit it and move the tag there.",
        topic="version-mismatch",
    )


def _git_reasons(said: str, tagged: Tagged, project: Project, checkout: Checkout) -> Iterator[Problem]:
    """Yield the reasons that lie between the tag and a plugin that reads it, the surest first."""
    plugin, tag = project.git_plugin, tagged.tag
    if checkout.head is None:
        yield Problem(
            found=f"{said}: {plugin} reads the version from git, and there is no git repository here.",
            remedy="Check the project out with actions/checkout, and install git first in a container.",
            topic="version-mismatch",
        )
    if checkout.tag_commit is None and checkout.shallow:
        yield Problem(
            found=f"{said}: the checkout is shallow, so {plugin} cannot see the tags and the commits since.",
            remedy="Give the actions/checkout step: with: { fetch-depth: 0 }",
            topic="shallow-clone",
        )
    if checkout.tag_commit is None:
        yield Problem(
            found=f"{said}: the tag is not in this checkout, and {plugin} reads the version from the tags.",
            remedy=f"Push the tag (git push origin {tag}), and give the actions/checkout step: "
            "with: { fetch-depth: 0, fetch-tags: true }",
            topic="version-mismatch",
        )
    elif checkout.tag_commit != checkout.head:
        yield Problem(
            found=f"{said}: the tag is at {checkout.tag_commit[:9]}, but {(checkout.head or '')[:9]} is checked out.",
            remedy=f"Check out what was tagged: git checkout {tag} (actions/checkout: with: {{ ref: {tag} }})",
            topic="version-mismatch",
        )
    yield from _subtler_git_reasons(said, tagged, plugin, checkout)


def _subtler_git_reasons(said: str, tagged: Tagged, plugin: str, checkout: Checkout) -> Iterator[Problem]:
    """Yield the reasons that remain where the tag stands on the commit that is checked out."""
    if checkout.changed:
        shown = ", ".join(checkout.changed[:5]) + (" and more" if len(checkout.changed) > 5 else "")
        yield Problem(
            found=f"{said}: files were changed after the checkout, which {plugin} takes for a later version: {shown}.",
            remedy="Let no step before this one change files under version control (git diff shows what they did). A "
            "file that the build itself writes does not belong there: git rm --cached it, and name it in .gitignore.",
            topic="version-mismatch",
        )
    others = [name for name in checkout.head_tags if name != tagged.tag]
    if others:
        yield Problem(
            found=f"{said}: the same commit also bears {', '.join(others)}, and {plugin} may have read that one.",
            remedy=f"Remove the other tag from the commit, or make {plugin} look only at tags like {tagged.prefix}*.",
            topic="version-mismatch",
        )
    if tagged.prefix not in ("", "v"):
        setting = _TAG_SETTINGS.get(plugin, "its tag pattern").format(prefix=tagged.prefix)
        yield Problem(
            found=f"{said}: {plugin} does not know that tags of this package begin with {tagged.prefix!r}.",
            remedy=f"Set {setting}.",
            topic="version-mismatch",
        )
