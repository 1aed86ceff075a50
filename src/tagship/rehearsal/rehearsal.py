"""A rehearsal from start to end: start the servers, run the stages group by group, and collect the result."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagship.edges.installation import PACKAGE, ROOT
from tagship.edges.processes import Processes
from tagship.edges.runner import describe
from tagship.errors import HELP_PAGE, Failure
from tagship.rehearsal.fake_github.server import serve
from tagship.rehearsal.fake_index.models import Catalogue
from tagship.rehearsal.fake_index.server import FakeIndex, serving
from tagship.rehearsal.options import Options, OutputFolders
from tagship.rehearsal.publishing import ask
from tagship.rehearsal.result import (
    File,
    Log,
    Outcome,
    ReleaseResult,
    Request,
    Result,
    Server,
    Stage,
    StageOutput,
    StageResult,
    Subject,
    file_at,
)
from tagship.rehearsal.session import Session, fallback_index, runner_environment, shared_cache
from tagship.rehearsal.stages import stages_of

if TYPE_CHECKING:
    from tagship.rehearsal.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Runs stages in a session and reports them to a progress display. ``began`` is the monotonic time of the start."""

    session: Session
    progress: Progress
    began: float

    def run(self, groups: Iterable[Sequence[Stage]]) -> tuple[StageResult, ...]:
        """Run every group in order and return the results; a stage is skipped if a stage that it needs failed."""
        results: list[StageResult] = []
        missing: set[str] = set()
        for group in groups:
            if any(missing if stage.needs is None else missing.intersection(stage.needs) for stage in group):
                results += [self._skip(stage, None) for stage in group]
            else:
                results += self._run_parallel(group)
            missing |= {result.name for result in results if result.outcome != "passed" and not _is_absent(result)}
        return tuple(results)

    def _run_parallel(self, group: Sequence[Stage]) -> list[StageResult]:
        with ThreadPoolExecutor(max_workers=len(group)) as pool:
            try:
                return list(pool.map(self._run, group))
            except BaseException:
                self.session.processes.stop()
                raise

    def _run(self, stage: Stage) -> StageResult:
        if stage.skip:
            return self._skip(stage, stage.skip)
        self.progress.begin(stage)
        started, lines = time.monotonic(), list[str]()

        def log(line: str) -> None:
            lines.append(line)
            if line.strip():
                self.progress.line(stage, line)

        output = _output(stage, self.session, log)
        path = self.session.folders.log_of(stage.name, stage.python)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        if output.message:
            return self._ended(stage, "failed", output, started, lines)
        self.session.outputs[stage.label] = output.outputs
        return self._ended(stage, "passed", output, started, lines)

    def _skip(self, stage: Stage, reason: str | None) -> StageResult:
        return self._ended(stage, "skipped", StageOutput(outputs={}, message=reason), time.monotonic(), ())

    def _ended(
        self, stage: Stage, outcome: Outcome, output: StageOutput, started: float, lines: Sequence[str]
    ) -> StageResult:
        result = StageResult(
            name=stage.name,
            title=stage.title,
            outcome=outcome,
            started=started - self.began,
            seconds=time.monotonic() - started,
            python=stage.python,
            message=output.message,
            help=output.help,
            annotations=output.annotations,
            outputs=output.outputs,
            log=tuple(lines),
        )
        self.progress.end(result)
        return result


def _output(stage: Stage, session: Session, log: Log) -> StageOutput:
    """Run the stage; a Failure becomes a message."""
    try:
        return stage.perform(session, log)
    except Failure as failure:
        pages = tuple(f"{HELP_PAGE}#{problem.topic}" for problem in failure.problems)
        return StageOutput(outputs={}, message=describe(failure.problems), help=pages)


def _is_absent(result: StageResult) -> bool:
    """Return True for a stage that was skipped because its Python is not installed."""
    return result.outcome == "skipped" and result.message is not None


