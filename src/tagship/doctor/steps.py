"""The findings on checkouts, scripts and references to actions in a workflow's steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from tagship.core.project.content import Content, unset_options
from tagship.core.workflows import pins
from tagship.core.workflows.calls import own_path
from tagship.core.workflows.jobs import builds, is_privileged, uses_tagship
from tagship.doctor.finding import Edit, Finding, from_problem, with_option
from tagship.errors import Level

if TYPE_CHECKING:
    from tagship.core.workflows.reading import Job, Step, Text, Workflow

_CHECKOUT = "actions/checkout@"
_PUSHERS = re.compile(
    r"auto-commit|add-and-commit|create-pull-request|push-action|semantic-release|gh-pages", re.IGNORECASE
)
"""Actions that push with the persisted credentials of the checkout."""
_VERSION_GIVEN = re.compile(
    r"_PRETEND_VERSION|\bPBR_VERSION|\bPDM_BUILD_SCM_VERSION|_VERSIONING_BYPASS|git fetch\b.* --(?:unshallow|tags)"
)
"""A line that sets the version of the build, or fetches what it is derived from."""
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_HARMLESS = re.compile(
    r"\s*(?:matrix\.[\w.-]+|runner\.\w+|strategy\.[\w-]+|job\.status"
    r"|github\.(?:workspace|sha|run_id|run_number|run_attempt|repository|repository_owner|job|action_path)"
    r"|[\w.-]+ *[!=]= *'[^']*'|'[^']*'|[-\d.]+|true|false|null|hashFiles\([^()]*\))\s*"
)
"""Literals, comparisons, and values that only the workflow's author or GitHub controls."""


def on_checkouts(workflow: Workflow, *, versioned_by_git: bool, content: Content) -> Iterator[Finding]:
    """Yield persisted credentials; in a job that builds, clones without history or without ``content`` of packages."""
    for job in workflow.jobs:
        for step in job.steps:
            if step.uses.value.startswith(_CHECKOUT):
                yield from _token(workflow, job, step)
                if versioned_by_git and builds(job):
                    yield from _depth(workflow, job, step)
                for option, problem in unset_options(content, step.given) if builds(job) else ():
                    fix = with_option(workflow, step, option, "true")
                    yield replace(from_problem(problem, "error"), line=step.uses.line, fix=fix)


def _token(workflow: Workflow, job: Job, step: Step) -> Iterator[Finding]:
    kept = step.given.get("persist-credentials")
    pushes = any("git push" in other.run.value or _PUSHERS.search(other.uses.value) for other in job.steps)
    if pushes or (kept and kept.value.lower() == "false"):
        return
    yield Finding(
        rule="persisted-token",
        level="warning" if is_privileged(job) else "note",
        found=f"`actions/checkout` persists credentials in job {job.name}.",
        remedy="Set `persist-credentials: false` in its `with:`.",
        line=step.uses.line,
        fix=with_option(workflow, step, "persist-credentials", "false"),
    )


def _depth(workflow: Workflow, job: Job, step: Step) -> Iterator[Finding]:
    depth = step.given.get("fetch-depth")
    if depth and depth.value == "0":
        return
    if not uses_tagship(job) and (_starts_on_tags(workflow) or any(map(_VERSION_GIVEN.search, workflow.lines))):
        return
    yield Finding(
        rule="shallow-checkout",
        level="error",
        found=f"Job {job.name} derives the version from git in a shallow clone, without history and tags.",
        remedy="Set `fetch-depth: 0` in the `with:` of actions/checkout.",
        line=depth.line if depth else step.uses.line,
        fix=with_option(workflow, step, "fetch-depth", "0"),
    )


def _starts_on_tags(workflow: Workflow) -> bool:
    """Return True if a tag may trigger the workflow: even a shallow clone contains the tag that is checked out."""
    push = workflow.triggers.get("push")
    tags = push is not None and ("tags" in push.filters or "branches" not in push.filters)
    return tags or "release" in workflow.triggers or "workflow_call" in workflow.triggers


def on_scripts(workflow: Workflow) -> Iterator[Finding]:
    """Yield the expressions in scripts, which allow script injection."""
    for job in workflow.jobs:
        for step in job.steps:
            texts = dict.fromkeys(match[1].strip() for match in _EXPRESSION.finditer(step.run.value))
            yield from (_expression(workflow, step, text) for text in texts if not _is_harmless(text))


def _is_harmless(text: str) -> bool:
    """Return True if each value that the expression can have is harmless: ``a && b || c`` is ``b`` or ``c``."""
    values = [choice.split("&&")[-1] for choice in text.split("||")]
    return all(_HARMLESS.fullmatch(value) for value in values)


def _expression(workflow: Workflow, step: Step, text: str) -> Finding:
    variable = re.sub(r"\W+", "_", text.rpartition(".")[2]).strip("_").upper() or "VALUE"
    return Finding(
        rule="expression-in-script",
        found=f"Script injection: the script contains the value of ${{{{ {' '.join(text.split())} }}}} as code.",
        remedy=f'Pass it as a variable, env: {{{variable}: "${{{{ {" ".join(text.split())} }}}}"}}, '
        f'and use "${variable}" in the script.',
        line=_line_of(workflow, step.run.line, text),
    )


def _line_of(workflow: Workflow, start: int, text: str) -> int:
    """Return the first line, from ``start`` on, that contains the first line of ``text``."""
    first = text.splitlines()[0] if text else "${{"
    lines = enumerate(workflow.lines[start - 1 :], start)
    return next((number for number, line in lines if first in line), start)


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
