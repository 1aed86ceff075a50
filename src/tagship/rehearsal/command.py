"""``tagship rehearse``: the command line of a rehearsal."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tagship.edges.runner import TerminalRunner
from tagship.errors import Failure, Problem
from tagship.rehearsal.options import PYTHONS, Options, read_override
from tagship.rehearsal.progress import MARKS, progress_for
from tagship.rehearsal.rehearsal import rehearse, staged
from tagship.rehearsal.report import render_report
from tagship.rehearsal.report.headline import reach
from tagship.rehearsal.report.markup import count, seconds
from tagship.rehearsal.result import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.rehearsal.result import Result
    from tagship.rehearsal.session import Session

SUMMARY = "Run the whole release of a project on this machine, publishing included, and show what would come of it."
_EXAMPLE = Path("examples/hello-tagship")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = "Exit status: 0 every stage passed; 1 one failed, with the reason; 2 a command line that is wrong."
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="the project; default: the example package")
    parser.add_argument(
        "--tag",
        help="the tag to release; one that does not exist is made in the rehearsal only (default: the tag that is "
        "checked out, else the newest release of the changelog, else the highest tag)",
    )
    parser.add_argument(
        "--python",
        action="append",
        metavar="VERSION",
        help=f"a Python to run the checks on; repeatable (default: {' and '.join(PYTHONS)})",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("build/rehearsal"), help="the folder that is written (default: %(default)s)"
    )
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        type=_given,
        metavar="[ACTION.]NAME=VALUE",
        help="an input for one action, or for all that have it; given again, another line of it",
    )
    parser.add_argument("--github", type=Path, metavar="FILE.json", help="what the embedded GitHub starts with")
    parser.add_argument("--serve", action="store_true", help="keep the embedded GitHub and index up until interrupted")
    parser.add_argument("--quiet", action="store_true", help="print nothing but a failure and where the report is")


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Rehearse, write the report and return the exit status."""
    try:
        options = _plan(arguments)
        with staged(options, environ) as session:
            result = rehearse(session, progress_for(sys.stderr, environ, quiet=arguments.quiet))
            _write(result, session)
            _conclude(result, session, sys.stderr, quiet=arguments.quiet)
            if arguments.serve:
                _keep_up(session)
    except Failure as failure:
        TerminalRunner(stream=sys.stderr).fail(failure.problems)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted: nothing is left running.", file=sys.stderr)
        return 1
    return 0 if result.passed else 1


def _given(text: str) -> object:
    try:
        return read_override(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _plan(arguments: argparse.Namespace) -> Options:
    project = arguments.path or Path(__file__).resolve().parents[3] / _EXAMPLE
    if arguments.path and not project.is_dir():
        raise Failure(
            Problem(
                found=f"There is no folder {project}.",
                remedy="Name the folder of a project: make rehearse REPO=path TAG=v1.2.0",
                topic="no-project-folder",
            )
        )
    return Options(
        project=project.resolve(),
        tag=arguments.tag,
        pythons=tuple(dict.fromkeys(arguments.python or PYTHONS)),
        output=arguments.output,
        given=tuple(arguments.input),
        github=_configuration(arguments.github) if arguments.github else {},
    )


def _configuration(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        value = error
    if not isinstance(value, dict):
        raise Failure(
            Problem(
                found=f"{path} holds no JSON object: {value}",
                remedy="Write it in the form that the docstring of tagship.rehearsal.fake_github shows.",
                topic="github-configuration",
            )
        )
    return value


def _write(result: Result, session: Session) -> None:
    output = session.folders.output
    text = json.dumps(as_json(result), indent=2, ensure_ascii=False)
    (output / "result.json").write_text(text + "\n", "utf-8")
    (output / "report.html").write_text(render_report(result), "utf-8", newline="\n")


def _conclude(result: Result, session: Session, stream: TextIO, *, quiet: bool) -> None:
    """Say how it ended: cause, remedy and log of each failure, or what was released, and where the report is."""
    terminal = TerminalRunner(stream=stream)
    report = session.folders.output / "report.html"
    for stage in result.failures:
        terminal.untrusted(f"\n{MARKS['failed']} {stage.label}: {stage.message}")
        log = session.folders.log_of(stage.name, stage.python)
        terminal.untrusted("\n".join([*(f"   More: {page}" for page in dict.fromkeys(stage.help)), f"   Log: {log}"]))
    if not quiet:
        for remark in result.subject.remarks:
            terminal.untrusted(f"⚠️ {remark}")
    if result.failures:
        terminal.log(f"\n{reach(result)} Report: {report}")
    elif not quiet:
        terminal.untrusted(f"\n{_released(result)}\n   Report: {report}")


def _released(result: Result) -> str:
    """What a rehearsal that passed came to, in two lines."""
    subject, release = result.subject, result.release
    marks = (
        [("Latest", release.latest), ("Pre-release", release.prerelease), ("Draft", release.draft)] if release else []
    )
    kind = "".join(f" ({word})" for word, shown in marks if shown)
    assets = count(len(release.assets), "asset") if release else "no release"
    return (
        f"{MARKS['passed']} {subject.project} {subject.version} went from {subject.tag} to a release "
        f"in {seconds(result.seconds)}.\n   {release.name if release else ''}{kind}: {assets}, "
        f"{count(len(result.index), 'file')} on the index, {count(len(result.requests), 'request')} in all."
    )


def _keep_up(session: Session) -> None:
    checkout = session.checkout
    print(
        f"\nThe embedded GitHub: {session.github.url}  token: {session.github.token}  "
        f"repository: {checkout.repository if checkout else ''}\nThe embedded index:  {session.index.own}\n"
        "Both stay up until Ctrl-C.",
        flush=True,
    )
    threading.Event().wait()
