"""The findings on the checks, the Python versions and the wheel of the release, as the project's workflow sets them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tagship.core.gate.detection import no_checks
from tagship.core.preflight.project import chosen_pythons
from tagship.core.project.content import unset_options
from tagship.core.project.locks import read_lock
from tagship.core.project.python_versions import admits
from tagship.core.workflows.calls import Call, own_calls
from tagship.doctor.finding import Finding, from_preflight, from_problem
from tagship.errors import Problem

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts

_PIPELINES = (".github/workflows/python-build.yml", ".github/workflows/python-release.yml")
_GATES = (*_PIPELINES, "", "actions/quality-gate")
_CHECKS = ("check", "command", "needs")


def on_gate(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield the problems that the quality gate, the build or the verification will have with the project's inputs.

    A project whose workflows do not call tagship is examined for the defaults.
    """
    calls = list(own_calls(facts.workflows, facts.folder))
    if not facts.files or facts.problems:
        return
    gates = [call for call in calls if call.path in _GATES]
    if facts.checks is None and (not calls or any(not _has_checks(call) for call in gates)):
        yield from_problem(no_checks(), "error")
    yield from _lock(facts)
    for call in gates:
        if call.path in _PIPELINES:
            yield from (dataclasses.replace(one, file=call.file, line=call.line) for one in _pythons(facts, call))
            for _, problem in unset_options(facts.content, call.given):
                yield dataclasses.replace(from_problem(problem, "error"), file=call.file, line=call.line)
            yield from _wheel(facts, call)


def _lock(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield a warning if the lock file does not fit the project files."""
    development = facts.development
    lines = (*development.lines(*development.selected(())), *development.runtime)
    if facts.lock:
        lock = read_lock(facts.lock, facts.lock_text, lines, facts.files.get("pyproject.toml", ""))
        yield from (from_problem(problem, "warning") for problem in [lock.problem] if problem)


def _has_checks(call: Call) -> bool:
    return any(call.given.get(name, "").strip() for name in _CHECKS)


def _pythons(facts: ProjectFacts, call: Call) -> Iterator[Finding]:
    required = facts.declaration.requires_python
    words = call.given.get("python-versions", "auto")
    build = call.given.get("build-python", "")
    if "${{" not in words:
        yield from from_preflight(chosen_pythons(words, facts.declaration)[1])
    if build and "${{" not in build and not admits(required, build):
        found = f"The package requires Python {required}, but it is built with Python {build}."
        remedy = "Remove build-python: by default the workflow chooses a Python that the package supports."
        yield from_problem(Problem(found=found, remedy=remedy, topic="requires-python"), "error")


def _wheel(facts: ProjectFacts, call: Call) -> Iterator[Finding]:
    if facts.is_compiled and call.given.get("wheels") == "pure":
        yield Finding(
            rule="compiled-wheel",
            found="The project contains compiled code, so its wheel may get the platform tag linux_x86_64, which PyPI "
            "refuses.",
            remedy="Remove wheels: pure, so that cibuildwheel builds the wheels of each platform. To publish the sdist "
            "only, set wheels: none.",
            file=call.file,
            line=call.line,
        )
