"""By what the actions and workflows of others are named: a commit stays what it is, a tag or branch does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.workflows import pins
from tagship.core.workflows.jobs import is_trusted_with_something
from tagship.doctor.finding import Finding, Level
from tagship.errors import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.core.workflows.reading import Job, Text, Workflow

_COMMIT = re.compile(r"[0-9a-f]{40}")
_VERSION = re.compile(r"v?\d+\.\d+\.\d+\S*")
_REPOSITORY = re.compile(r"\w[\w.-]*/[\w.-]+(?=/|$)")
_TYPEABLE = re.compile(r"\w[\w./-]*")
_PINS = {line.partition("@")[0]: line for line in (pins.DOWNLOAD_ARTIFACT, pins.PYPI_PUBLISH)}
_ENDING = re.compile(r"(?:^|/)v?(\d+(?:\.\d+)*)$")


def on_references(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each name of something foreign that can come to mean something else, at its first line."""
    found: dict[str, tuple[Text, list[Job]]] = {}
    for job in workflow.jobs:
        for uses in (job.uses, *(step.uses for step in job.steps)):
            if _moves(uses.value):
                found.setdefault(uses.value, (uses, []))[1].append(job)
    for uses, jobs in found.values():
        yield _finding(workflow, uses, _level(uses.value, jobs))


def _moves(uses: str) -> bool:
    if uses.startswith("docker://"):
        return "@sha256:" not in uses
    _, _, reference = uses.partition("@")
    return bool(reference) and not uses.startswith(("./", "$/")) and not _COMMIT.fullmatch(reference)


def _level(uses: str, jobs: list[Job]) -> Level:
    # Whoever runs this command runs tagship's code already.
    ours = uses.startswith((f"{SOURCE}@", f"{SOURCE}/"))
    return "warning" if not ours and any(map(is_trusted_with_something, jobs)) else "advice"


def _finding(workflow: Workflow, uses: Text, level: Level) -> Finding:
    name, _, reference = uses.value.partition("@")
    fixed = uses.value.startswith("docker://") or _VERSION.fullmatch(reference)
    return Finding(
        rule="unpinned-action" if fixed else "moving-reference",
        level=level,
        found=f"{uses.value} names a tag, which can be moved."
        if fixed
        else f"{uses.value} follows whatever {reference} comes to be.",
        remedy=_remedy(uses.value, name, reference),
        file=workflow.path,
        line=uses.line,
    )


def _remedy(uses: str, name: str, reference: str) -> str:
    if uses.startswith("docker://"):
        return f"Name the image by its digest: uses: {uses}@sha256:..."
    if uses.startswith((f"{SOURCE}@", f"{SOURCE}/")):
        return f"Write the commit of {reference}: uses: {name}@COMMIT # {reference} (tagship init --pin COMMIT)"
    if name in _PINS and not _is_newer(reference, _PINS[name].rpartition(" ")[2]):
        return f"Write: uses: {_PINS[name]}"
    line = f"Write the commit: uses: {name}@COMMIT # {reference}"
    repository = _REPOSITORY.match(name)
    if repository is None or not _TYPEABLE.fullmatch(reference):
        return line
    asked = f"git ls-remote https://github.com/{repository[0]} {reference} '{reference}^{{}}'"
    return f"{line} ({asked} prints it, the last line counts)"


def _is_newer(reference: str, pinned: str) -> bool:
    """Return True if ``reference`` is a version above the one we would pin, which nobody should be told to go back
    to.
    """
    match = _ENDING.search(reference)
    return match is not None and Version(match[1]) > Version(pinned)
