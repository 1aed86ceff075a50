"""The project files, workflows and changelog of a checkout, read by one set of rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, get_args

from tagship.contract.parsers import prefix as prefix_parser
from tagship.core.gate.detection import CHECK_FILES, detect_checks
from tagship.core.preflight.changelog import OnMissing
from tagship.core.preflight.history import History, released_versions
from tagship.core.project.declaration import PROJECT_FILES, Declaration, read_declaration
from tagship.core.project.development import DEVELOPMENT_FILES, read_development
from tagship.core.project.facts import ProjectFacts, version_modules
from tagship.core.project.locks import LOCKS
from tagship.core.project.next_release import find_prefix
from tagship.core.project.tables import parsed, table
from tagship.core.runner import without_credentials
from tagship.edges.confinement import inside, read, texts
from tagship.edges.context import context_of_clone
from tagship.edges.git import Repository, read_history
from tagship.edges.processes import Processes
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.changelog_text import ChangelogText

_WORKFLOWS = ".github/workflows"
_TEST_FOLDERS = frozenset({"tests", "test"})
_TESTS = ("", "testing/", "*/tests/", "*/test/", "src/*/tests/", "src/*/test/")
"""Other folders that may contain tests."""
_RELEASE_BRANCH = re.compile(r"main|master|stable|releases?(?:[-/].*)?|v?\d+(?:\.\d+)*(?:[.-][xX])?")
"""The usual name of a branch that releases are made from."""
_WORKFLOW_LIMIT = 1 << 20
"""Maximum size in bytes of a workflow file."""
_LOCK_LIMIT = 64 << 20
_NEWEST = 5
"""The number of releases whose branches are release branches."""


def facts_of_checkout(
    workspace: Path, folder: str = ".", *, changelog: str = "none", version: str = "", heading_prefix: str = ""
) -> ProjectFacts:
    """Return what the files of the project in ``folder`` of the checkout ``workspace`` declare.

    ``changelog`` is a path, ``auto`` to find the one with the section for ``version`` (any if that is empty), or
    ``none``. Errors in files become problems.
    """
    project = inside(workspace, folder)
    files = texts(workspace, folder, PROJECT_FILES)
    declaration, problems = _declaration(files, folder)
    lock, root = _lock(workspace, folder)
    workflows = workflows_of(workspace)
    return ProjectFacts(
        folder=folder,
        files=files,
        declaration=declaration,
        modules=texts(workspace, folder, version_modules(declaration.name or "", _packages(project))),
        problems=problems,
        changelog=None
        if changelog in {"none", "tag"}
        else _changelog(workspace, folder, changelog, version, heading_prefix, declaration.name or ""),
        checks=detect_checks(
            texts(workspace, folder, CHECK_FILES),
            has_tests=_has_tests(project),
            workflows="\n".join(workflows.values()),
        ),
        development=read_development(
            texts(workspace, folder, ("pyproject.toml", "hatch.toml", "requirements.txt", *DEVELOPMENT_FILES)),
            declaration.extras,
            root,
        ),
        lock=lock,
        lock_text=read(inside(workspace, lock), limit=_LOCK_LIMIT).decode("utf-8", "replace") if lock else "",
        workflows=workflows,
    )


def facts_of_clone(
    project: Path,
    environ: Mapping[str, str],
    *,
    name: str = "",
    tag: str = "",
    prefix: str | None = None,
    changelog: str = "",
) -> ProjectFacts:
    """Return the facts of the folder ``project`` in a git clone, for a release of ``tag`` or of the next version.

    ``name`` overrides the declared name. The tag prefix and the changelog default to the inputs in the project's
    workflows that call tagship, then to those found in the tags and files. Raises Failure if the folder is not in a
    clone.
    """
    # ruamel.yaml is not a requirement of every action that reads facts.
    from tagship.core.workflows.calls import own_calls, own_inputs

    repository, root = clone_of(project, environ)
    folder = project.resolve().relative_to(root).as_posix()
    facts = facts_of_checkout(root, folder)
    if name:
        facts = replace(facts, declaration=replace(facts.declaration, name=name))
    inputs, calls = own_inputs(facts.workflows, folder), any(own_calls(facts.workflows, folder))
    context = context_of_clone(repository, environ)
    default = (context.default_branch,) if context.default_branch else ()
    history = read_history(repository, tag or None, ())
    if prefix is None and "tag-prefix" in inputs:
        prefix = prefix_parser.read(inputs["tag-prefix"])
    if prefix is None:
        prefix = find_prefix(history.tags if history else (), tag, name=facts.declaration.name or "", folder=folder)
    branches = tuple(inputs.get("branch", "").split()) or default
    if history and default and not calls:
        branches += _other_branches(repository, history, prefix, default[0], tag)
    if history and tag:
        history = read_history(repository, tag, branches)
    committed = history is not None and history.head is not None
    facts = replace(
        facts,
        history=history,
        release_branches=branches,
        default_branch=context.default_branch,
        here=repository.tags(at="HEAD") if committed else (),
        repository=context.repository,
        remote=repository.remote_url() or "",
        content=repository.content(),
        tag=tag,
        prefix=prefix,
        heading_prefix=inputs.get("heading-prefix", ""),
        on_missing=_policy(inputs),
        index_rules="none" if inputs.get("index-rules") == "none" else "pypi",
    )
    facts = replace(facts, changelog=_changelog_of(facts, root, changelog or inputs.get("changelog", "auto")))
    return replace(facts, uncommitted=_uncommitted(repository, root, _paths(facts)) if committed else ())


def _declaration(files: Mapping[str, str], folder: str) -> tuple[Declaration, tuple[Problem, ...]]:
    try:
        return read_declaration(files, folder=folder) or Declaration(), ()
    except Failure as failure:
        return Declaration(), failure.problems


def _policy(inputs: Mapping[str, str]) -> OnMissing:
    """Return the input on-missing; an unknown word, which the actions refuse, is the default."""
    given = inputs.get("on-missing", "")
    return next((word for word in get_args(OnMissing) if word == given), "error")


def _changelog_of(facts: ProjectFacts, root: Path, named: str) -> ChangelogText | Problem | None:
    """Return the changelog for the tag or the next version; for one that is not written yet, that of the last release.

    A project may have a file for each version.
    """
    if named in {"none", "tag"}:
        return None
    newest = max(facts.released, default=None)
    coming = facts.tag.removeprefix(facts.prefix) if facts.tag else facts.declaration.version if facts.version else ""
    versions = [coming or ""] if facts.tag or newest is None else [coming or "", str(newest)]
    found: list[ChangelogText | Problem] = []
    for version in versions:
        found.append(_changelog(root, facts.folder, named, version, facts.heading_prefix, facts.declaration.name or ""))
        if not isinstance(found[-1], Problem):
            return found[-1]
    return found[0]


def _other_branches(repository: Repository, history: History, prefix: str, default: str, tag: str) -> tuple[str, ...]:
    """Return the branches of the newest releases that are not on the ``default`` branch, as patterns for later ones.

    For ``tag`` itself, which may be on a wrong branch, only a branch with the usual name of a release branch counts.
    """
    released = released_versions(history.tags, prefix)
    newest = [released[version] for version in sorted(released, reverse=True)[:_NEWEST]]
    others = []
    for other in newest:
        names = repository.branches(containing=other)
        if names and default not in names:
            others += sorted((name for name in names if other != tag or _RELEASE_BRANCH.fullmatch(name)), key=len)[:1]
    return tuple(dict.fromkeys(re.sub(r"\d+", "[0-9]*", name) for name in others))


def clone_of(project: Path, environ: Mapping[str, str]) -> tuple[Repository, Path]:
    """Return the repository that contains the folder ``project``, and its top. Raises Failure if there is none."""
    repository = Repository(directory=project, processes=Processes(environ=without_credentials(environ)))
    top = repository.top() if project.is_dir() else None
    if top is None:
        raise Failure.of(
            found=f"{project} is not in a git checkout." if project.is_dir() else f"Folder {project} not found.",
            remedy="Run the command in a clone of the repository, or pass the project's folder in one. "
            "`git init` creates a repository.",
            topic="no-checkout",
        )
    return repository, Path(top).resolve()


def _packages(project: Path) -> list[str]:
    """Return the folders of the import packages in ``project`` and its folder ``src``, without those of tests."""
    found = [path.parent for pattern in ("*/__init__.py", "src/*/__init__.py") for path in project.glob(pattern)]
    return [path.relative_to(project).as_posix() for path in found if path.name not in _TEST_FOLDERS]


def _has_tests(project: Path) -> bool:
    folders = [project / name for name in _TEST_FOLDERS if not (project / name).is_symlink()]
    if any(path.is_file() and path.stat().st_size for folder in folders for path in folder.rglob("*test*.py")):
        return True
    others = (path for place in _TESTS for name in ("test_*.py", "*_test.py") for path in project.glob(place + name))
    return any(path.is_file() and path.resolve() == path and b"def test" in read(path) for path in others)


def _lock(workspace: Path, folder: str) -> tuple[str, str]:
    """Return the path of the lock file in ``folder`` or its uv workspace, and the pyproject.toml of that workspace.

    Both are empty if there is none. A uv.lock in a folder without ``[project]`` is not of this project: uv does not
    read anything else.
    """
    paths, root = [PurePosixPath(folder, name) for name in LOCKS], ""
    for place in (PurePosixPath(folder), *PurePosixPath(folder).parents):
        text = texts(workspace, str(place), ["pyproject.toml"]).get("pyproject.toml", "")
        pyproject, lock = parsed(text), place / "uv.lock"
        if table(pyproject, "tool", "uv", "workspace"):
            paths.append(lock)
            root = root or (text if place != PurePosixPath(folder) else "")
        elif lock in paths and "project" not in pyproject:
            paths.remove(lock)
    return next((str(path) for path in paths if (workspace / path).is_file()), ""), root


def workflows_of(workspace: Path) -> dict[str, str]:
    """Return the text of the workflow files in ``workspace`` by path."""
    names = sorted(path.name for path in (workspace / _WORKFLOWS).glob("*.y*ml") if path.suffix in (".yml", ".yaml"))
    found = texts(workspace, _WORKFLOWS, names, limit=_WORKFLOW_LIMIT)
    return {f"{_WORKFLOWS}/{name}": text for name, text in found.items()}


def _changelog(workspace: Path, *query: str) -> ChangelogText | Problem:
    # The Markdown parser is not a requirement of every action that reads facts.
    from tagship.core.project.changelog_search import ChangelogQuery, find_changelog
    from tagship.edges.changelogs import CheckoutFiles

    folder, named, version, heading_prefix, project = query
    try:
        return find_changelog(
            CheckoutFiles(workspace=workspace),
            ChangelogQuery(named=named, version=version, inside=folder, heading_prefix=heading_prefix, project=project),
        )
    except Failure as failure:
        return failure.problems[0]


def _paths(facts: ProjectFacts) -> list[str]:
    """Return the paths of the files that a release depends on, relative to the top of the checkout."""
    changelog = facts.changelog
    paths = [changelog.path] if changelog and not isinstance(changelog, Problem) else []
    return [*map(facts.path, facts.files), *paths]


def _uncommitted(repository: Repository, root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    changed, known = repository.changed_files(), replace(repository, directory=root).files()
    return tuple(path for path in paths if path in changed or path not in known)
