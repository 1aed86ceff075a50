"""The checks of what exists for the commit: files on the index, a release on GitHub, results of its CI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from packaging.version import Version

from tagship.core.index_rules.file_names import is_standard_module
from tagship.core.preflight.check import Check, fine, skipped, stopped, warned
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.release.answers import ReleaseAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAnswer:
    """The files of a project on an index, by version. ``reason`` is a sentence on why the request failed."""

    state: Literal["known", "unknown", "unreachable"]
    files: Mapping[Version, Sequence[str]]
    reason: str = ""


def index_finding(
    answer: IndexAnswer,
    *,
    name: str,
    version: Version,
    index: str,
    on_published: Literal["fail", "warn"],
    look_alike: str = "",
) -> Check:
    """Check that the index does not have the version yet. ``look_alike`` is another project whose name is too similar.

    A failed request is a warning: the index refuses an existing version on upload, before anything is released.
    """
    if answer.state == "unreachable":
        return warned(
            "Index",
            Problem(
                found=f"It is unknown if {index} has {name} {version}. {answer.reason}",
                remedy="The release continues, because the index refuses an existing version on upload. "
                "If this is the wrong index, set `index-url: https://pypi.org/simple/`",
                topic="index-unreachable",
            ),
        )
    if answer.state == "unknown" and is_pypi(index) and (is_standard_module(name) or look_alike):
        standard = "isn't allowed (conflict with Python Standard Library module name)."
        phrase = standard if is_standard_module(name) else f"is too similar to an existing project: {look_alike}."
        return stopped(
            "Index",
            Problem(
                found=f"{index} has no project {name}, and PyPI refuses a new one of that name: The name {name!r} "
                f"{phrase}",
                remedy="Choose another `name` in the [project] table of pyproject.toml.",
                topic="refused-by-pypi",
            ),
        )
    if answer.state == "unknown":
        says = f"{index} has no files of {name} yet. The first upload creates the project; trusted publishing needs a "
        return fine("Index", f"{says}pending publisher for it.")
    if version not in answer.files:
        return fine("Index", f"{name} {version} is not on {index} yet.")
    files = ", ".join(sorted(answer.files[version]))
    problem = Problem(
        found=f"{name} {version} already exists on {index}: {files}.",
        remedy="Tag the next version, because an index accepts a version only once. To finish a release that was "
        "interrupted after the upload, set `on-published: warn`",
        topic="version-on-index",
    )
    return stopped("Index", problem) if on_published == "fail" else warned("Index", problem)


def is_pypi(index: str) -> bool:
    """Return True for the address of PyPI or TestPyPI."""
    return index.partition("://")[2].startswith(("pypi.org/", "test.pypi.org/"))


def release_finding(answer: ReleaseAnswer, *, tag: str) -> Check:
    """Check that no immutable release of the tag is published."""
    match answer.state:
        case "absent":
            return fine("Release", f"No release of {tag} is published yet.")
        case "unreachable":
            return skipped("Release", f"The release of {tag} on GitHub was not checked: {answer.reason}.")
        case "published" if answer.immutable:
            return stopped(
                "Release",
                Problem(
                    found=f"The release {answer.url} of {tag} is published and immutable, so no file can be added.",
                    remedy="Tag the next version. GitHub reserves the tag permanently, even if the release is deleted.",
                    topic="422-cannot-upload-assets-to-an-immutable-release",
                ),
            )
        case "published":
            return fine("Release", f"The release {answer.url} exists and will be updated.")


_PASSED = frozenset({"success", "neutral", "skipped"})
_SUBJECT = "Trusted checks"
_SHOWN = 5


def results_of(
    runs: Iterable[Mapping[str, Any]], statuses: Iterable[Mapping[str, Any]], *, own_run: str
) -> dict[str, str]:
    """Return the result of every check by name, without the jobs of the workflow run at the URL ``own_run``.

    ``runs`` and ``statuses`` are as the REST API lists them:
    https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
    """
    found = {str(status.get("context")): str(status.get("state")) for status in statuses}
    for run in runs:
        if not (own_run and str(run.get("details_url", "")).startswith(f"{own_run}/")):
            found[str(run.get("name"))] = str(run.get("conclusion") or run.get("status"))
    return found


def trust_finding(wanted: Sequence[str], results: Mapping[str, str]) -> Check:
    """Check that the wanted checks have passed; ``all`` is every check. Only passed checks replace the gate."""
    names = sorted(results) if tuple(wanted) == ("all",) else wanted
    failed = [f"{name} ({results.get(name, 'not found')})" for name in names if results.get(name) not in _PASSED]
    if failed or not names:
        reason = ", ".join(failed[:_SHOWN]) if failed else "the commit has no checks"
        return skipped(_SUBJECT, f"The quality gate runs, because not all trusted checks have passed: {reason}.")
    return fine(_SUBJECT, f"The quality gate does not run again. Passed for this commit: {', '.join(names)}.")
