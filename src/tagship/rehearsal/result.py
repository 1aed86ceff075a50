"""What a rehearsal found, as values, and as the JSON object that ``result.json`` holds."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagship.rehearsal.workflow_commands import Annotation

Outcome = Literal["passed", "failed", "skipped"]
Place = Literal["github", "index"]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file by its name, its size in bytes and its digest, ``sha256:`` and 64 hexadecimal digits."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageResult:
    """How one stage ended.

    ``started`` and ``seconds`` are seconds, the first since the rehearsal began. ``message`` is the cause of a failure
    in the words of a real run, or why the stage was skipped; ``help`` has the address of a page for each problem in it.
    ``log`` is what the stage wrote, as a person sees it.
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
        """The stage's name, with the Python it ran on where it runs on several."""
        return f"{self.name} ({self.python})" if self.python else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseResult:
    """The release as the embedded GitHub holds it at the end."""

    tag: str
    name: str
    draft: bool
    prerelease: bool
    latest: bool
    body: str
    assets: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that was made of the embedded GitHub or the embedded index; no status where none was answered."""

    to: Place
    method: str
    path: str
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was rehearsed. ``remarks`` are sentences a person should read, such as what was left out."""

    project: str
    repository: str
    tag: str
    commit: str
    version: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A rehearsal, ended. ``dist`` and ``notes`` name what was built and extracted, where it came to that."""

    subject: Subject
    seconds: float
    stages: tuple[StageResult, ...]
    release: ReleaseResult | None
    index: tuple[File, ...]
    requests: tuple[Request, ...]
    dist: tuple[Path, ...] = ()

    @property
    def failures(self) -> tuple[StageResult, ...]:
        """The stages that failed."""
        return tuple(stage for stage in self.stages if stage.outcome == "failed")

    @property
    def passed(self) -> bool:
        """Whether every stage that ran passed."""
        return not self.failures


def file_at(path: Path) -> File:
    """Return the file at ``path``, measured."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(name=path.name, size=path.stat().st_size, digest=f"sha256:{digest}")


def as_json(result: Result) -> dict[str, Any]:
    """Return the object that ``result.json`` holds."""
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
