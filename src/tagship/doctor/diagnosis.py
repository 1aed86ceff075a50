"""All findings on the facts of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.publishing import publishing_findings
from tagship.core.workflows.jobs import PUBLISH_ACTION, release_workflows
from tagship.core.workflows.reading import Unreadable, Workflow, read_workflow
from tagship.doctor.changelog import on_changelog
from tagship.doctor.finding import Finding, from_preflight, ordered, without_ignored
from tagship.doctor.gate import on_gate
from tagship.doctor.permissions import on_permissions
from tagship.doctor.project import on_history, on_project
from tagship.doctor.publishing import on_publishers, on_publishing
from tagship.doctor.steps import on_checkouts, on_references, on_scripts
from tagship.doctor.triggers import on_inputs, on_needs, on_triggers

if TYPE_CHECKING:
    from tagship.core.preflight.check import Check
    from tagship.core.project.facts import ProjectFacts


def diagnose(facts: ProjectFacts, checks: Iterable[Check] = ()) -> tuple[Finding, ...]:
    """Return all findings, the most severe first. Workflows without a part in a release are ignored.

    ``checks`` are further checks: of the metadata by the rules of the index, and those made online.
    """
    findings = ordered(
        [
            *on_project(facts),
            *on_history(facts),
            *on_changelog(facts),
            *on_gate(facts),
            *on_workflows(facts),
            *from_preflight(checks),
        ]
    )
    project = facts.path(facts.declaration.file or "pyproject.toml")
    return tuple(without_ignored(findings, _texts(facts), project=project))


def _texts(facts: ProjectFacts) -> dict[str, str]:
    changelog = {facts.changelog.path: facts.changelog.text} if isinstance(facts.changelog, ChangelogText) else {}
    return {**facts.workflows, **{facts.path(name): text for name, text in facts.files.items()}, **changelog}


def on_workflows(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield the findings on the workflows that publish or release."""
    read = [read_workflow(path, text) for path, text in sorted(facts.workflows.items())]
    yield from (_unreadable(file, facts.workflows[file.path]) for file in read if isinstance(file, Unreadable))
    yield from from_preflight(publishing_findings(facts.workflows, running=""))
    releasing = list(release_workflows({file.path: file for file in read if isinstance(file, Workflow)}))
    for workflow in releasing:
        found = [*on_publishing(workflow, facts), *on_permissions(workflow), *on_inputs(workflow)]
        found += on_needs(workflow)
        found += [*on_triggers(workflow), *on_references(workflow), *on_scripts(workflow)]
        by_git = facts.declaration.versioned_by_git
        found += on_checkouts(workflow, versioned_by_git=by_git, content=facts.content)
        yield from (replace(finding, file=workflow.path) for finding in found)
    yield from on_publishers(releasing, facts)


def _unreadable(file: Unreadable, text: str) -> Finding:
    return Finding(
        rule="unreadable-workflow",
        level="error" if PUBLISH_ACTION in text else "warning",
        found=f"Invalid workflow file: {file.reason}.",
        remedy="Fix the YAML syntax at that line.",
        file=file.path,
        line=file.line,
    )
