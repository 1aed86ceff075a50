"""The stages of a release, in the order of a real one."""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tagship.actions import load
from tagship.core.versions import is_prerelease, tagged_version
from tagship.edges.processes import Processes
from tagship.errors import Failure, Problem
from tagship.rehearsal.checkout import Source, Wanted, check_out
from tagship.rehearsal.pythons import find_python, running_interpreter
from tagship.rehearsal.result import file_at
from tagship.rehearsal.stage import Done, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tagship.rehearsal.checkout import Checkout
    from tagship.rehearsal.options import Options
    from tagship.rehearsal.session import Session
    from tagship.rehearsal.stage import Say

_PAGE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)


def publish(session: Session, say: Say) -> Done:
    """Upload what was built and hold what the index has against it. Raises Failure."""
    files = session.folders.built()
    lines: list[str] = []

    def note(line: str) -> None:
        lines.append(line.rstrip())
        say(line.rstrip())

    if session.index.publish(files, children=session.children, environ=session.environ, on_line=note):
        raise Failure(
            Problem(
                found=f"The index refused the files: {refusal(lines)}",
                remedy="Run twine check --strict on the files, and see the log of this stage.",
                topic="index-refused",
            )
        )
    apart = {file_at(path) for path in files} ^ set(session.index.files())
    if apart:
        raise Failure(
            Problem(
                found="The index holds other files than the ones that were built: "
                + ", ".join(sorted({file.name for file in apart})),
                remedy="See the log of this stage for what was uploaded.",
                topic="index-refused",
            )
        )
    return Done(outputs={})


def refusal(lines: Sequence[str]) -> str:
    """Return the reason for a refusal out of twine's log: what the index answered, else what twine ended with."""
    text = "\n".join(lines)
    answered = _PAGE.search(text)
    reason = html.unescape(answered[1]) if answered else text.rpartition("ERROR")[2]
    return " ".join(reason.split()) or "twine gave no reason."


_RELEASES = 100
"""How many of the project's earlier tags the embedded GitHub is given releases for: the highest versions."""


def open_session(session: Session, say: Say) -> Done:
    """Check out, and fill the scene with what the later stages start from. Raises Failure."""
    options = session.options
    source = Source(
        project=options.project, left_out=session.folders.output, processes=Processes(environ=session.environ)
    )
    wanted = Wanted(tag=options.tag, prefix=options.prefix, inside=options.inside)
    session.checkout = checkout = check_out(
        source, wanted, workspace=session.scratch / "workspace", server=session.github.url
    )
    for remark in checkout.remarks:
        say(remark)
    say(f"{checkout.repository} at {checkout.tag} ({checkout.commit[:12]})")
    session.github.configure(github_of(checkout, options))
    session.programs = session.environments().make(running_interpreter(), session.scratch / "python")
    return Done(outputs={"tag": checkout.tag, "commit": checkout.commit})


def github_of(checkout: Checkout, options: Options) -> dict[str, object]:
    """Return the embedded GitHub's configuration: the repository, with a release for every other tag that is a version.

    What the plan says of repositories comes in place of it, key by key.
    """
    others = [(version, tag) for tag in checkout.tags if (version := tagged_version(tag, options.prefix))]
    known = {
        "name": checkout.repository,
        "default_branch": checkout.branch,
        "git": str(checkout.workspace),
        "releases": [
            {"tag_name": tag, "name": tag, "prerelease": is_prerelease(version)}
            for version, tag in sorted(others)[-_RELEASES:]
            if tag != checkout.tag
        ],
    }
    entries: Any = options.github.get("repositories") or [{}]
    return {**options.github, "repositories": [known | entry for entry in entries]}


_MORE = re.compile(r"\(\[more\]\((https?://[^\s()]+)\)\)")
"""The link behind each problem in the summary of a step that failed."""


