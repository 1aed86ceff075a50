"""The stages of a rehearsal, their results, the list of what to fix, and the JSON object in ``result.json``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tagship.rehearsal.session import Session
    from tagship.rehearsal.steps import Annotation

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutput:
    """The output of a stage. ``message`` is the cause of a failure; ``help`` has a page for each problem in it."""

    outputs: Mapping[str, str]
    message: str | None = None
    help: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage. ``perform`` runs it and logs line by line; ``skip`` is the reason why it cannot run here.

    ``needs`` are the names of the stages that must pass first; None means all earlier ones.
    """

    name: str
    title: str
    perform: Callable[[Session, Log], StageOutput]
    python: str | None = None
    skip: str | None = None
    needs: tuple[str, ...] | None = None

    @property
    def label(self) -> str:
        """The name of the stage, with its Python if it runs on several."""
        return f"{self.name} ({self.python})" if self.python else self.name


Outcome = Literal["passed", "failed", "skipped"]
Server = Literal["github", "index"]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file: name, size in bytes, and digest, which is ``sha256:`` and 64 hexadecimal digits."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageResult:
    """The result of one stage.

    ``started`` and ``seconds`` are in seconds; ``started`` counts from the start of the rehearsal. ``message`` is the
    error message of the action, or the reason why the stage was skipped; ``help`` has a page for each problem in it.
    ``log`` has the lines as the log of a run shows them.
    """

    name: str
    title: str
    outcome: Outcome
    started: float
    seconds: float
    python: str | None = None
    message: str | None = None
    help: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    outputs: Mapping[str, str]
    log: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name of the stage, with its Python if it runs on several."""
        return f"{self.name} ({self.python})" if self.python else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseResult:
    """The release on the embedded GitHub at the end."""

    tag: str
    name: str
    draft: bool
    prerelease: bool
    latest: bool
    body: str
    assets: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to the embedded GitHub or the embedded index. ``status`` is None without a response."""

    to: Server
    method: str
    path: str
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The project and the tag of a rehearsal.

    ``inputs`` describes the inputs and their source. ``remarks`` are notes for the reader, such as a skipped Python.
    """

    project: str
    repository: str
    tag: str
    commit: str
    version: str = ""
    inputs: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a rehearsal. ``dist`` has the paths of the distributions that were built."""

    subject: Subject
    seconds: float
    stages: tuple[StageResult, ...]
    release: ReleaseResult | None
    index: tuple[File, ...]
    requests: tuple[Request, ...]
    dist: tuple[Path, ...] = ()

    @property
    def failures(self) -> tuple[StageResult, ...]:
        return tuple(stage for stage in self.stages if stage.outcome == "failed")

    @property
    def warnings(self) -> tuple[str, ...]:
        """The first line of each warning, once with the name of its first stage."""
        found: dict[str, str] = {}
        for stage in self.stages:
            for item in stage.annotations:
                if item.level == "warning":
                    found.setdefault(item.text.partition("\n")[0], stage.label)
        return tuple(f"{label}: {text}" for text, label in found.items())

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def published(self) -> str:
        """A sentence on how much of a failed release was published."""
        if self.release and not self.release.draft:
            return "The release was published on GitHub."
        if self.index:
            return "The files are on the index, but no release was published on GitHub."
        return "Nothing was published."


def file_at(path: Path) -> File:
    """Return name, size and digest of the file at ``path``."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(name=path.name, size=path.stat().st_size, digest=f"sha256:{digest}")


def as_json(result: Result) -> dict[str, Any]:
    """Return the object for ``result.json``."""
    release = result.release
    return {
        "passed": result.passed,
        "seconds": round(result.seconds, 3),
        **asdict(result.subject),
        "stages": [_stage(stage) for stage in result.stages],
        "release": asdict(release) if release else None,
        "index": {"files": [asdict(file) for file in result.index]},
        "requests": [asdict(request) for request in result.requests],
    }


def _stage(stage: StageResult) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": stage.name, "outcome": stage.outcome, "seconds": round(stage.seconds, 3)}
    optional = {"python": stage.python, "message": stage.message}
    return shown | {key: value for key, value in optional.items() if value is not None}


_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)
_VARYING = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)*|\b\w+(?= dependencies\b)")
"""Text that differs between stages with one cause: versions, durations, addresses, folders, the locked libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A problem to fix: cause in the first line of ``text``, remedy in the last, program output between them.

    ``stages`` are the labels of the stages that report it, the first of which has ``first`` as its result. ``page`` is
    the help page, ``output`` the end of the output of the check that failed, and ``place`` the file and line.
    """

    first: StageResult
    stages: tuple[str, ...]
    text: str
    page: str | None = None
    output: str = ""
    place: str = ""


def tasks_of(failures: Iterable[StageResult]) -> tuple[Task, ...]:
    """Return the problems of failed stages in their order, each problem once for all Pythons and stages."""
    found: dict[str, Task] = {}
    for task in (task for stage in failures for task in _tasks(stage)):
        cause = task.text.partition("\n")[0] if task.page and not task.output else f"{task.text}\n{task.output}"
        key = _VARYING.sub("#", cause)
        known = found.get(key)
        found[key] = replace(known, stages=(*known.stages, *task.stages)) if known else task
    return tuple(found.values())


def _tasks(stage: StageResult) -> Iterator[Task]:
    message = stage.message or ""
    numbered = message.startswith("1. ")
    problems = [part.strip() for part in _NUMBER.split(message) if part.strip()] if numbered else [message]
    # A help page can only be assigned to its problem if every problem has one.
    pages = stage.help if len(stage.help) == len(problems) else (None,) * len(problems)
    errors = [item for item in stage.annotations if item.level == "error"]
    for text, page in zip(problems, pages, strict=True):
        output = next((item.text for item in errors if item.text != message and _is_about(item, text)), "")
        place = next((f"{item.file}:{item.line}" for item in errors if item.text == message and item.line), "")
        yield Task(first=stage, stages=(stage.label,), text=text, page=page, output=output, place=place)


def _is_about(annotation: Annotation, problem: str) -> bool:
    """Return True if the annotation has the output of the check in ``problem``, which has the same title."""
    title = annotation.title.replace("`", "")
    return bool(title) and not annotation.file and title in problem.replace("`", "")
