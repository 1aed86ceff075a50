"""What is out there already: files of this version on the index, a release of this tag on GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagship.core.preflight.finding import Finding, fine, skipped, stopped, warned
from tagship.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packaging.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAnswer:
    """What an index knows of a project: files by version. ``reason`` is a sentence on why it could not be asked."""

    state: Literal["known", "unknown", "unreachable"]
    files: Mapping[Version, Sequence[str]]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAnswer:
    """The published release of a tag, if any. ``reason`` says why GitHub could not be asked."""

    state: Literal["published", "absent", "unreachable"]
    immutable: bool = False
    url: str = ""
    reason: str = ""


def index_finding(
    answer: IndexAnswer, *, name: str, version: Version, index: str, on_published: Literal["fail", "warn"]
) -> Finding:
    """Return True if the version is still to be had on the index.

    An index that cannot be asked is a warning: it refuses what it has by itself, before anything is released.
    """
    if answer.state == "unreachable":
        return warned(
            "Index",
            Problem(
                found=f"Nobody can tell whether {index} has {name} {version}. {answer.reason}",
                remedy="The release goes on: an index refuses by itself a version that it has. "
                "If it is the wrong index, name yours: index-url: https://pypi.org/simple/",
                topic="index-unreachable",
            ),
        )
    if answer.state == "unknown":
        says = f"{index} has no file of {name} yet. The first upload makes the project; trusted publishing needs a "
        return fine("Index", f"{says}pending publisher for it.")
    if version not in answer.files:
        return fine("Index", f"{name} {version} is not on {index} yet.")
    files = ", ".join(sorted(answer.files[version]))
    problem = Problem(
        found=f"{name} {version} is on {index} already: {files}.",
        remedy="An index takes a version once: tag the next one. To finish a release that was interrupted after the "
        "upload: on-published: warn",
        topic="version-on-index",
    )
    return stopped("Index", problem) if on_published == "fail" else warned("Index", problem)


def release_finding(answer: ReleaseAnswer, *, tag: str) -> Finding:
    """Return True if a published release that nothing can be added to stands in the way."""
    match answer.state:
        case "absent":
            return fine("Release", f"No release of {tag} is published yet.")
        case "unreachable":
            return skipped("Release", f"GitHub was not asked for a release of {tag}: {answer.reason}.")
        case "published" if answer.immutable:
            return stopped(
                "Release",
                Problem(
                    found=f"The release {answer.url} of {tag} is published and immutable: no file can be added to it.",
                    remedy="Tag the next version. Deleting the release would not help: its tag is never free again.",
                    topic="422-cannot-upload-assets-to-an-immutable-release",
                ),
            )
        case "published":
            return fine("Release", f"The release {answer.url} is there and will be brought up to date.")
