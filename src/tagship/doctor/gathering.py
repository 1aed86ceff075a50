"""The facts of a project, gathered from its clone, and from the network where that is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tagship.contract.parsers import prefix as prefix_parser
from tagship.core.environment import without_credentials
from tagship.core.index_page import without_account
from tagship.core.preflight.published import index_finding
from tagship.core.project.declaration import PROJECT_FILES, Declaration, read_declaration
from tagship.core.workflows.own_inputs import settings
from tagship.doctor.facts import Facts
from tagship.edges.changelogs import Changelogs
from tagship.edges.context import context_of_clone
from tagship.edges.git import Repository, read_history
from tagship.edges.package_index import PackageIndex
from tagship.edges.processes import Processes
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.core.preflight.finding import Finding as Looked

_WORKFLOWS = ".github/workflows"


def gather(project: Path, *, tag: str, prefix: str | None, changelog: str, environ: Mapping[str, str]) -> Facts:
    """Return the facts of the folder ``project``.

    What is not given is what its workflows tell ours: the prefix of its tags, else that of ``tagship init`` or of the
    tags there are, and its changelog, else one under its usual names, or none for ``none``.

    Raises Failure where the folder is in no clone.
    """
    repository = Repository(directory=project, processes=Processes(environ=without_credentials(environ)))
    top = repository.top() if project.is_dir() else None
    if top is None:
        raise Failure(
            Problem(
                found=f"{project} is in no git checkout.",
                remedy="Name the folder of a project in a clone: tagship doctor PATH",
                topic="no-checkout",
            )
        )
    root = Path(top).resolve()
    folder = project.resolve().relative_to(root).as_posix()
    context = context_of_clone(repository, environ)
    files = _texts(project, [project / name for name in PROJECT_FILES])
    declaration, problems = _declared(files, folder)
    branches = [context.default_branch] if context.default_branch else []
    workflows = _texts(root, sorted((root / _WORKFLOWS).glob("*.y*ml")))
    told = settings(workflows, folder)
    named = changelog or told.get("changelog", "")
    history = read_history(repository, tag or None, branches)
    noted = None if named == "none" else _changelog(Changelogs(workspace=root, inside=folder), named)
    read = [(Path(folder) / name).as_posix() for name in files] + ([noted[0]] if isinstance(noted, tuple) else [])
    return Facts(
        folder=folder,
        files=files,
        declaration=declaration,
        problems=problems,
        history=history,
        here=repository.tags(at="HEAD") if history and history.head else (),
        tag=tag,
        prefix=_prefix(
            prefix_parser.read(told["tag-prefix"]) if prefix is None and "tag-prefix" in told else prefix,
            folder,
            declaration,
            history.tags if history else (),
        ),
        heading_prefix=told.get("heading-prefix", ""),
        changelog=noted,
        uncommitted=_uncommitted(repository, root, read) if history and history.head else (),
        workflows=workflows,
        repository=context.repository,
    )


def ask_index(facts: Facts, url: str) -> tuple[Looked, ...]:
    """Return True if the index at ``url`` has the next version already; nothing where name or version are not known."""
    name, version = facts.declaration.name, facts.version
    if not name or version is None:
        return ()
    answer = PackageIndex(url=url, log=lambda _: None).answer(name)
    return (index_finding(answer, name=name, version=version, index=without_account(url), on_published="fail"),)


def _texts(root: Path, paths: Sequence[Path]) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8-sig", "replace") for path in paths if path.is_file()
    }


def _declared(files: Mapping[str, str], folder: str) -> tuple[Declaration, tuple[Problem, ...]]:
    try:
        return read_declaration(files, folder=folder) or Declaration(file=""), ()
    except Failure as failure:
        return Declaration(file=""), failure.problems


def _uncommitted(repository: Repository, root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``paths``, from the top of the checkout ``root``, that git does not have as they are."""
    changed, known = repository.changed_files(), replace(repository, directory=root).files()
    return tuple(path for path in paths if path in changed or path not in known)


def _changelog(changelogs: Changelogs, named: str) -> tuple[str, str] | Problem:
    try:
        file = changelogs.read("" if named == "auto" else named)
    except Failure as failure:
        return failure.problems[0]
    return file.path, file.text


def _prefix(given: str | None, folder: str, declaration: Declaration, tags: Sequence[str]) -> str:
    if given is not None:
        return given
    usual = "v" if folder == "." else f"{canonicalize_name(declaration.name or Path(folder).name)}-v"
    if folder == "." and tags and not any(tag.startswith(usual) for tag in tags):
        return ""
    return usual
