"""gh-release: one release on GitHub, brought to what is wanted from whatever is there."""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tagship import contract as c
from tagship.core.digests import refuse_other
from tagship.core.release.assets import SUMS, checksum_lines
from tagship.core.release.desired import AssetsMode, DesiredRelease, NotesMode, OnExisting
from tagship.core.release.page import plan_page, release_page
from tagship.core.release.patterns import patterns_of
from tagship.core.release.planning import plan
from tagship.core.summary import fenced, joined
from tagship.core.timeline import jobs_of, mermaid_gantt
from tagship.core.versions import Tag, tagged_version
from tagship.edges.github.reconcile import reconcile
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.release.desired import File
    from tagship.core.release.state import Asset, Release
    from tagship.edges.github.releases import GitHub
    from tagship.edges.runtime import Runtime

Automatic = Literal["auto", "true", "false"]


@c.inputs
class Inputs:
    """What the release is to be."""

    tag: Tag = c.input(c.tag, "The tag to release.", default="${{ github.ref_name }}")
    tag_prefix: str = c.input(c.prefix, "What stands before the version in a tag.", default="v")
    name: str = c.input(
        c.text, "The title. A new release is called like its tag; an existing one keeps its own.", default=""
    )
    notes_file: str = c.input(c.text, "The Markdown file with the notes, from the top of the checkout.", default="")
    notes: str = c.input(
        c.text, "The notes themselves, instead of a file. At most 100 kB: GitHub passes no more.", default=""
    )
    notes_mode: Literal["replace", "keep", "append", "prepend"] = c.input(
        c.choice("replace", "keep", "append", "prepend"),
        "How the notes meet those a release has already. Appending again replaces what was appended before.",
        default="replace",
    )
    generate_notes: bool = c.input(
        c.boolean, "Have GitHub write notes from pull requests, below the notes given.", default="false"
    )
    previous_tag: str = c.input(
        c.text, "Where the notes that GitHub writes begin. By default GitHub decides.", default=""
    )
    files: tuple[str, ...] = c.input(
        c.lines,
        "Files to attach: globs from the top of the checkout, one a line, each of which must match. "
        "`dist/app => app-linux # For Linux` renames and labels; `!dist/*.log` excludes.",
        default="dist/*",
    )
    assets: Literal["keep", "replace", "exact"] = c.input(
        c.choice("keep", "replace", "exact"),
        "What becomes of files that are published already: `keep` touches none, `replace` replaces those of the same "
        "name and other content, `exact` removes every other file as well.",
        default="keep",
    )
    sha256sums: tuple[str, ...] = c.input(
        c.lines,
        "What files and notes-file must be, as `sha256sum` prints it: the output of build-dist in an earlier job. "
        "A file that is not listed is refused.",
        default="",
    )
    checksums: bool = c.input(c.boolean, "Attach `SHA256SUMS` with the digest of every file.", default="false")
    draft: bool = c.input(c.boolean, "Leave the release a draft.", default="false")
    prerelease: Automatic = c.input(
        c.choice("auto", "true", "false"),
        "Whether it is a pre-release. `auto`: as PEP 440 says of the version; published releases keep what they are.",
        default="auto",
    )
    latest: Automatic = c.input(
        c.choice("auto", "true", "false"),
        "Whether it becomes Latest. `auto`: if no published final version is higher, decided on publishing.",
        default="auto",
    )
    on_existing: Literal["update", "skip", "fail"] = c.input(
        c.choice("update", "skip", "fail"),
        "What to do where the tag has a release already: `fail` only minds one that differs. "
        "What an earlier run left unfinished is always finished.",
        default="update",
    )
    discussion_category: str = c.input(c.text, "Open a discussion about the release in this category.", default="")
    require_tag: bool = c.input(
        c.boolean, "Fail where the tag does not exist. If false, GitHub makes it at `target`.", default="true"
    )
    commit: str = c.input(
        c.text,
        "The commit the tag must point at. By default the one the run is for, where it is for this tag.",
        default="",
    )
    target: str = c.input(
        c.text, "The commit or branch to make a missing tag at. Needs `require-tag: false`.", default=""
    )
    parallel: int = c.input(c.number, "How many files to upload at a time.", default="4")
    dry_run: bool = c.input(c.boolean, "Print the steps and take none of them.", default="false")
    token: c.Secret = c.input(
        c.secret,
        "A token with `contents: write` (for discussions also `discussions: write`).",
        default="${{ github.token }}",
    )
    repository: str = c.input(
        c.text, "The repository to release in, as owner/name.", default="${{ github.repository }}"
    )
    api_url: str = c.input(c.text, "The address of GitHub's REST API.", default="${{ github.api_url }}")


