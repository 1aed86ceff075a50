"""The findings on the project files and the git history: version, build system, Python versions, tags."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from packaging.version import Version

from tagship.core.preflight.history import History, history_findings, twin_tag, untagged_findings
from tagship.core.preflight.project import no_project, project_findings
from tagship.core.project.facts import ProjectFacts, version_literal
from tagship.core.versions import parse_version, tagged_version, version_of
from tagship.doctor.finding import Edit, Finding, from_preflight, from_problem, replaced
from tagship.errors import Failure

_BACKENDS = (
    ("[tool.poetry", "poetry-core>=2", "poetry.core.masonry.api"),
    ("[tool.hatch", "hatchling", "hatchling.build"),
    ("[tool.pdm", "pdm-backend", "pdm.backend"),
    ("[tool.flit", "flit_core>=3.12,<4", "flit_core.buildapi"),
    ("", "setuptools>=77", "setuptools.build_meta"),
)
"""The backend of a project without ``[build-system]``: a table in its file, the requirement, the backend."""

_REQUIRES_PYTHON = re.compile(r"\s*['\"]?(?:requires-python|python_requires)\b")
_FALLBACK = re.compile(r"^\s*['\"]?fallback[-_]version\b|\bfallback_version\s*=", re.MULTILINE)


def on_project(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield the findings on the project files and their version."""
    yield from (from_problem(problem, "error") for problem in facts.problems)
    if not facts.files:
        yield from from_preflight([no_project(facts.folder)])
        return
    checks = project_findings(facts.declaration, facts.version if facts.tag else None)
    yield from (_placed(finding, facts) for finding in from_preflight(checks))
    if not facts.problems:
        yield from _build_system(facts)
        yield from _pythons(facts)
        yield from _version(facts)
        yield from _literals(facts)


def _uncommitted(path: str) -> Finding:
    return Finding(
        rule="not-committed",
        found=f"{path} has uncommitted changes, which were examined but are not part of a release.",
        remedy=f"Commit them before you tag: git add {path} && git commit",
        file=path,
    )


def on_history(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield the findings on the tag to release and the clone."""
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
        yield from (from_problem(problem, "error") for problem in failure.problems)
        return
    twin = twin_tag(facts.tag, version, history.tags, facts.prefix) if version else None
    yield from from_preflight([twin] if twin else [])


def _placed(finding: Finding, facts: ProjectFacts) -> Finding:
    """Add to ``finding`` the file that declares the value, and its line if known."""
    name = facts.declaration.file
    text = facts.files.get(name, "")
    line, fix = None, None
    if finding.rule == "wrong-requires-python":
        lines = enumerate(text.splitlines(), 1)
        line = next((number for number, content in lines if _REQUIRES_PYTHON.match(content)), None)
    elif finding.rule == "version-mismatch":
        line = facts.declaration.version_line
        if line and facts.version and facts.declaration.version:
            fix = replaced(tuple(text.splitlines()), line, facts.declaration.version, str(facts.version))
    return dataclasses.replace(finding, file=facts.path(name), line=line, fix=fix)


def _build_system(facts: ProjectFacts) -> Iterator[Finding]:
    text = facts.files.get("pyproject.toml", "")
    if re.search(r"^\s*\[\s*build-system\s*\]", text, re.MULTILINE):
        return
    _, requires, backend = next(row for row in _BACKENDS if row[0] in text)
    table = f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"'
    remedy = f"Add to pyproject.toml:\n{table}"
    first = next(iter(text.splitlines()), "")
    safe = text and not _imports_itself(facts)
    if _imports_itself(facts):
        remedy += "\nand to setup.py, above the import of its package, because this backend does not put the folder on "
        remedy += "sys.path:\nimport os, sys\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))"
    yield Finding(
        rule="no-build-system",
        found=f"{'No [build-system] in pyproject.toml' if text else 'No pyproject.toml'}: "
        "each build tool chooses its own backend and version.",
        remedy=remedy,
        file=facts.path("pyproject.toml") if text else "",
        fix=Edit(line=1, text=f"{table}\n\n{first}") if safe else None,
    )


def _imports_itself(facts: ProjectFacts) -> bool:
    """Return True if ``setup.py`` imports its package: only the legacy backend has the folder on ``sys.path``."""
    name = re.escape(re.sub(r"[-.]", "_", facts.declaration.name or ""))
    imports = rf"^\s*(?:import|from)\s+{name}\b"
    return bool(name) and bool(re.search(imports, facts.files.get("setup.py", ""), re.MULTILINE | re.IGNORECASE))


def _pythons(facts: ProjectFacts) -> Iterator[Finding]:
    computed = "python_requires" in facts.files.get("setup.py", "")
    if facts.declaration.requires_python or computed:
        return
    yield Finding(
        rule="no-requires-python",
        found="No requires-python, so pip installs the package on every Python version.",
        remedy='Add to [project] in pyproject.toml: requires-python = ">=3.11"',
        file=facts.path(facts.declaration.file),
    )


def _version(facts: ProjectFacts) -> Iterator[Finding]:
    if facts.history is None:
        return
    if facts.declaration.versioned_by_git:
        yield from _from_git(facts, facts.history)
    elif facts.written is not None and not facts.tag:
        yield from _behind(facts, facts.history, facts.written)


def _literals(facts: ProjectFacts) -> Iterator[Finding]:
    """Yield a finding for each module whose ``__version__`` is not the version in the project files."""
    for name, text in facts.modules.items():
        literal, line = version_literal(text) or ("", 0)
        if literal and facts.written is not None and parse_version(literal) != facts.written:
            yield Finding(
                rule="stale-version-literal",
                found=f"`__version__` is {literal}, but {facts.declaration.file} has version {facts.written}.",
                remedy=f'Set __version__ = "{facts.written}"',
                file=facts.path(name),
                line=line,
                fix=replaced(tuple(text.splitlines()), line, literal, str(facts.written)),
            )


def _from_git(facts: ProjectFacts, history: History) -> Iterator[Finding]:
    if history.shallow or facts.tag:
        return
    if not facts.released and history.tags:
        yield Finding(
            rule="tags-without-versions",
            found=f"The version comes from git, but none of the {len(history.tags)} tags, such as "
            f"{history.tags[-1]}, is a version with the prefix {facts.prefix!r}.",
            remedy="Set the tag prefix before the version: tagship doctor --tag-prefix PREFIX",
        )
    elif not facts.released and not any(map(_FALLBACK.search, facts.files.values())):
        yield Finding(
            rule="no-version-tag",
            found="The version comes from git, but no version tag and no fallback version exist: "
            "builds before the first tag get 0.1.dev or fail.",
            remedy=f"Tag the first release: git tag {facts.prefix}0.1.0",
        )


def _behind(facts: ProjectFacts, history: History, written: Version) -> Iterator[Finding]:
    """Yield a finding if the version ``written`` in the project files is released already."""
    tags = frozenset(history.merged)
    merged = {version: tag for version, tag in facts.released.items() if tag in tags}
    highest = max(merged, default=written)
    file = facts.path(facts.declaration.file)
    if highest > written:
        yield Finding(
            rule="version-behind-tag",
            level="error",
            found=f"{file} has version {written}, but the history contains the tag {merged[highest]}.",
            remedy=f"Raise the version above {highest}, or derive it from the tag with hatch-vcs or setuptools-scm.",
            file=file,
        )
