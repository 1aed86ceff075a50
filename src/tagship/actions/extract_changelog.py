"""extract-changelog: extract the notes of one version for its release page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tagship import contract as c
from tagship.core.changelog import find_latest, find_previous, find_release, find_unreleased, read_changelog
from tagship.core.digests import digest_lines
from tagship.core.escaping import escaped
from tagship.core.links import Place
from tagship.core.markdown.cut import byte_length, contained
from tagship.core.notes import Package, fitted_notes, links_section, ready_notes, section_anchor, section_notes
from tagship.core.preflight.history import previous_tag
from tagship.core.summary import folded, page
from tagship.core.versions import Tag, tagged_version, version_of
from tagship.edges.changelogs import Changelogs
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from packaging.version import Version

    from tagship.core.changelog import Changelog, Release
    from tagship.core.distributions.mismatches import Checkout
    from tagship.edges.changelogs import ChangelogFile
    from tagship.edges.runtime import Runtime

Link = Literal["package", "changelog", "compare"]
SMALL = 32_768
"""Maximum size in bytes of notes that are also an output; longer notes are only in the file."""
_MOST_WARNINGS = 10


def _read_links(value: str) -> tuple[Link, ...]:
    words = value.replace(",", " ").split()
    known: dict[str, Link] = {word: word for word in get_args(Link)}
    unknown = [word for word in words if word not in known]
    if unknown and words != ["none"]:
        raise ValueError(f"{unknown[0]!r} is not one of {', '.join(known)}; separate them by commas, or use none")
    return tuple(known[word] for word in words if word in known)


links_parser: c.Parser[tuple[Link, ...]] = c.Parser(
    "comma-separated list of `package`, `changelog`, `compare`; or `none`", _read_links
)


optional_tag: c.Parser[Tag] = c.Parser(c.tag.says, lambda value: c.tag.read(value) if value else Tag(""))
"""A tag; empty outside a git checkout, where the version can be given instead."""


@c.inputs
class Inputs:
    """The section to extract and the treatment of its notes."""

    tag: Tag = c.input(optional_tag, "Tag to release, for example `v1.2.0`.", default="${{ github.ref_name }}")
    tag_prefix: str = c.input(c.prefix, "Tag prefix before the version, for example `v` or `pkg-v`.", default="v")
    version: str = c.input(
        c.text,
        "Version to extract instead of the tag's, for example `1.2.0`; also `latest` or `unreleased`.",
        default="",
    )
    working_directory: str = c.input(c.folder, "Project directory, for example `packages/core`.", default=".")
    changelog: str = c.input(
        c.text,
        "Changelog path relative to the project directory, for example `CHANGES.md`. `auto`: the first file with a "
        "usual name; `none`: no changelog.",
        default="auto",
    )
    heading_prefix: str = c.input(
        c.text, "Text before the version in the headings of a shared changelog, for example `core`.", default=""
    )
    on_missing: Literal["error", "empty", "unreleased"] = c.input(
        c.choice("error", "empty", "unreleased"),
        "Policy for a missing or empty section: `error` fails, `empty` continues with empty notes, `unreleased` uses "
        "the unreleased section.",
        default="error",
    )
    unwrap: bool = c.input(
        c.boolean, "Join the lines of each paragraph, because release pages show every line break.", default="true"
    )
    absolute_links: bool = c.input(
        c.boolean, "Make relative links and images absolute, so that they lead to the tag.", default="true"
    )
    links: tuple[Link, ...] = c.input(
        links_parser,
        "Links below the notes, for example `compare`: the package page on the index, the changelog at the tag, and "
        "the changes since the previous tag.",
        default="package, changelog, compare",
    )
    package: str = c.input(
        c.text,
        "Package name on the index, for example `hello-tagship`. By default the name in the project's metadata.",
        default="",
    )
    package_url: str = c.input(
        c.text,
        "Base URL of the index's package pages, for example `https://test.pypi.org/project`. NAME/VERSION/ is added.",
        default="https://pypi.org/project",
    )
    previous_tag: str = c.input(
        c.text,
        "Tag for the link to the changes, for example `v1.1.0`. By default the tag of the highest lower version.",
        default="",
    )
    max_bytes: int = c.input(
        c.number(1000),
        "Maximum size of the notes in bytes. Longer notes are cut between blocks and link to the full text.",
        default="120000",
    )
    releases: bool = c.input(c.boolean, "List every release of the changelog in an output.", default="false")
    repository: str = c.input(
        c.optional(c.repository),
        "Repository that the links lead to, for example `octo/hello`.",
        default="${{ github.repository }}",
    )


@c.outputs
class Outputs:
    """The notes and the facts in their heading; empty if the section is missing."""

    notes_file: str = c.output("Path of the Markdown file with the notes.")
    notes: str = c.output(f"Notes, if they have at most {SMALL} bytes; else empty.")
    sha256sums: str = c.output("Checksum of the notes file in `sha256sum` format, for other jobs.")
    version: str = c.output("Version, normalised by PEP 440 if it follows PEP 440.")
    date: str = c.output("Release date in the heading, for example `2026-02-19`.")
    status: str = c.output("Status in the heading: `released`, `prerelease`, `unreleased` or `yanked`.")
    title: str = c.output("Text of the heading.")
    previous_version: str = c.output("Version before this one in the changelog.")
    changelog: str = c.output("Path of the changelog, relative to the repository root.")
    releases: tuple[dict[str, str | int], ...] = c.output(
        "Releases, if requested, as a JSON list of version, label, title, package, date, status, line and lines."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A changelog and the section to extract; None if the notes are to be empty."""

    changelog: Changelog
    file: ChangelogFile
    release: Release | None


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Write the notes to a new file. Raises Failure if there are none and ``on-missing`` is `error`."""
    if not inputs.tag and not inputs.version and inputs.changelog != "none":
        raise Failure(
            Problem(
                found="No tag is set, and this folder is not a git checkout with one.",
                remedy="Set tag, like v1.2.0, or version, like 1.2.0 or latest.",
                topic="wrong-inputs",
            )
        )
    runtime.require_folder(inputs.working_directory)
    found = None if inputs.changelog == "none" else _find(inputs, runtime)
    notes = _notes(inputs, runtime, found, found.release) if found and found.release and not found.release.empty else ""
    path = runtime.new_folder("notes") / "notes.md"
    path.write_bytes(notes.encode())
    outputs = _outputs(inputs, found, path, notes)
    _report(runtime, found, outputs, notes)
    return outputs


def _find(inputs: Inputs, runtime: Runtime) -> _Found:
    """Return the requested section. Raises Failure if it is missing and ``on-missing`` does not allow that."""
    changelogs = Changelogs(workspace=runtime.workspace, inside=inputs.working_directory)
    file = changelogs.read("" if inputs.changelog == "auto" else inputs.changelog)
    project = _package_name(inputs, runtime)
    changelog = read_changelog(file.text, heading_prefix=inputs.heading_prefix, project=project)
    release: Release | None = None
    stand_in = inputs.version == "unreleased"
    try:
        release = _release(inputs, runtime, changelog, file)
        if release.empty:
            raise _empty(release, file)
    except Failure as failure:
        if inputs.on_missing == "error" or failure.problems[0].topic not in {"missing-section", "empty-section"}:
            raise
        release = find_unreleased(changelog, package=inputs.heading_prefix) if inputs.on_missing != "empty" else release
        stand_in = True
        if inputs.on_missing == "unreleased" and (release is None or release.empty):
            raise
        runtime.runner.annotate("warning", ACTION.title, failure.problems[0].found, file=file.path)
    found = _Found(changelog=changelog, file=file, release=release)
    if release is not None:
        _warn(runtime, found, release, stand_in=stand_in)
    return found


def _release(inputs: Inputs, runtime: Runtime, changelog: Changelog, file: ChangelogFile) -> Release:
    words = {"latest": find_latest, "unreleased": find_unreleased}
    if inputs.version in words:
        release = words[inputs.version](changelog, package=inputs.heading_prefix)
        if release is None:
            raise Failure(
                Problem(
                    found=f"{file.path} has no section for {inputs.version!r}.",
                    remedy="Add the section, or set version to one of the changelog's versions.",
                    topic="missing-section",
                    file=file.path,
                )
            )
        return release
    wanted = inputs.version or _behind_prefix(inputs, runtime)
    preferred = _package_name(inputs, runtime)
    return find_release(changelog, wanted, file=file.path, package=inputs.heading_prefix, preferred=preferred)


def _behind_prefix(inputs: Inputs, runtime: Runtime) -> str:
    """Return the version as spelled in the tag. Raises Failure if it is invalid, or if the run is for a branch."""
    if (runtime.context.ref_type, runtime.context.ref_name) == ("branch", inputs.tag):
        raise Failure(
            Problem(
                found=f"This run is for the branch {inputs.tag}, so the version is unknown.",
                remedy=f"Set tag: {inputs.tag_prefix}1.2.0; or select another section with version: unreleased",
                topic="tag-is-not-a-version",
            )
        )
    version_of(inputs.tag, inputs.tag_prefix)
    return inputs.tag.removeprefix(inputs.tag_prefix)


def _empty(release: Release, file: ChangelogFile) -> Failure:
    return Failure(
        Problem(
            found=f"The section {release.title!r} of {file.path} is empty.",
            remedy="Add the changes below the heading, commit, and tag that commit.",
            topic="empty-section",
            file=file.path,
            line=release.line,
        )
    )


def _warn(runtime: Runtime, found: _Found, release: Release, *, stand_in: bool) -> None:
    """Annotate the oddities of the section, each at its line."""
    remarks = [
        (remark.line, remark.text)
        for remark in found.changelog.warnings
        if remark.line == release.line or remark.line in release.body
    ]
    if release.status in {"unreleased", "yanked"} and not stand_in:
        remarks.append((release.line, f"The heading {release.title!r} marks this version as {release.status}."))
    for line, sentence in remarks[:_MOST_WARNINGS]:
        runtime.runner.annotate("warning", ACTION.title, sentence, file=found.file.path, line=line)


def _notes(inputs: Inputs, runtime: Runtime, found: _Found, release: Release) -> str:
    """Return the notes as published on the release page."""
    checkout = runtime.git().checkout(inputs.tag)
    place = _place(inputs, runtime, found.file, checkout) if inputs.repository and inputs.tag else None
    notes = section_notes(found.changelog, release)
    notes = ready_notes(notes, unwrapped=inputs.unwrap, place=place if inputs.absolute_links else None)
    version = release.version or tagged_version(inputs.tag, inputs.tag_prefix)
    fragment = section_anchor(found.changelog, release)
    links = links_section(
        fragment=fragment,
        package=_package(inputs, runtime, version) if "package" in inputs.links else None,
        place=place,
        changelog="changelog" in inputs.links,
        previous_tag=_earlier(inputs, runtime, checkout, version) if "compare" in inputs.links else "",
    )
    return fitted_notes(notes, links, max_bytes=inputs.max_bytes, place=place, fragment=fragment)


def _package(inputs: Inputs, runtime: Runtime, version: Version | None) -> Package | None:
    name = _package_name(inputs, runtime)
    if not name or version is None or version.local:
        return None
    return Package(name=name, version=version, index_url=inputs.package_url.rstrip("/"))


def _package_name(inputs: Inputs, runtime: Runtime) -> str:
    if inputs.package:
        return inputs.package
    facts = facts_of_checkout(runtime.workspace, inputs.working_directory)
    if facts.problems:
        raise Failure(*facts.problems)
    return facts.declaration.name or ""


def _earlier(inputs: Inputs, runtime: Runtime, checkout: Checkout, version: Version | None) -> str:
    """Return the tag of the previous release in the history; empty if git does not know one."""
    commit = checkout.tag_commit or checkout.head
    if inputs.previous_tag or not commit:
        return inputs.previous_tag
    tags = [name for name in runtime.git().tags(merged_into=commit) if name != inputs.tag]
    return previous_tag(version, tags, inputs.tag_prefix)


def _place(inputs: Inputs, runtime: Runtime, file: ChangelogFile, checkout: Checkout) -> Place:
    """Return the place of the changelog in the repository, whose top may be above the workspace."""
    top, real = Path(checkout.top).resolve(), (runtime.workspace / file.path).resolve()
    path = real.relative_to(top).as_posix() if checkout.top and real.is_relative_to(top) else file.path
    return Place(server_url=runtime.context.server_url, repository=inputs.repository, ref=inputs.tag, path=path)


def _outputs(inputs: Inputs, found: _Found | None, path: Path, notes: str) -> Outputs:
    release = found.release if found else None
    previous = find_previous(found.changelog, release) if found and release else None
    return Outputs(
        notes_file=str(path),
        notes=notes if byte_length(notes) <= SMALL else "",
        sha256sums=digest_lines({path.name: hashlib.sha256(notes.encode()).hexdigest()}).rstrip("\n"),
        version=_version(release) if release else "",
        date=str(release.date or "") if release else "",
        status=release.status if release else "",
        title=release.title if release else "",
        previous_version=_version(previous) if previous else "",
        changelog=found.file.path if found else "",
        releases=tuple(_row(item) for item in found.changelog.releases) if found and inputs.releases else (),
    )


def _version(release: Release) -> str:
    if release.version is not None:
        return str(release.version)
    return "" if release.status == "unreleased" else release.label


def _row(release: Release) -> dict[str, str | int]:
    return {
        "version": _version(release),
        "label": release.label,
        "title": release.title,
        "package": release.package,
        "date": str(release.date or ""),
        "status": release.status,
        "line": release.line,
        "lines": len(release.body),
    }


def _report(runtime: Runtime, found: _Found | None, outputs: Outputs, notes: str) -> None:
    if found is None or found.release is None:
        runtime.runner.log("The notes are empty.")
        return
    release = found.release
    size = f"{byte_length(notes)} bytes"
    runtime.runner.log(f"{outputs.title}: line {release.line} of {outputs.changelog}, {size}")
    source = f"Extracted from line {release.line} of {escaped(outputs.changelog)}, {size}."
    shown = folded("Preview of the notes", contained(notes))
    runtime.runner.summarise(page("passed", ACTION.title, source, shown, subject=escaped(release.title)))


ACTION = c.Action(
    name="extract-changelog",
    title="Extract changelog notes",
    summary="Find the section of one version in a changelog and prepare its notes for a release page.",
    step="Extract the notes",
    icon="book-open",
    color="purple",
    tier="changelog",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
