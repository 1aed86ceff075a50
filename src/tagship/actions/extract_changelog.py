"""extract-changelog: extract the notes of one version for its release page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from packaging.version import Version

from tagship import contract as c
from tagship.core.changelog.search import find_previous
from tagship.core.digests import digest_lines
from tagship.core.formatting import escaped
from tagship.core.markdown.cut import byte_length, contained
from tagship.core.notes import Package, Place, fitted_notes, links_section, ready_notes, section_anchor
from tagship.core.preflight.history import previous_tag
from tagship.core.project.changelog_search import ChangelogQuery
from tagship.core.summary import folded, page
from tagship.core.versions import Tag, tagged_version, version_of
from tagship.edges.changelogs import CheckoutFiles, project_roles
from tagship.edges.runtime import Runtime, require_library
from tagship.edges.sections import Section, find_section
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.core.changelog.document import Release, Remark
    from tagship.core.distributions.mismatches import Checkout
    from tagship.core.preflight.changelog import OnMissing

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
        "Changelog path relative to the project directory, for example `CHANGES.rst` or `docs/releases/{version}.md`. "
        "`auto`: the file that has the version; `tag`: the message of the tag; `none`: no notes.",
        default="auto",
    )
    heading_prefix: str = c.input(
        c.text, "Text before the version in the headings of a shared changelog, for example `core`.", default=""
    )
    on_missing: OnMissing = c.input(
        c.choice("error", "empty", "unreleased", "fragments"),
        "Policy for a missing or empty section: `error` fails, `empty` continues with empty notes, `unreleased` uses "
        "the unreleased section, `fragments` the draft of towncrier or scriv.",
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
    generate_notes: bool = c.output(
        "`true` if the project has no changelog, so that gh-release is to add the notes generated by GitHub."
    )
    releases: tuple[dict[str, str | int], ...] = c.output(
        "Releases, if requested, as a JSON list of version, label, title, package, date, status, line and lines."
    )


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Write the notes to a new file. Raises Failure if there are none and ``on-missing`` is `error`."""
    if not inputs.tag and not inputs.version and inputs.changelog != "none":
        raise Failure.of(
            found="No tag is set, and this folder is not a git checkout with one.",
            remedy="Set tag, like v1.2.0, or version, like 1.2.0 or latest.",
            topic="wrong-inputs",
        )
    runtime.require_folder(inputs.working_directory)
    found = None if inputs.changelog == "none" else _find(inputs, runtime)
    notes = _notes(inputs, runtime, found, found.release) if found and found.release and not found.release.empty else ""
    path = runtime.new_folder("notes") / "notes.md"
    path.write_bytes(notes.encode())
    outputs = _outputs(inputs, found, path, notes)
    _report(runtime, found, outputs, notes)
    return outputs


def _find(inputs: Inputs, runtime: Runtime) -> Section | None:
    """Return the requested section, or None if the project keeps no changelog. Raises Failure."""
    wanted = inputs.version or _behind_prefix(inputs, runtime)
    query = ChangelogQuery(
        named=inputs.changelog,
        version=wanted,
        inside=inputs.working_directory,
        heading_prefix=inputs.heading_prefix,
        project=_package_name(inputs, runtime),
    )
    found = find_section(query, runtime, tag=inputs.tag, on_missing=inputs.on_missing, title=ACTION.title)
    if found and found.release:
        _warn(runtime, found, found.release, stand_in=found.stand_in or wanted == "unreleased")
    return found


def _behind_prefix(inputs: Inputs, runtime: Runtime) -> str:
    """Return the version as spelled in the tag. Raises Failure if it is invalid, or if the run is for a branch."""
    if (runtime.context.ref_type, runtime.context.ref_name) == ("branch", inputs.tag):
        raise Failure.of(
            found=f"This run is for the branch {inputs.tag}, so the version is unknown.",
            remedy=f"Set tag: {inputs.tag_prefix}1.2.0; or select another section with version: unreleased",
            topic="tag-is-not-a-version",
        )
    version_of(inputs.tag, inputs.tag_prefix)
    return inputs.tag.removeprefix(inputs.tag_prefix)


def _warn(runtime: Runtime, found: Section, release: Release, *, stand_in: bool) -> None:
    """Annotate the oddities of the section, each at its line."""
    remarks = [
        remark
        for remark in found.parsed.changelog.warnings
        if remark.line == release.line or remark.line in release.body
    ]
    _annotate(runtime, found.path, remarks)
    if release.status in {"unreleased", "yanked"} and not stand_in:
        sentence = f"The heading {release.title!r} marks this version as {release.status}."
        runtime.runner.annotate("warning", ACTION.title, sentence, file=found.path, line=release.line)


