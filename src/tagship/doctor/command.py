"""The command ``tagship doctor``: examine a project and report what prevents a safe release."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.index_page import without_account
from tagship.core.preflight.published import index_finding
from tagship.doctor.diagnosis import diagnose
from tagship.doctor.finding import LEVELS
from tagship.edges.package_index import PackageIndex
from tagship.edges.project_files import facts_of_clone
from tagship.edges.project_search import find_project
from tagship.edges.runner import TerminalRunner
from tagship.errors import Failure

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from tagship.core.preflight.check import Check
    from tagship.core.project.facts import ProjectFacts
    from tagship.doctor.finding import Finding

SUMMARY = "Examine a project and its workflows, and report what prevents a safe release."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    add = parser.add_argument
    parser.epilog = "Exit status: 0 no blocker; 1 a blocker, or not a git clone; 2 invalid arguments."
    add("path", nargs="?", default=".", help="folder of the project in a git clone (default: .)")
    add("--tag", default="", help="tag to release, existing or not, for example v1.2.0")
    add("--tag-prefix", help="tag prefix before the version, for example v or pkg-v (default: that of the newest tag)")
    add("--changelog", default="", metavar="FILE|none", help="path of the changelog (default: its usual names)")
    add("--online", action="store_true", help="also check that the index does not have the version yet")
    add("--index-url", default="https://pypi.org/simple/", metavar="URL", help="index to check (default: PyPI)")
    add("--json", action="store_true", help="print the findings as a JSON object")


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the findings. Return 1 if one of them is a blocker or the path is not in a clone, else 0."""
    try:
        facts = facts_of_clone(
            find_project(Path(arguments.path).absolute()),
            environ,
            tag=arguments.tag,
            prefix=arguments.tag_prefix,
            changelog=arguments.changelog,
        )
    except Failure as failure:
        TerminalRunner(stream=sys.stderr).fail(failure.problems)
        return failure.status
    findings = diagnose(facts, _ask_index(facts, arguments.index_url) if arguments.online else ())
    if arguments.json:
        print(as_json(facts, findings))
    else:
        TerminalRunner(stream=sys.stdout).untrusted(as_text(facts, findings))
    return 1 if any(finding.level == "blocker" for finding in findings) else 0


def _ask_index(facts: ProjectFacts, url: str) -> tuple[Check, ...]:
    """Check that the index at ``url`` does not have the next version, if name and version are known."""
    name, version = facts.declaration.name, facts.version
    if not name or version is None:
        return ()
    answer = PackageIndex(url=url, log=lambda _: None).answer(name)
    return (index_finding(answer, name=name, version=version, index=without_account(url), on_published="fail"),)


_MARKS = {"blocker": "❌", "warning": "⚠️", "advice": "💡"}
_PLURALS = {"blocker": "blockers", "warning": "warnings", "advice": "pieces of advice"}


def as_text(facts: ProjectFacts, findings: Sequence[Finding]) -> str:
    """Format the findings for a terminal: level and place, problem, remedy."""
    parts = [
        f"{_MARKS[finding.level]} {finding.level}{_place(finding)}\n   {_indented(finding.found, 3)}\n"
        f"   → {_indented(finding.remedy, 5)}"
        for finding in findings
    ]
    return "\n\n".join([*parts, f"{_subject(facts)}: {_verdict(findings)}"])


def as_json(facts: ProjectFacts, findings: Sequence[Finding]) -> str:
    """Format the findings as a JSON object with the name, version and tag of the project."""
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


def _subject(facts: ProjectFacts) -> str:
    name = facts.declaration.name or "The project"
    return f"{name} {facts.version}" if facts.version else name


def _verdict(findings: Sequence[Finding]) -> str:
    counts = {level: sum(finding.level == level for finding in findings) for level in LEVELS}
    counted = [f"{count} {level if count == 1 else _PLURALS[level]}" for level, count in counts.items() if count]
    return ", ".join(counted) + "." if counted else "no problems found."
