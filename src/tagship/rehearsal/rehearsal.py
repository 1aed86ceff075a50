"""A rehearsal from beginning to end: servers up, the stages, and everything found put into one value."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request as Ask
from urllib.request import urlopen

from tagship.rehearsal.children import Children
from tagship.rehearsal.fake_github.process import serve
from tagship.rehearsal.index import others_of, serve_index
from tagship.rehearsal.options import Folders
from tagship.rehearsal.pipeline import Pipeline
from tagship.rehearsal.result import File, ReleaseResult, Request, Result, Subject
from tagship.rehearsal.session import ROOT, Session, surroundings
from tagship.rehearsal.stages import stages_of
from tagship.rehearsal.steps import require_manifests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagship.rehearsal.options import Options
    from tagship.rehearsal.progress import Progress
    from tagship.rehearsal.result import Place, StageResult


@contextmanager
def staged(options: Options, environ: Mapping[str, str], *, root: Path = ROOT) -> Iterator[Session]:
    """Return a scene with both servers running, over an output folder that was made ready; its scratch is gone
    afterwards.

    ``root`` is the folder that holds the actions and their sources. Raises Failure where it holds none, and where the
    output folder holds something else.
    """
    require_manifests(root)
    folders = Folders(output=options.output.resolve())
    folders.clear()
    around = surroundings(environ, folders.runner / "cache")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tagship-", ignore_cleanup_errors=True)))
        github = stack.enter_context(serve(folders.github))
        index = stack.enter_context(serve_index(folders.index, others=others_of(environ), environ=around))
        children = Children()
        stack.callback(children.stop)
        _download_actions(root, scratch / "_actions")
        yield Session(
            options=options,
            folders=folders,
            scratch=scratch.resolve(),
            environ=around,
            children=children,
            github=github,
            index=index,
        )


def rehearse(session: Session, progress: Progress) -> Result:
    """Return everything that the rehearsal of the scene's plan found."""
    stages = stages_of(session.options.pythons, session.environ)
    began = time.monotonic()
    with progress:
        results = Pipeline(session=session, progress=progress, began=began).run(stages)
    requests = _requests(session)
    return Result(
        subject=_subject(session, results),
        seconds=time.monotonic() - began,
        stages=results,
        release=_release(session),
        index=session.index.files(),
        requests=requests,
        dist=session.folders.built(),
    )


def _download_actions(root: Path, folder: Path) -> None:
    """Put the actions where a runner puts them: a copy without history, which steps may write byte code into."""
    shutil.copytree(root / "actions", folder / "actions")
    shutil.copytree(root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "rehearsal"))


def _subject(session: Session, results: tuple[StageResult, ...]) -> Subject:
    checkout, told = session.checkout, {**session.outputs.get("preflight", {}), **session.outputs.get("build-dist", {})}
    skipped = tuple(stage.message for stage in results if stage.outcome == "skipped" and stage.message)
    return Subject(
        project=told.get("name") or session.options.project.resolve().name,
        repository=checkout.repository if checkout else "",
        tag=checkout.tag if checkout else session.options.tag or "",
        commit=checkout.commit if checkout else "",
        version=told.get("version", ""),
        remarks=(*(checkout.remarks if checkout else ()), *skipped),
    )


def _requests(session: Session) -> tuple[Request, ...]:
    """What both servers were asked, in order."""
    github: list[Any] = session.github.requests()
    asked: list[tuple[Place, Any]] = [("github", item) for item in github]
    asked += [("index", item) for item in session.index.requests()]
    return tuple(
        Request(to=place, method=item["method"], path=item["path"], status=item["status"])
        for place, item in sorted(asked, key=lambda entry: float(entry[1]["started"]))
    )


def _release(session: Session) -> ReleaseResult | None:
    """Return the release of the tag, a published one before a draft, as the embedded GitHub's API shows it."""
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
            # Files are uploaded side by side and a release page lists them by name.
            File(name=asset["name"], size=asset["size"], digest=asset["digest"] or "")
            for asset in sorted(shown["assets"], key=lambda asset: str(asset["name"]))
        ),
    )


def _get(session: Session, path: str) -> Any:
    request = Ask(f"{session.github.url}{path}", headers={"authorization": f"Bearer {session.github.token}"})  # noqa: S310  # loopback
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310  # loopback
            return json.load(answer)
    except HTTPError as error:
        error.close()
        return None
