"""Runtimes for actions: everything is real except the runner, which records its calls."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TextIO

from tagship.core.runner import without_credentials
from tagship.edges.context import Context
from tagship.edges.processes import Processes
from tagship.edges.runner import Runner
from tagship.edges.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tagship.errors import Level

CONTEXT = Context(
    repository="octo/hello",
    ref_name="v1.2.0",
    ref_type="tag",
    sha="",
    event_name="push",
    default_branch="main",
    server_url="https://github.com",
    api_url="https://api.github.com",
    token="",
    workflow_ref="octo/hello/.github/workflows/release.yml@refs/tags/v1.2.0",
    run_url="https://github.com/octo/hello/actions/runs/1",
    action_repository="OWNER/tagship",
    action_ref="v1",
)


@dataclass(slots=True)
class RecordingRunner(Runner):
    """A runner that records its calls, in order, as text."""

    stream: TextIO = field(default_factory=io.StringIO)
    lines: list[str] = field(default_factory=list)
    annotations: list[tuple[Level, str, str]] = field(default_factory=list)
    places: list[tuple[str | None, int | None]] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)

    def log(self, text: str) -> None:
        self.lines.append(text)

    def untrusted(self, text: str) -> None:
        self.lines.append(text)

    @contextmanager
    def shielded(self) -> Iterator[Callable[[str], None]]:
        yield self.lines.append

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        self.lines.append(f"== {title}")
        yield

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        self.annotations.append((level, title, text))
        self.places.append((file, line))

    def mask(self, secret: str) -> None:
        self.masked.append(secret)

    def summarise(self, markdown: str) -> None:
        self.summaries.append(markdown)

    def finish(self, outputs: Mapping[str, str]) -> None:
        self.outputs.update(outputs)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def summary(self) -> str:
        return "\n".join(self.summaries)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A runtime and its recording runner."""

    runtime: Runtime
    runner: RecordingRunner


def recorded_world(
    workspace: Path, temporary: Path, *, environ: Mapping[str, str] | None = None, **context: Any
) -> Recorded:
    """Return a runtime whose checkout is ``workspace``; keywords replace fields of ``CONTEXT``."""
    runner = RecordingRunner()
    temporary.mkdir(parents=True, exist_ok=True)
    runtime = Runtime(
        runner=runner,
        context=replace(CONTEXT, **context),
        processes=Processes(environ=without_credentials({**os.environ, **(environ or {})})),
        workspace=workspace,
        temporary=temporary,
    )
    return Recorded(runtime, runner)