def stages_of(pythons: tuple[str, ...], environ: Mapping[str, str]) -> tuple[tuple[Stage, ...], ...]:
    """Return the stages, in groups: those of a group run side by side, and a group only after all before it passed."""
    install = _Step(action="verify-wheel", stage="install", inputs=_install_inputs)
    return (
        (Stage(name="checkout", title="Check out the tag", perform=open_session),),
        (_stage(_Step(action="preflight", inputs=lambda session: {"index-url": session.index.own})),),
        tuple(_gate(version, environ) for version in pythons),
        (_stage(_Step(action="build-dist", then=_keep_dist)),),
        (_stage(_Step(action="verify-wheel")),),
        (_stage(_Step(action="extract-changelog", then=_keep_notes)),),
        (Stage(name="publish", title="Publish to the index", perform=publish),),
        (_stage(_Step(action="gh-release", inputs=_release_inputs)),),
        (Stage(name="install", title="Install from the index and use it", perform=install),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A stage that is one step. ``inputs`` are those that earlier stages give, ``then`` keeps what the step made."""

    action: str
    stage: str = ""
    inputs: Callable[[Session], dict[str, str]] = lambda _: {}
    then: Callable[[Session, Mapping[str, str]], None] = lambda *_: None
    programs: Path | None = None
    workspace: Path | None = None

    def __call__(self, session: Session, say: Say) -> Done:
        """Run the step in the scene's job, or with the programs and in the workspace of its own."""
        job = session.job()
        given = session.options.inputs_of(self.stage or self.action, self.action, job.manifest(self.action).defaults)
        programs = self.programs or session.programs or running_interpreter().parent
        result = replace(job, workspace=self.workspace or job.workspace).run(
            self.action, self.inputs(session) | given, programs=programs, on_line=say
        )
        if result.status:
            errors = [annotation.text for annotation in result.annotations if annotation.level == "error"]
            message = errors[-1] if errors else _last_words(self.action, result.status, result.log)
            pages = tuple(_MORE.findall(result.summary))
            return Done(outputs=result.outputs, message=message, help=pages, annotations=result.annotations)
        self.then(session, result.outputs)
        return Done(outputs=result.outputs, annotations=result.annotations)


def _stage(step: _Step) -> Stage:
    """Return the stage that is the step, in the words that a runner's log has for it."""
    return Stage(name=step.action, title=load(step.action).step, perform=step)


def _last_words(action: str, status: int, log: tuple[str, ...]) -> str:
    last = "\n".join(log[-5:])
    return f"{action} ended with status {status} and no message. Its last lines:\n{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    """The stage of the checks on one Python: a job with a checkout and an environment of its own."""

    version: str
    interpreter: Path

    def __call__(self, session: Session, say: Say) -> Done:
        """Make the environment and run the step in it."""
        say(f"A fresh environment of {self.interpreter}")
        workspace = session.scratch / f"workspace-{self.version}"
        shutil.copytree(session.released.workspace, workspace, symlinks=True)
        programs = session.environments().make(self.interpreter, session.scratch / f"python-{self.version}")
        return _Step(action="quality-gate", programs=programs, workspace=workspace)(session, say)


def _gate(version: str, environ: Mapping[str, str]) -> Stage:
    interpreter = find_python(version, environ)
    gate = Stage(
        name="quality-gate", title=load("quality-gate").step, perform=lambda *_: Done(outputs={}), python=version
    )
    if interpreter is None:
        return replace(gate, skip=f"Python {version} is not installed here.")
    return replace(gate, perform=_Gate(version=version, interpreter=interpreter))


def _keep_dist(session: Session, outputs: Mapping[str, str]) -> None:
    shutil.copytree(session.path_of(outputs["dist-dir"]), session.folders.dist, dirs_exist_ok=True)


def _keep_notes(session: Session, outputs: Mapping[str, str]) -> None:
    shutil.copyfile(session.path_of(outputs["notes-file"]), session.folders.output / "notes.md")


def _release_inputs(session: Session) -> dict[str, str]:
    return {"notes-file": session.outputs["extract-changelog"]["notes-file"]}


def _install_inputs(session: Session) -> dict[str, str]:
    built = session.outputs["build-dist"]
    return {"index": session.index.with_others, "name": built["name"], "version": built["version"]}
