"""Worlds to run actions in: everything is real but the runner, which writes down what it is told."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tagship.core.environment import without_credentials
from tagship.edges.context import Context
from tagship.edges.processes import Processes
from tagship.edges.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tagship.edges.runner import Level

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
class RecordingRunner:
    """A runner that keeps what it is told, in order, as text."""

    lines: list[str] = field(default_factory=list)
    annotations: list[tuple[Level, str, str]] = field(default_factory=list)
    places: list[tuple[str | None, int | None]] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)

    def log(self, text: str) -> None:
        """Keep our own words."""
        self.lines.append(text)

    def untrusted(self, text: str) -> None:
        """Keep somebody else's words."""
        self.lines.append(text)

    @contextmanager
    def shielded(self) -> Iterator[Callable[[str], None]]:
        """Keep somebody else's lines."""
        yield self.lines.append

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Keep the title."""
        self.lines.append(f"== {title}")
        yield

    def annotate(
        self, level: Level, title: str, text: str, *, file: str | None = None, line: int | None = None
    ) -> None:
        """Keep the annotation and its place."""
        self.annotations.append((level, title, text))
        self.places.append((file, line))

    def mask(self, secret: str) -> None:
        """Keep the secret, to prove that it was masked."""
        self.masked.append(secret)

    def summarise(self, markdown: str) -> None:
        """Keep the summary."""
        self.summaries.append(markdown)

    def finish(self, outputs: Mapping[str, str]) -> None:
        """Keep the outputs."""
        self.outputs.update(outputs)

    @property
    def text(self) -> str:
        """Everything in the log."""
        return "\n".join(self.lines)

    @property
    def summary(self) -> str:
        """Everything in the summary."""
        return "\n".join(self.summaries)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A world and the runner that records what happens in it."""

    runtime: Runtime
    runner: RecordingRunner


def recorded_world(
    workspace: Path, temporary: Path, *, environ: Mapping[str, str] | None = None, **context: Any
) -> Recorded:
    """Return a world whose checkout is ``workspace``; keywords replace fields of ``CONTEXT``."""
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
