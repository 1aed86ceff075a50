"""The command ``tagship rehearse``."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tagship.actions import NAMES, load
from tagship.contract.fields import inputs_of
from tagship.contract.parsers import Parser, as_flag, tag
from tagship.core.formatting import count, did_you_mean, duration
from tagship.core.reachability import machine_problem
from tagship.edges.installation import ROOT
from tagship.edges.project_search import find_project, is_project, project_and_folder
from tagship.edges.runner import Runner
from tagship.errors import Failure
from tagship.rehearsal.options import InputOverride, Options, read_override
from tagship.rehearsal.progress import MARKS, progress_for
from tagship.rehearsal.rehearsal import open_session, rehearse
from tagship.rehearsal.report import render_report
from tagship.rehearsal.result import Result, Task, as_json, tasks_of

if TYPE_CHECKING:
    import argparse

    from tagship.rehearsal.session import Session

SUMMARY = "Dry run of a whole release on this machine, with an embedded GitHub and package index, and a report."
_EXAMPLE = "examples/hello?tagship"
"""The example in a clone, and in an installed package, where the name of a folder must be importable."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = "Exit status: 0 if every stage passed, 1 if a stage failed, 2 for an invalid command line."
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="project folder (default: the project of the working directory, else the example package)",
    )
    parser.add_argument(
        "--tag",
        type=as_flag(tag),
        help="tag to release, for example v1.2.0; a new tag is created in the temporary clone only (default: the tag "
        "of the checked-out commit, else the next version: that in the project files or in the changelog if it is not "
        "released, else the next patch)",
    )
    parser.add_argument(
        "--python",
        action="append",
        metavar="VERSION",
        help="Python version for the quality gate; repeatable (default: those of the release workflow, else those that "
        "the project declares)",
    )
    parser.add_argument(
        "--output", type=Path, help="output folder (default: build/rehearsal, in the project if PATH is not given)"
    )
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        type=as_flag(Parser("input", _override)),
        metavar="[ACTION.]NAME=VALUE",
        help="input of one action, or of every action that has it; repeat it to add a line",
    )
    parser.add_argument(
        "--offline", action="store_true", help="download nothing: use what earlier rehearsals of the project downloaded"
    )
    parser.add_argument("--serve", action="store_true", help="keep the embedded GitHub and index running until Ctrl-C")
    parser.add_argument("--quiet", action="store_true", help="print failures and the path of the report only")


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run the rehearsal, write the report and return the exit status. Raises Failure."""
    options = _options(arguments, environ)
    try:
        with open_session(options, environ) as session:
            result = rehearse(session, progress_for(sys.stderr, environ, quiet=arguments.quiet))
            _write_report(result, session)
            _print_result(result, session, sys.stderr, quiet=arguments.quiet)
            if arguments.serve:
                _serve(session)
    except OSError as error:
        problem = machine_problem(str(error))
        if problem is None:
            raise
        raise Failure(problem) from error
    return 0 if result.passed else 1


def _override(text: str) -> InputOverride:
    """Parse an input. Raises ValueError if no action of that name, or no such input, exists."""
    override = read_override(text)
    stages = {**{name: name for name in NAMES if name != "release"}, "install": "verify-wheel"}
    if override.stage is not None and override.stage not in stages:
        near = did_you_mean(override.stage, stages)
        raise ValueError(f"unknown action {override.stage!r}; use one of {', '.join(stages)}. {near}".rstrip())
    actions = {stages[override.stage]} if override.stage else set(stages.values())
    inputs = dict.fromkeys(item.name for name in sorted(actions) for item in inputs_of(load(name).inputs))
    if override.name not in inputs:
        near = did_you_mean(override.name, inputs)
        raise ValueError(f"unknown input {override.name!r} of {override.stage or 'any action'}. {near}".rstrip())
    return override


def _options(arguments: argparse.Namespace, environ: Mapping[str, str]) -> Options:
    given = arguments.path or _project_here()
    if given is not None and not given.is_dir():
        raise Failure.of(
            found=f"Project folder {given} not found.",
            remedy="Run: tagship rehearse PATH --tag v1.2.0",
            topic="project-folder-not-found",
        )
    project, folder = project_and_folder(given, environ) if given else (next(ROOT.glob(_EXAMPLE)), ".")
    overrides = tuple(arguments.input)
    if folder != "." and not any(item.name == "working-directory" for item in overrides):
        overrides = (InputOverride(stage=None, name="working-directory", value=folder), *overrides)
    return Options(
        project=project,
        tag=arguments.tag,
        pythons=tuple(dict.fromkeys(arguments.python or ())),
        output=arguments.output or (Path() if arguments.path else given or Path()) / "build" / "rehearsal",
        overrides=overrides,
        offline=arguments.offline,
    )


def _project_here() -> Path | None:
    """Return the project of the working directory; None if it has none, and in the clone of tagship."""
    here = find_project(Path.cwd())
    return here if is_project(here) and here.resolve() != ROOT else None


def _write_report(result: Result, session: Session) -> None:
    output = session.folders.root
    text = json.dumps(as_json(result), indent=2, ensure_ascii=False)
    (output / "result.json").write_text(text + "\n", "utf-8")
    (output / "report.html").write_text(render_report(result), "utf-8", newline="\n")


def _print_result(result: Result, session: Session, stream: TextIO, *, quiet: bool) -> None:
    """Print cause, remedy and log of each failure, or else the release, and the path of the report."""
    terminal = Runner(stream=stream)
    report = session.folders.root / "report.html"
    for task in tasks_of(result.failures):
        terminal.untrusted(f"\n{MARKS['failed']} {', '.join(task.stages)}: {_described(task, session)}")
    if not quiet:
        if result.subject.inputs:
            terminal.untrusted(f"\n{result.subject.inputs}")
        for remark in (*result.subject.remarks, *result.warnings):
            terminal.untrusted(f"⚠️ {remark}")
    if result.failures:
        terminal.log(f"\n{result.published} Report: {report}")
    elif not quiet:
        terminal.untrusted(f"\n{_released(result)}\n   Report: {report}")


def _described(task: Task, session: Session) -> str:
    """Return the problem, the end of the output that shows its cause, the help page and the log."""
    found, line, remedy = task.text.rpartition("\n")
    output = [f"   │ {row}" for row in task.output.splitlines()]
    parts = [*filter(None, [found if line else remedy]), *output, *([remedy] if line else [])]
    more = [f"   At: {task.place}"] if task.place else []
    more += [f"   More: {task.page}"] if task.page else []
    return "\n".join([*parts, *more, f"   Log: {session.folders.log_of(task.first.name, task.first.python)}"])


def _released(result: Result) -> str:
    """Return the result of a rehearsal that passed, in two lines."""
    subject, release = result.subject, result.release
    marks = (
        [("Latest", release.latest), ("Pre-release", release.prerelease), ("Draft", release.draft)] if release else []
    )
    kind = "".join(f" ({word})" for word, shown in marks if shown)
    assets = count(len(release.assets), "asset") if release else "no release"
    return (
        f"{MARKS['passed']} {subject.project} {subject.version} released from tag {subject.tag} "
        f"in {duration(result.seconds)}.\n   {release.name if release else ''}{kind}: {assets}, "
        f"{count(len(result.index), 'file')} on the index, {count(len(result.requests), 'request')}."
    )


def _serve(session: Session) -> None:
    checkout = session.checkout
    print(
        f"\nEmbedded GitHub: {session.github.url}  token: {session.github.token}  "
        f"repository: {checkout.repository if checkout else ''}\nEmbedded index:  {session.index.simple_url}\n"
        "Both run until Ctrl-C.",
        flush=True,
    )
    threading.Event().wait()
