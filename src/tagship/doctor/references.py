"""The findings on references to third-party actions and workflows that are not pinned to a commit SHA."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.workflows import pins
from tagship.core.workflows.calls import own_path
from tagship.core.workflows.jobs import is_privileged
from tagship.doctor.finding import Edit, Finding

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Text, Workflow
    from tagship.errors import Level

_COMMIT = re.compile(r"[0-9a-f]{40}")
_OWN_TAG = re.compile(r"v\d+(?:\.\d+)*")
_REPOSITORY = re.compile(r"\w[\w.-]*/[\w.-]+(?=/|$)")
_TYPEABLE = re.compile(r"\w[\w./-]*")
_PINS = {line.partition("@")[0]: line for line in (pins.DOWNLOAD_ARTIFACT, pins.PYPI_PUBLISH)}
_ENDING = re.compile(r"(?:^|/)v?(\d+(?:\.\d+)*)$")


def on_references(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each mutable ref."""
    for job in workflow.jobs:
        for uses in (job.uses, *(step.uses for step in job.steps)):
            if _is_mutable(uses.value):
                yield _finding(workflow, uses, "warning" if is_privileged(job) else "note")


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
    pin = _PINS.get(name, "")
    if pin and _is_newer(reference, pin.rpartition(" ")[2]):
        pin = ""
    written, line = f"uses: {uses.value}", workflow.lines[uses.line - 1].rstrip()
    return Finding(
        rule="mutable-ref",
        level=level,
        found=f"`@{reference}` in `{uses.value}` is a mutable ref." if reference else f"`{uses.value}` can be moved.",
        remedy=f"Pin it to a commit SHA: uses: {pin}" if pin else _remedy(uses.value, name, reference),
        line=uses.line,
        fix=Edit(line=uses.line, text=line.removesuffix(written) + f"uses: {pin}")
        if pin and line.endswith(written)
        else None,
    )


def _remedy(uses: str, name: str, reference: str) -> str:
    if uses.startswith("docker://"):
        return f"Pin the image to its digest: uses: {uses}@sha256:..."
    line = f"Pin it to a commit SHA: uses: {name}@COMMIT # {reference}"
    if own_path(uses) is not None:
        return f"{line} (tagship init --pin COMMIT)"
    repository = _REPOSITORY.match(name)
    if repository is None or not _TYPEABLE.fullmatch(reference):
        return line
    command = f"git ls-remote https://github.com/{repository[0]} {reference} '{reference}^{{}}'"
    return f"{line} (last line of: {command})"


def _is_newer(reference: str, pinned: str) -> bool:
    """Return True if ``reference`` is a higher version than our pin, so that the pin would be a downgrade."""
    match = _ENDING.search(reference)
    return match is not None and Version(match[1]) > Version(pinned)
