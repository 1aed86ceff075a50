"""All findings on the facts of a project, and their text for a terminal, as JSON and as SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tagship.core.changelog_text import ChangelogText
from tagship.core.preflight.publishing import publishing_findings
from tagship.core.workflows.jobs import PUBLISH_ACTION, release_workflows
from tagship.core.workflows.reading import Unreadable, Workflow, read_workflow
from tagship.doctor.changelog import on_changelog
from tagship.doctor.finding import LEVELS, Finding, from_preflight, grouped, ordered, without_ignored
from tagship.doctor.gate import on_gate
from tagship.doctor.permissions import on_permissions
from tagship.doctor.project import on_history, on_project
from tagship.doctor.publishing import on_publishers, on_publishing
from tagship.doctor.steps import on_checkouts, on_references, on_scripts
from tagship.doctor.triggers import on_inputs, on_needs, on_triggers
from tagship.errors import DOCS

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


_MARKS = {"error": "❌", "warning": "⚠️", "note": "💡"}


def as_text(facts: ProjectFacts, findings: Sequence[Finding]) -> str:
    """Format the findings for a terminal, one paragraph for each rule: level and rule, places, problems, remedies."""
    return "\n\n".join([*map(_paragraph, grouped(findings)), f"{_subject(facts)}: {_verdict(findings)}"])


def _paragraph(group: Sequence[Finding]) -> str:
    first, alike = group[0], len({finding.remedy for finding in group}) == 1
    places = f" ({len(group)} places)" if len(group) > 1 else ""
    lines = [f"{_MARKS[first.level]} {first.level} {first.rule}{places}"]
    for finding in group:
        lines.append(_indented(f"{finding.place}: {finding.found}" if finding.place else finding.found, 3))
        if not alike or finding is group[-1]:
            lines.append("   → " + _indented(finding.remedy, 5).lstrip())
    return "\n".join([*lines, f"   More: {first.help}"])


def as_json(facts: ProjectFacts, findings: Sequence[Finding]) -> str:
    """Format the findings as a JSON object with the name, version and tag of the project."""
    shown = ("rule", "level", "found", "remedy", "line", "help")
    value = {
        "name": facts.declaration.name,
        "version": str(facts.version) if facts.version else None,
        "tag": facts.tag or None,
        "findings": [
            {name: getattr(one, name) for name in shown} | {"file": one.file or None, "fix": one.fix is not None}
            for one in findings
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def as_sarif(facts: ProjectFacts, findings: Sequence[Finding]) -> str:
    """Format the findings as a SARIF 2.1.0 log, for GitHub code scanning. Each needs a file: by default the project's.

    https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
    """
    pages = {finding.rule: finding.help for finding in findings}
    driver = {
        "name": "tagship doctor",
        "informationUri": f"{DOCS}/doctor.md",
        "rules": [{"id": rule, "helpUri": address} for rule, address in pages.items()],
    }
    project = facts.path(facts.declaration.file or "pyproject.toml")
    run = {"tool": {"driver": driver}, "results": [_result(finding, project) for finding in findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _result(finding: Finding, project: str) -> dict[str, Any]:
    location = {
        "artifactLocation": {"uri": finding.file or project},
        "region": {"startLine": finding.line or 1},
    }
    return {
        "ruleId": finding.rule,
        "level": finding.level,
        "message": {"text": f"{finding.found}\n{finding.remedy}"},
        "locations": [{"physicalLocation": location}],
    }


def _indented(text: str, by: int) -> str:
    return " " * by + text.replace("\n", "\n" + " " * by)


def _subject(facts: ProjectFacts) -> str:
    name = facts.declaration.name or "The project"
    return f"{name} {facts.version}" if facts.version else name


def _verdict(findings: Sequence[Finding]) -> str:
    groups = [group[0].level for group in grouped(findings)]
    counts = {level: groups.count(level) for level in LEVELS}
    counted = [f"{count} {level}{'s'[: count > 1]}" for level, count in counts.items() if count]
    return ", ".join(counted) + "." if counted else "no problems found."