@contextmanager
def open_session(options: Options, environ: Mapping[str, str], *, root: Path = ROOT) -> Iterator[Session]:
    """Prepare the output folder and start both servers; stop them and delete temporary files at the end.

    ``root`` is the clone of tagship. Raises Failure if the output folder contains files that no rehearsal created.
    """
    folders = OutputFolders(root=options.output.resolve())
    folders.prepare()
    processes = Processes(environ=runner_environment(environ, shared_cache(environ), offline=options.offline))
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tagship-", ignore_cleanup_errors=True)))
        github = stack.enter_context(serve(folders.github))
        catalogue = Catalogue(is_online=not options.offline)
        embedded = FakeIndex(folder=folders.index, others=fallback_index(environ), catalogue=catalogue)
        index = stack.enter_context(serving(embedded))
        stack.callback(processes.stop)
        _download_actions(root, scratch / "_actions")
        yield Session(
            options=options,
            folders=folders,
            scratch=scratch.resolve(),
            processes=processes,
            github=github,
            index=index,
        )


def rehearse(session: Session, progress: Progress) -> Result:
    """Run all stages and return the result."""
    began = time.monotonic()
    with progress:
        results = Pipeline(session=session, progress=progress, began=began).run(stages_of(session))
    requests = _requests(session)
    return Result(
        subject=_subject(session, results),
        seconds=time.monotonic() - began,
        stages=results,
        release=_release(session),
        index=tuple(map(file_at, sorted(session.index.folder.iterdir()))),
        requests=requests,
        dist=session.folders.distributions(),
    )


def _download_actions(root: Path, folder: Path) -> None:
    """Copy the actions, as a runner downloads them: without history, and writable for byte code."""
    shutil.copytree(root / "actions", folder / "actions")
    ignored = shutil.ignore_patterns("__pycache__", "rehearsal", "_clone")
    shutil.copytree(root / "src", folder / "src", ignore=ignored)
    if root.is_relative_to(PACKAGE):
        shutil.copytree(PACKAGE, folder / "src" / PACKAGE.name, ignore=ignored)


def _subject(session: Session, results: tuple[StageResult, ...]) -> Subject:
    checkout = session.checkout
    found = {**session.outputs.get("preflight", {}), **session.outputs.get("build-dist", {})}
    skipped = dict.fromkeys(stage.message for stage in results if stage.outcome == "skipped" and stage.message)
    told = [message for message in skipped if not any(remark.startswith(message) for remark in session.remarks)]
    return Subject(
        project=found.get("name") or session.options.project.resolve().name,
        repository=checkout.repository if checkout else "",
        tag=checkout.tag if checkout else session.options.tag or "",
        commit=checkout.commit if checkout else "",
        version=found.get("version", ""),
        inputs=session.plan.summary,
        remarks=(*(checkout.remarks if checkout else ()), *told, *session.remarks),
    )


def _requests(session: Session) -> tuple[Request, ...]:
    """Return the requests to both servers, in order."""
    github: list[Any] = session.github.requests()
    entries: list[tuple[Server, Any]] = [("github", item) for item in github]
    entries += [("index", asdict(item)) for item in session.index.requests]
    return tuple(
        Request(to=server, method=item["method"], path=item["path"], status=item["status"])
        for server, item in sorted(entries, key=lambda entry: float(entry[1]["started"]))
    )


def _release(session: Session) -> ReleaseResult | None:
    """Return the release of the tag from the embedded GitHub, a published one before a draft; None if it has none."""
    checkout = session.checkout
    if checkout is None:
        return None
    listed = _get(session, f"/repos/{checkout.repository}/releases?per_page=100") or []
    found = sorted((item for item in listed if item["tag_name"] == checkout.tag), key=lambda item: bool(item["draft"]))
    if not found:
        return None
    latest = _get(session, f"/repos/{checkout.repository}/releases/latest") or {}
    shown = found[0]
    return ReleaseResult(
        tag=shown["tag_name"],
        name=shown["name"] or shown["tag_name"],
        draft=shown["draft"],
        prerelease=shown["prerelease"],
        latest=latest.get("id") == shown["id"],
        body=shown["body"] or "",
        assets=tuple(
            # Files are uploaded in parallel; a release page sorts them by name.
            File(name=asset["name"], size=asset["size"], digest=asset["digest"] or "")
            for asset in sorted(shown["assets"], key=lambda asset: str(asset["name"]))
        ),
    )


def _get(session: Session, path: str) -> Any:
    status, found = ask(f"{session.github.url}{path}", authorization=f"Bearer {session.github.token}")
    return found if status == 200 else None
