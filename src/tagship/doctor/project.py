"""What the project's own files say: a version that will be the tag's, a build system, its Pythons."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from tagship.core.preflight.history import history_findings, twin_tag, untagged_findings
from tagship.core.preflight.project import no_project, project_findings
from tagship.core.project.build_system import read_project
from tagship.core.versions import tagged_version, version_of
from tagship.doctor.finding import Finding, from_preflight, from_problem
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagship.doctor.facts import Facts

_BACKENDS = (
    ("[tool.poetry", "poetry-core>=2", "poetry.core.masonry.api"),
    ("[tool.hatch", "hatchling", "hatchling.build"),
    ("[tool.pdm", "pdm-backend", "pdm.backend"),
    ("[tool.flit", "flit_core>=3.12,<4", "flit_core.buildapi"),
    ("", "setuptools>=77", "setuptools.build_meta"),
)
"""Which backend a project without a build system means: a table it has, what to require, the backend."""

_PLACES = {
    "wrong-requires-python": re.compile(r"\s*['\"]?(?:requires-python|python_requires)\b"),
    "private-classifier": re.compile(r"[^#]*Private ::"),
}
"""Where in a project's file the cause of a finding stands, by its rule."""

_FALLBACK = re.compile(r"^\s*['\"]?fallback[-_]version\b|\bfallback_version\s*=", re.MULTILINE)


def on_project(facts: Facts) -> Iterator[Finding]:
    """Yield everything about the project files and the tags."""
    yield from (from_problem(problem, "blocker") for problem in facts.problems)
    if not facts.files:
        yield from from_preflight([no_project(facts.folder)])
        return
    looked = project_findings(facts.declaration, facts.version if facts.tag else None)
    yield from (_placed(finding, facts) for finding in from_preflight(looked))
    if not facts.problems:
        yield from _build_system(facts)
        yield from _pythons(facts)
        yield from _version(facts)


def _uncommitted(path: str) -> Finding:
    return Finding(
        rule="not-committed",
        level="warning",
        found=f"{path} has changes that are not committed, and was looked at with them.",
        remedy=f"Commit them before you tag, a release is made of what is committed: git add {path} && git commit",
        file=path,
    )


def on_history(facts: Facts) -> Iterator[Finding]:
    """Yield everything about the tag that is to be released and the clone it is looked for in."""
    history = facts.history
    if history is None:
        return
    if history.tagged:
        yield from from_preflight(history_findings(history, facts.tag, tagged_version(facts.tag, facts.prefix)))
    else:
        yield from from_preflight(untagged_findings(history))
    yield from (_uncommitted(path) for path in facts.uncommitted)
    try:
        version = version_of(facts.tag, facts.prefix) if facts.tag else None
    except Failure as failure:
        yield from (from_problem(problem, "blocker") for problem in failure.problems)
        return
    twin = twin_tag(facts.tag, version, history.tags, facts.prefix) if version else None
    yield from from_preflight([twin] if twin else [])


def _placed(finding: Finding, facts: Facts) -> Finding:
    """``finding`` with the file that was believed, and the line in it, if that can be told."""
    name = facts.declaration.file
    text = facts.files.get(name, "")
    line = None
    if finding.rule in _PLACES:
        lines = enumerate(text.splitlines(), 1)
        line = next((number for number, content in lines if _PLACES[finding.rule].match(content)), None)
    elif name == "pyproject.toml" and finding.rule == "version-mismatch":
        line = read_project(text).version_line
    return dataclasses.replace(finding, file=facts.path(name), line=line)


def _build_system(facts: Facts) -> Iterator[Finding]:
    text = facts.files.get("pyproject.toml", "")
    if re.search(r"^\s*\[\s*build-system\s*\]", text, re.MULTILINE):
        return
    _, requires, backend = next(row for row in _BACKENDS if row[0] in text)
    remedy = f'Write into pyproject.toml:\n[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"'
    if _imports_itself(facts):
        remedy += "\nand into setup.py, above the import from its own folder, which is not on the path by then:\n"
        remedy += "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))"
    yield Finding(
        rule="no-build-system",
        level="warning",
        found="pyproject.toml has no [build-system], so whoever builds the package decides how."
        if text
        else "There is no pyproject.toml, so whoever builds the package decides how.",
        remedy=remedy,
        file=facts.path("pyproject.toml") if text else "",
    )


def _imports_itself(facts: Facts) -> bool:
    """Return True if ``setup.py`` imports the package: only setuptools' legacy way has its folder on the path."""
    name = re.escape(re.sub(r"[-.]", "_", facts.declaration.name or ""))
    imports = rf"^\s*(?:import|from)\s+{name}\b"
    return bool(name) and bool(re.search(imports, facts.files.get("setup.py", ""), re.MULTILINE | re.IGNORECASE))


def _pythons(facts: Facts) -> Iterator[Finding]:
    computed = "python_requires" in facts.files.get("setup.py", "")
    if facts.declaration.requires_python or computed:
        return
    yield Finding(
        rule="no-requires-python",
        level="warning",
        found="Nothing says which Pythons the package supports, so pip installs it on any.",
        remedy='Write into [project] of pyproject.toml: requires-python = ">=3.11"',
        file=facts.path(facts.declaration.file),
    )


def _version(facts: Facts) -> Iterator[Finding]:
    if facts.history is None:
        return
    if facts.declaration.versioned_by_git:
        yield from _from_git(facts)
    elif facts.written is not None and not facts.tag:
        yield from _behind(facts)


def _from_git(facts: Facts) -> Iterator[Finding]:
    history = facts.history
    if history is None or history.shallow or facts.tag:
        return
    if not facts.released and history.tags:
        yield Finding(
            rule="tags-without-versions",
            level="warning",
            found=f"The version comes from git, but none of the {len(history.tags)} tags, such as "
            f"{history.tags[-1]}, is a version behind the prefix {facts.prefix!r}.",
            remedy="Name what stands before the version in a tag: tagship doctor --tag-prefix PREFIX",
        )
    elif not facts.released and not any(map(_FALLBACK.search, facts.files.values())):
        yield Finding(
            rule="no-version-tag",
            level="warning",
            found="The version comes from git, but no tag carries one and no fallback is set: "
            "what is built before the first tag is 0.1.dev or fails.",
            remedy=f"Tag the first release: git tag {facts.prefix}0.1.0",
        )


def _behind(facts: Facts) -> Iterator[Finding]:
    """Yield where the version that is written down has been released."""
    history, written = facts.history, facts.written
    if history is None or written is None or not facts.released:
        return
    merged = {version: tag for version, tag in facts.released.items() if tag in history.merged}
    highest = max(merged, default=written)
    file = facts.path(facts.declaration.file)
    if highest > written:
        yield Finding(
            rule="version-behind-tag",
            level="blocker",
            found=f"{file} says version {written}, but {merged[highest]} was tagged on the way here.",
            remedy=f"Raise the version above {highest}, or have the build take it from the tag (hatch-vcs, "
            "setuptools-scm).",
            file=file,
        )
    elif written in facts.released and facts.released[written] not in facts.here:
        yield Finding(
            rule="version-released",
            level="advice",
            found=f"{file} says version {written}, which {facts.released[written]} has released.",
            remedy="Raise it in the commit that the next tag goes on.",
            file=file,
        )
