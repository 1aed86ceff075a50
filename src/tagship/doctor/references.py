"""The findings on references to third-party actions and workflows that are not pinned to a commit SHA."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.workflows import pins
from tagship.core.workflows.jobs import is_privileged
from tagship.core.workflows.references import own_path
from tagship.doctor.finding import Finding
from tagship.doctor.fixes import replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.workflows.reading import Text, Workflow
    from tagship.doctor.finding import Edit, Level

_COMMIT = re.compile(r"[0-9a-f]{40}")
_OWN_TAG = re.compile(r"v\d+(?:\.\d+)*")
_VERSION = re.compile(r"v?\d+\.\d+\.\d+\S*")
_REPOSITORY = re.compile(r"\w[\w.-]*/[\w.-]+(?=/|$)")
_TYPEABLE = re.compile(r"\w[\w./-]*")
_PINS = {line.partition("@")[0]: line for line in (pins.DOWNLOAD_ARTIFACT, pins.PYPI_PUBLISH)}
_ENDING = re.compile(r"(?:^|/)v?(\d+(?:\.\d+)*)$")


def on_references(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each mutable ref."""
    for job in workflow.jobs:
        for uses in (job.uses, *(step.uses for step in job.steps)):
            if _is_mutable(uses.value):
                yield _finding(workflow, uses, "warning" if is_privileged(job) else "advice")


def _is_mutable(uses: str) -> bool:
    if uses.startswith("docker://"):
        return "@sha256:" not in uses
    _, _, reference = uses.partition("@")
    if own_path(uses) is not None and _OWN_TAG.fullmatch(reference):
        # The user of this command already trusts the code of tagship.
        return False
    return bool(reference) and not uses.startswith(("./", "$/")) and not _COMMIT.fullmatch(reference)


def _finding(workflow: Workflow, uses: Text, level: Level) -> Finding:
    name, _, reference = uses.value.partition("@")
    fixed = uses.value.startswith("docker://") or _VERSION.fullmatch(reference)
    return Finding(
        rule="unpinned-action" if fixed else "mutable-ref",
        level=level,
        found=f"`{uses.value}` uses a tag, which can be moved."
        if fixed
        else f"`@{reference}` in `{uses.value}` is a mutable ref.",
        remedy=_remedy(uses.value, name, reference),
        line=uses.line,
        fix=_fix(workflow, uses, name, reference),
    )


def _fix(workflow: Workflow, uses: Text, name: str, reference: str) -> Edit | None:
    """Return the edit that pins to a known commit SHA, or None if none is known."""
    if name not in _PINS or _is_newer(reference, _PINS[name].rpartition(" ")[2]):
        return None
    written = f"uses: {uses.value}"
    line = workflow.lines[uses.line - 1].rstrip()
    return (
        replaced((*workflow.lines[: uses.line - 1], line), uses.line, written, f"uses: {_PINS[name]}")
        if (line.endswith(written))
        else None
    )


def _remedy(uses: str, name: str, reference: str) -> str:
    if uses.startswith("docker://"):
        return f"Pin the image to its digest: uses: {uses}@sha256:..."
    line = f"Pin it to a commit SHA: uses: {name}@COMMIT # {reference}"
    if own_path(uses) is not None:
        return f"{line} (tagship init --pin COMMIT)"
    if name in _PINS and not _is_newer(reference, _PINS[name].rpartition(" ")[2]):
        return f"Pin it to a commit SHA: uses: {_PINS[name]}"
    repository = _REPOSITORY.match(name)
    if repository is None or not _TYPEABLE.fullmatch(reference):
        return line
    command = f"git ls-remote https://github.com/{repository[0]} {reference} '{reference}^{{}}'"
    return f"{line} (last line of: {command})"


def _is_newer(reference: str, pinned: str) -> bool:
    """Return True if ``reference`` is a higher version than our pin, so that the pin would be a downgrade."""
    match = _ENDING.search(reference)
    return match is not None and Version(match[1]) > Version(pinned)
