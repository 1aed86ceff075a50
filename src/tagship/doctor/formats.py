"""Findings as text for a terminal, as JSON and as SARIF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tagship.doctor.finding import LEVELS, Finding, grouped
from tagship.errors import DOCS

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts

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