@c.outputs
class Outputs:
    """The release as it is now; empty after the dry run of a new one."""

    id: str = c.output("The id of the release.")
    url: str = c.output("The address of its page.")
    upload_url: str = c.output("Where more files could be uploaded to.")
    assets: tuple[dict[str, str | int], ...] = c.output("Its files: a JSON list of name, size, digest, url and label.")
    created: bool = c.output("Whether this run created the release.")
    changed: bool = c.output("Whether this run changed anything.")


def run(inputs: Inputs, runtime: Runtime) -> Outputs:
    """Bring the release to what ``inputs`` ask for. Raises Failure where that cannot be had."""
    _check(inputs)
    with closing(runtime.github(inputs.repository, api_url=inputs.api_url, token=inputs.token.reveal())) as github:
        desired = _wanted(inputs, runtime, github)
        state = github.read(desired)
        made = plan(desired, state)
        with runtime.runner.group(f"The plan for {desired.tag} in {inputs.repository}"):
            runtime.runner.log(str(made))
        if inputs.dry_run:
            runtime.runner.log("dry-run: none of these steps is taken")
            runtime.runner.summarise(plan_page(ACTION.title, desired.tag, made))
            return _outputs(made.release, created=False, changed=False)
        outcome = reconcile(github, desired, state, parallel=inputs.parallel)
        timeline = _timeline(inputs, runtime, github)
    for remark in outcome.remarks:
        runtime.runner.annotate("warning", ACTION.title, remark)
    done = "created" if outcome.created else "updated" if outcome.changed else "already as it should be"
    runtime.runner.summarise(release_page(ACTION.title, outcome.release, done=done, plan=made, remarks=outcome.remarks))
    if timeline:
        runtime.runner.summarise(joined("The jobs of this run so far:", fenced(timeline, "mermaid")))
    runtime.runner.log(f"{outcome.release.url or outcome.release.tag}: {len(outcome.release.assets)} files")
    return _outputs(outcome.release, created=outcome.created, changed=outcome.changed)


def _timeline(inputs: Inputs, runtime: Runtime, github: GitHub) -> str:
    """Return the jobs of this run as a Mermaid diagram; empty, with a line in the log, where the token may not read
    them.

    A public repository lets every token read them. The release depends on none of this.
    """
    run_id = runtime.context.run_url.rpartition("/")[2]
    if not run_id or inputs.repository != runtime.context.repository:
        return ""
    answer = github.run_jobs(run_id)
    if not answer.ok:
        runtime.runner.log(
            f"No time line: GitHub told nothing of this run's jobs ({answer.status}). It takes actions: read."
        )
    jobs = jobs_of(answer.data)
    return mermaid_gantt(jobs, now=time.time()) if jobs else ""


