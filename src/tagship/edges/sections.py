"""The section of a release: from a changelog, the message of the tag, or a draft of fragments not built yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.changelog.search import find_latest, find_unreleased
from tagship.core.changelog_text import ChangelogText, Fragments, ParsedChangelog
from tagship.core.formatting import last_lines
from tagship.core.preflight.changelog import MISSING, OnMissing, empty_section
from tagship.core.project.changelog_search import ChangelogQuery, find_changelog
from tagship.core.runner import without_python_settings
from tagship.edges.changelogs import CheckoutFiles, tag_text
from tagship.edges.runtime import Runtime, require_library
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.changelog.document import Release

_WORDS = {"latest": find_latest, "unreleased": find_unreleased}
_GENERATED = "The release gets the notes that GitHub generates from its pull requests."


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A changelog and the section of the release; None if the notes are to be empty.

    A ``stand_in`` is another section than the requested one.
    """

    parsed: ParsedChangelog
    release: Release | None
    stand_in: bool = False

    @property
    def path(self) -> str:
        return self.parsed.source.path


def find_section(
    query: ChangelogQuery, runtime: Runtime, *, tag: str, on_missing: OnMissing, title: str
) -> Section | None:
    """Return the section for the version of ``query``, which may also be `latest` or `unreleased`.

    None if the project keeps no changelog. Raises Failure if the section is missing or empty and ``on_missing`` does
    not allow that; if it does, a warning with ``title`` is annotated.
    """
    found = Section(parsed=ChangelogText(path="", text="").parse(), release=None)
    try:
        source = _source(query, runtime, tag)
        found = Section(parsed=source.parse(heading_prefix=query.heading_prefix, project=query.project), release=None)
        found = replace(found, release=_release(query, found.parsed))
        if found.release and found.release.empty:
            raise Failure(empty_section(found.path, found.release))
    except Failure as failure:
        problem = failure.problems[0]
        if problem.topic == "no-changelog":
            runtime.runner.annotate("warning", title, f"{problem.found} {_GENERATED}")
            return None
        if on_missing == "error" or problem.topic not in MISSING:
            raise
        found = _stand_in(query, runtime, found, on_missing)
        if on_missing != "empty" and (found.release is None or found.release.empty):
            raise
        runtime.runner.annotate("warning", title, problem.found, file=problem.file)
    return found


def _source(query: ChangelogQuery, runtime: Runtime, tag: str) -> ChangelogText:
    if query.named == "tag":
        return tag_text(runtime.git(), tag, query.version)
    known = replace(query, version="" if query.version in _WORDS else query.version)
    return find_changelog(CheckoutFiles(workspace=runtime.workspace), known)


def _release(query: ChangelogQuery, parsed: ParsedChangelog) -> Release:
    if query.version not in _WORDS:
        return parsed.release(query.version, package=query.heading_prefix, preferred=query.project)
    release = _WORDS[query.version](parsed.changelog, package=query.heading_prefix)
    if release is None:
        raise Failure.of(
            found=f"{parsed.source.path} has no section for {query.version!r}.",
            remedy="Add the section, or set version to one of the changelog's versions.",
            topic="missing-section",
            file=parsed.source.path,
        )
    return release


def _stand_in(query: ChangelogQuery, runtime: Runtime, found: Section, on_missing: OnMissing) -> Section:
    """Return the section that ``on_missing`` selects instead of ``found``."""
    if on_missing == "fragments":
        draft = _draft(query, runtime, found.parsed)
        return Section(parsed=draft, release=draft.changelog.releases[0], stand_in=True)
    if on_missing == "unreleased":
        found = replace(found, release=find_unreleased(found.parsed.changelog, package=query.heading_prefix))
    return replace(found, stand_in=True)


def _draft(query: ChangelogQuery, runtime: Runtime, parsed: ParsedChangelog) -> ParsedChangelog:
    """Return the draft of the project's fragments as a changelog. Raises Failure if no fragments exist."""
    source = parsed.source
    if source.fragments is None:
        raise Failure.of(
            found=f"No changelog fragments for {query.version} found.",
            remedy="Configure towncrier or scriv in pyproject.toml, or set on-missing to another policy.",
            topic="changelog-fragments",
        )
    project = runtime.directory(query.inside)
    draft = fragment_draft(source.fragments, runtime, project, name=query.project, version=query.version)
    return ChangelogText(path=source.path, text=draft, version=query.version).parse()


_REQUIREMENTS = {"towncrier": "towncrier", "scriv": "scriv[toml]"}
_TIMEOUT = 300


def fragment_draft(fragments: Fragments, runtime: Runtime, project: Path, *, name: str, version: str) -> str:
    """Return the draft that the tool of ``fragments`` prints for ``version`` in the folder ``project``.

    The newest release of the tool runs in an environment of its own, without credentials; it may execute templates of
    the checkout. Raises Failure if it cannot be installed or fails.
    """
    # Few changelogs have fragments, and the import is slow.
    from tagship.edges.environments import Environments

    requirement = _REQUIREMENTS.get(fragments.tool)
    if requirement is None:
        raise _failed(fragments, f"{fragments.tool} is not a Python program, so no draft can be made.")
    require_library("uv", "environments", runtime.installer_environ)
    with runtime.scratch("fragments") as folder:
        environ = without_python_settings(runtime.environ)
        environments = Environments(
            folder=folder, processes=runtime.processes, environ=environ, say=runtime.runner.untrusted
        )
        environment = environments.create("tool")
        installed = environments.install(environment, requirement)
        if not installed.ok:
            raise _failed(fragments, f"Installing {requirement} failed:\n{last_lines(installed.output, indent='  ')}")
        draft = folder / "draft"
        arguments: tuple[str | Path, ...] = ("print", "--output", draft)
        if fragments.tool == "towncrier":
            arguments = ("build", "--draft", "--name", name or project.name, "--version", version)
        done = runtime.processes.run(
            [environment.python, "-P", "-m", fragments.tool, *arguments],
            cwd=project,
            environ=environment.variables(environ),
            timeout=_TIMEOUT,
            errors_apart=fragments.tool == "towncrier",
            on_line=runtime.runner.untrusted,
        )
        if not done.ok:
            cause = last_lines(done.output, indent="  ")
            raise _failed(fragments, f"{fragments.tool} exited with status {done.code}:\n{cause}")
        return draft.read_text("utf-8", "replace") if draft.is_file() else done.output


def _failed(fragments: Fragments, found: str) -> Failure:
    remedy = f"Run `{fragments.command}`, commit the result, and tag that commit."
    return Failure.of(found=found, remedy=remedy, topic="changelog-fragments")