def _annotate(runtime: Runtime, path: str, remarks: Sequence[Remark]) -> None:
    for remark in remarks[:_MOST_WARNINGS]:
        place = (path, remark.line) if path else (None, None)
        runtime.runner.annotate("warning", ACTION.title, remark.text, file=place[0], line=place[1])


def _notes(inputs: Inputs, runtime: Runtime, found: Section, release: Release) -> str:
    """Return the notes as published on the release page."""
    checkout = runtime.git().checkout(inputs.tag)
    place = _place(inputs, runtime, found.path, checkout) if inputs.repository and inputs.tag else None
    notes = _converted(inputs, runtime, found, release)
    notes = ready_notes(notes, unwrapped=inputs.unwrap, place=place if inputs.absolute_links else None)
    version = release.version or tagged_version(inputs.tag, inputs.tag_prefix)
    rendered = found.path.lower().endswith((".md", ".markdown", ".rst"))
    # GitHub shows other files as plain text, which has no anchors but those of lines.
    fragment = section_anchor(found.parsed.changelog, release) if rendered else f"L{release.line}"
    links = links_section(
        fragment=fragment,
        package=_package(inputs, runtime, version) if "package" in inputs.links else None,
        place=place,
        changelog="changelog" in inputs.links and bool(found.path),
        previous_tag=_earlier(inputs, runtime, checkout, version) if "compare" in inputs.links else "",
    )
    return fitted_notes(
        notes, links, max_bytes=inputs.max_bytes, place=place if found.path else None, fragment=fragment
    )


def _converted(inputs: Inputs, runtime: Runtime, found: Section, release: Release) -> str:
    """Return the section as GitHub's Markdown, and annotate what is lost."""
    url = f"{runtime.context.server_url}/{inputs.repository}" if inputs.repository else ""
    if found.parsed.document is not None:
        require_library("docutils", "restructuredtext", runtime.installer_environ)
    files = CheckoutFiles(workspace=runtime.workspace)
    notes, remarks = found.parsed.notes(release, lambda: project_roles(files, found.path, url))
    _annotate(runtime, found.path, remarks)
    return notes


def _package(inputs: Inputs, runtime: Runtime, version: Version | None) -> Package | None:
    name = _package_name(inputs, runtime)
    if not name or version is None or version.local:
        return None
    return Package(name=name, version=version, index_url=inputs.package_url.rstrip("/"))


def _package_name(inputs: Inputs, runtime: Runtime) -> str:
    if inputs.package:
        return inputs.package
    return runtime.declaration(inputs.working_directory).name or ""


def _earlier(inputs: Inputs, runtime: Runtime, checkout: Checkout, version: Version | None) -> str:
    """Return the tag of the previous release in the history; empty if git does not know one."""
    commit = checkout.tag_commit or checkout.head
    if inputs.previous_tag or not commit:
        return inputs.previous_tag
    tags = [name for name in runtime.git().tags(merged_into=commit) if name != inputs.tag]
    return previous_tag(version, tags, inputs.tag_prefix)


def _place(inputs: Inputs, runtime: Runtime, file: str, checkout: Checkout) -> Place:
    """Return the place of the changelog in the repository, whose top may be above the workspace."""
    top, real = Path(checkout.top).resolve(), (runtime.workspace / file).resolve()
    path = real.relative_to(top).as_posix() if checkout.top and real.is_relative_to(top) else file
    return Place(server_url=runtime.context.server_url, repository=inputs.repository, ref=inputs.tag, path=path)


def _outputs(inputs: Inputs, found: Section | None, path: Path, notes: str) -> Outputs:
    release = found.release if found else None
    previous = find_previous(found.parsed.changelog, release) if found and release else None
    return Outputs(
        notes_file=str(path),
        notes=notes if byte_length(notes) <= SMALL else "",
        sha256sums=digest_lines({path.name: hashlib.sha256(notes.encode()).hexdigest()}).rstrip("\n"),
        version=_version(release) if release else "",
        date=str(release.date or "") if release else "",
        status=release.status if release else "",
        title=release.title if release else "",
        previous_version=_version(previous) if previous else "",
        changelog=found.path if found else "",
        generate_notes=found is None and inputs.changelog != "none",
        releases=tuple(_row(item) for item in found.parsed.changelog.releases) if found and inputs.releases else (),
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


def _report(runtime: Runtime, found: Section | None, outputs: Outputs, notes: str) -> None:
    if found is None or found.release is None:
        runtime.runner.log("The notes are empty.")
        return
    release = found.release
    size = f"{byte_length(notes)} bytes"
    place = f"line {release.line} of {outputs.changelog}" if outputs.changelog else "the message of the tag"
    runtime.runner.log(f"{outputs.title}: {place}, {size}")
    source = f"Extracted from {escaped(place)}, {size}."
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
