"""The command ``tagship doctor``: examine a project and report what prevents a safe release."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagship import contract as c
from tagship.contract.parsers import as_flag
from tagship.core.index_page import without_account
from tagship.core.preflight.published import index_finding
from tagship.doctor.changelog import on_releases
from tagship.doctor.diagnosis import as_json, as_sarif, as_text, diagnose
from tagship.doctor.finding import Finding, apply, ordered
from tagship.edges.index_rules import declared_findings
from tagship.edges.package_index import PackageIndex
from tagship.edges.project_files import clone_of, facts_of_clone
from tagship.edges.project_search import find_project
from tagship.edges.runner import ActionsRunner, Runner

if TYPE_CHECKING:
    import argparse

    from tagship.core.preflight.check import Check
    from tagship.core.project.facts import ProjectFacts

SUMMARY = "Examine a project and its workflows, and report what prevents a safe release."
_PASSES = 20
_FORMATS = ("text", "json", "sarif", "github")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    add = parser.add_argument
    parser.epilog = "Exit status: 0 no error; 1 an error, or not a git clone; 2 invalid arguments."
    add("path", nargs="?", default=".", help="folder of the project in a git clone (default: .)")
    add(
        "--tag", type=as_flag(c.optional(c.tag)), default="", help="tag to release, existing or not, for example v1.2.0"
    )
    add(
        "--tag-prefix",
        type=as_flag(c.prefix),
        help="tag prefix before the version, for example v or pkg-v; none: no prefix (default: that of the newest tag)",
    )
    add(
        "--changelog", default="", metavar="FILE|none", help="path of the changelog (default: the one with the version)"
    )
    add(
        "--history",
        type=as_flag(c.number()),
        default=0,
        metavar="N",
        help="also check the changelog at the last N release tags",
    )
    add("--online", action="store_true", help="also check that the index does not have the version yet")
    add("--index-url", default="https://pypi.org/simple/", metavar="URL", help="index to check (default: PyPI)")
    add("--format", choices=_FORMATS, default="text", metavar="|".join(_FORMATS), help="output format (default: text)")
    add("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    add("--fix", action="store_true", help="fix the findings that have a safe fix, and report the rest")


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the findings. Return 1 if one of them is an error, else 0. Raises Failure if the path is not in a clone."""
    facts, findings = _examine(arguments, environ)
    if arguments.fix:
        facts, findings = _fix(arguments, environ, findings)
    _report(arguments.format, facts, findings)
    return 1 if any(finding.level == "error" for finding in findings) else 0


def _examine(arguments: argparse.Namespace, environ: Mapping[str, str]) -> tuple[ProjectFacts, tuple[Finding, ...]]:
    facts = facts_of_clone(
        find_project(Path(arguments.path).absolute()),
        environ,
        tag=arguments.tag,
        prefix=arguments.tag_prefix,
        changelog=arguments.changelog,
    )
    readable, online = facts.files and not facts.problems, arguments.online
    checks = declared_findings(facts, facts.index_rules, is_online=online) if readable else []
    checks += _ask_index(facts, arguments.index_url) if arguments.online else ()
    findings = diagnose(facts, checks)
    if arguments.history and arguments.changelog not in {"none", "tag"}:
        repository, _ = clone_of(Path(arguments.path).absolute(), environ)
        past = on_releases(facts, repository, arguments.history, arguments.changelog or "auto")
        findings = ordered([*findings, *past])
    return facts, findings


def _fix(
    arguments: argparse.Namespace, environ: Mapping[str, str], findings: Sequence[Finding]
) -> tuple[ProjectFacts, tuple[Finding, ...]]:
    """Fix findings until none of the rest can be fixed, list the fixed places, and return the rest."""
    _, root = clone_of(Path(arguments.path).resolve(), environ)
    log = Runner(stream=sys.stderr)
    # Two findings may concern one line. A fix without an effect must not repeat forever.
    for _ in range(_PASSES):
        fixed = apply(root, findings)
        for finding in fixed:
            log.untrusted(f"Fixed {finding.rule}: {finding.place}")
        if not fixed:
            break
        _, findings = _examine(arguments, environ)
    return _examine(arguments, environ)


def _report(form: str, facts: ProjectFacts, findings: Sequence[Finding]) -> None:
    runner = Runner(stream=sys.stdout)
    if form == "github":
        annotations = ActionsRunner(stream=sys.stdout, output=Path(os.devnull), summary=None)
        for finding in findings:
            text = f"{finding.found}\n{finding.remedy}"
            annotations.annotate(finding.level, finding.rule, text, file=finding.file or None, line=finding.line)
    elif form == "text":
        runner.untrusted(as_text(facts, findings))
    else:
        print(as_json(facts, findings) if form == "json" else as_sarif(facts, findings))


def _ask_index(facts: ProjectFacts, url: str) -> tuple[Check, ...]:
    """Check that the index at ``url`` does not have the next version, if name and version are known."""
    name, version = facts.declaration.name, facts.version
    if not name or version is None:
        return ()
    answer = PackageIndex(url=url, log=lambda _: None).answer(name)
    return (index_finding(answer, name=name, version=version, index=without_account(url), on_published="fail"),)