def _check(inputs: Inputs) -> None:
    """Refuse what contradicts itself, all of it at once."""
    problems = []
    if inputs.notes and inputs.notes_file:
        problems.append(_wrong("Both notes and notes-file are given.", "Give one of the two."))
    if inputs.target and inputs.require_tag:
        problems.append(
            _wrong(
                f"target is {inputs.target!r}, which means nothing while the tag must exist.",
                "Leave target out, or set require-tag to false to have GitHub make the tag there.",
            )
        )
    if not re.fullmatch(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", inputs.repository):
        problems.append(_wrong(f"repository is {inputs.repository!r}.", "Write it as owner/name."))
    if not re.match(r"https?://[^/\s@]+", inputs.api_url):
        problems.append(_wrong(f"api-url is {inputs.api_url!r}.", "Write it like https://api.github.com."))
    if not 1 <= inputs.parallel <= 16:
        problems.append(_wrong(f"parallel is {inputs.parallel}.", "Write a number from 1 to 16."))
    if not inputs.token:
        problems.append(
            Problem(
                found="There is no token, and nobody may create releases without one.",
                remedy="Leave the input token out to use the job's own; locally, set GITHUB_TOKEN.",
                topic="no-token",
            )
        )
    if problems:
        raise Failure(*problems)


def _wanted(inputs: Inputs, runtime: Runtime, github: GitHub) -> DesiredRelease:
    context = runtime.context
    own = inputs.repository == context.repository and (context.ref_type, context.ref_name) == ("tag", inputs.tag)
    files = _files(inputs, runtime)
    notes = _notes(inputs, runtime, github)
    return DesiredRelease(
        tag=inputs.tag,
        version=tagged_version(inputs.tag, inputs.tag_prefix),
        tag_prefix=inputs.tag_prefix,
        name=inputs.name.strip() or None,
        notes=notes,
        notes_mode=NotesMode(inputs.notes_mode),
        notes_link=f"{context.server_url}/{inputs.repository}/tree/{inputs.tag}",
        files=files,
        assets=AssetsMode(inputs.assets),
        draft=inputs.draft,
        prerelease=_decided(inputs.prerelease),
        latest=_decided(inputs.latest),
        on_existing=OnExisting(inputs.on_existing),
        discussion=inputs.discussion_category or None,
        require_tag=inputs.require_tag,
        target=inputs.target or None,
        commit=inputs.commit or (context.sha or None if own else None),
    )


def _files(inputs: Inputs, runtime: Runtime) -> tuple[File, ...]:
    """Return the files to attach. Raises Failure for globs that cannot be read or match nothing."""
    place = runtime.attachable()
    try:
        found = place.attachments(patterns_of(inputs.files))
    except ValueError as error:
        raise Failure(_wrong(f"files: {error}.", "Write one glob a line, like dist/*.whl.")) from error
    refuse_other([(Path(file.path).name, file.digest.removeprefix("sha256:")) for file in found], inputs.sha256sums)
    if not inputs.checksums or not found:
        return found
    sums = runtime.temporary / f"tagship-sums-{inputs.tag.replace('/', '-')}" / SUMS
    sums.parent.mkdir(parents=True, exist_ok=True)
    sums.write_text(checksum_lines(found), "utf-8", newline="\n")
    return (*found, place.attachment(sums))


def _notes(inputs: Inputs, runtime: Runtime, github: GitHub) -> str | None:
    """Return the notes asked for; None where none were, or where there is nothing in them: nothing is cleared in
    passing.
    """
    notes = inputs.notes or None
    if inputs.notes_file:
        path = runtime.directory(inputs.notes_file)
        try:
            data = path.read_bytes()
            notes = data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(
                Problem(
                    found=f"The notes-file {inputs.notes_file} cannot be read: {error}.",
                    remedy="Write the notes to that file, in UTF-8, in an earlier step, or leave notes-file out.",
                    topic="unreadable-notes",
                )
            ) from error
        refuse_other([(path.name, hashlib.sha256(data).hexdigest())], inputs.sha256sums)
    if inputs.generate_notes:
        generated = github.generated_notes(inputs.tag, previous=inputs.previous_tag, target=inputs.target or None)
        notes = f"{notes.rstrip()}\n\n{generated}" if notes else generated
    return notes if notes and notes.strip() else None


def _decided(word: Automatic) -> bool | None:
    return {"auto": None, "true": True, "false": False}[word]


def _wrong(found: str, remedy: str) -> Problem:
    return Problem(found=found, remedy=remedy, topic="wrong-inputs")


def _outputs(release: Release | None, *, created: bool, changed: bool) -> Outputs:
    return Outputs(
        id=str(release.id) if release else "",
        url=release.url if release else "",
        upload_url=release.upload_url if release else "",
        assets=tuple(_row(asset) for asset in release.assets) if release else (),
        created=created,
        changed=changed,
    )


def _row(asset: Asset) -> dict[str, str | int]:
    return {
        "name": asset.name,
        "size": asset.size,
        "digest": asset.digest or "",
        "url": asset.url,
        "label": asset.label,
    }


ACTION = c.Action(
    name="gh-release",
    title="Release on GitHub",
    summary="Create or finish the GitHub release of a tag: upload what differs, verify it, publish last.",
    step="Attach files and publish the release",
    icon="upload-cloud",
    color="green",
    tier="github",
    inputs=Inputs,
    outputs=Outputs,
    run=run,
)
