"""The command ``tagship doctor``: look at a project, and tell what stands between it and a safe release."""

from __future__ import annotations

import dataclasses
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.doctor.diagnosis import diagnose
from tagship.doctor.finding import LEVELS
from tagship.doctor.gathering import ask_index, gather
from tagship.edges.runner import TerminalRunner
from tagship.errors import Failure

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from tagship.doctor.facts import Facts
    from tagship.doctor.finding import Finding

SUMMARY = "Look at a project and its workflows, and say what stands between it and a safe release."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    add = parser.add_argument
    parser.epilog = "Exit status: 0 no blocker; 1 a blocker, or nothing to look at; 2 a command line that is wrong."
    add("path", nargs="?", default=".", help="the project's folder, in a clone of its repository")
    add("--tag", default="", help="the tag to be released, whether it exists yet or not")
    add("--tag-prefix", help="what stands before the version in a tag (default: v; for a package in a folder, NAME-v)")
    add("--changelog", default="", metavar="FILE|none", help="the changelog (default: found by its usual names)")
    add("--online", action="store_true", help="also ask the index whether it has the version already")
    add("--index-url", default="https://pypi.org/simple/", metavar="URL", help="the index to ask (default: PyPI)")
    add("--json", action="store_true", help="print the findings as one JSON object")


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the findings. 0 where no blocker is among them; 1 where one is, or where there is no clone."""
    try:
        facts = gather(
            Path(arguments.path).absolute(),
            tag=arguments.tag,
            prefix=arguments.tag_prefix,
            changelog=arguments.changelog,
            environ=environ,
        )
    except Failure as failure:
        TerminalRunner(stream=sys.stderr).fail(failure.problems)
        return 1
    if arguments.online:
        facts = dataclasses.replace(facts, answers=ask_index(facts, arguments.index_url))
    findings = diagnose(facts)
    if arguments.json:
        print(as_json(facts, findings))
    else:
        TerminalRunner(stream=sys.stdout).untrusted(as_text(facts, findings))
    return 1 if any(finding.level == "blocker" for finding in findings) else 0


_MARKS = {"blocker": "❌", "warning": "⚠️", "advice": "💡"}
_PLURALS = {"blocker": "blockers", "warning": "warnings", "advice": "pieces of advice"}


def as_text(facts: Facts, findings: Sequence[Finding]) -> str:
    """Return the findings for a person to read: level and place, what was found, what to do."""
    parts = [
        f"{_MARKS[finding.level]} {finding.level}{_place(finding)}\n   {_indented(finding.found, 3)}\n"
        f"   → {_indented(finding.remedy, 5)}"
        for finding in findings
    ]
    return "\n\n".join([*parts, f"{_subject(facts)}: {_verdict(findings)}"])


def as_json(facts: Facts, findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON object: name, version and tag that were looked at, and a list of findings."""
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
