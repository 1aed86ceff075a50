"""Workflows from their text, and findings as tuples to compare."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from tagship.core.workflows.reading import Workflow, read_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagship.doctor.finding import Finding

PATH = ".github/workflows/release.yml"


def workflow(text: str, path: str = PATH) -> Workflow:
    """Return the workflow that ``text``, indented as it may be, describes."""
    read = read_workflow(path, dedent(text))
    assert isinstance(read, Workflow), read
    return read


def told(findings: Iterable[Finding]) -> list[tuple[str, str, int | None]]:
    """Rule, level and line of each finding."""
    return [(finding.rule, finding.level, finding.line) for finding in findings]
