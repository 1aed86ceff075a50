"""The findings, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from tagship.doctor.finding import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagship.doctor.facts import Facts
    from tagship.doctor.finding import Finding

_MARKS = {"blocker": "❌", "warning": "⚠️", "advice": "💡"}
_PLURALS = {"blocker": "blockers", "warning": "warnings", "advice": "pieces of advice"}


def as_text(facts: Facts, findings: Sequence[Finding]) -> str:
    """The findings for a person to read: level and place, what was found, what to do."""
    parts = [
        f"{_MARKS[finding.level]} {finding.level}{_place(finding)}\n   {_indented(finding.found, 3)}\n"
        f"   → {_indented(finding.remedy, 5)}"
        for finding in findings
    ]
    return "\n\n".join([*parts, f"{_subject(facts)}: {_verdict(findings)}"])


def as_json(facts: Facts, findings: Sequence[Finding]) -> str:
    """The findings as a JSON object: name, version and tag that were looked at, and a list of findings."""
    value = {
        "name": facts.declaration.name,
        "version": str(facts.version) if facts.version else None,
        "tag": facts.tag or None,
        "findings": [{**asdict(finding), "file": finding.file or None} for finding in findings],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)


def _place(finding: Finding) -> str:
    return f" {finding.file}:{finding.line}" if finding.file and finding.line else f" {finding.file}".rstrip()


def _subject(facts: Facts) -> str:
    name = facts.declaration.name or "The project"
    return f"{name} {facts.version}" if facts.version else name


def _verdict(findings: Sequence[Finding]) -> str:
    counts = {level: sum(finding.level == level for finding in findings) for level in LEVELS}
    told = [f"{count} {level if count == 1 else _PLURALS[level]}" for level, count in counts.items() if count]
    return ", ".join(told) + "." if told else "nothing stands between it and a safe release."
