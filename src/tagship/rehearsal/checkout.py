"""The checkout of a rehearsal: a clone at the tag. The project itself is only read."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.project.content import unset_options
from tagship.core.project.next_release import next_version
from tagship.core.versions import Tag, tagged_version
from tagship.edges.context import context_of_clone
from tagship.edges.git import Repository
from tagship.edges.project_files import facts_of_clone
from tagship.errors import SOURCE, Failure
from tagship.rehearsal.git import check_out_submodules, git, git_output

if TYPE_CHECKING:
    from tagship.core.project.facts import ProjectFacts
    from tagship.edges.processes import Processes
    from tagship.rehearsal.options import Options

_EXCLUDED = {".git", ".venv", "venv", ".tox", ".nox", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache"}

_SHOWN = 3
"""Maximum number of uncommitted files listed in a remark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A checkout at a tag, in the state that ``actions/checkout`` with ``fetch-depth: 0`` creates.

    ``branch`` is the default branch, ``repository`` the name ``owner/name`` on GitHub, ``tags`` all tags of it.
    ``facts`` are those of the project at the tag. ``remarks`` are notes for the reader of the report.
    """

    workspace: Path
    tag: Tag
    commit: str
    branch: str
    repository: str
    tags: tuple[str, ...]
    facts: ProjectFacts
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The project on this machine, which is only read. ``excluded`` is a folder that does not belong to it."""

    project: Path
    excluded: Path
    processes: Processes

    @property
    def repository(self) -> Repository:
        return Repository(directory=self.project, processes=self.processes)

    def is_clone(self) -> bool:
        """Return True if the project is the top of a git repository, or a bare one."""
        top = git_output(self.processes, self.project, "rev-parse", "--show-toplevel")
        bare = git_output(self.processes, self.project, "rev-parse", "--is-bare-repository")
        return bare == "true" or (bool(top) and Path(top).resolve() == self.project.resolve())


def check_out(options: Options, processes: Processes, *, workspace: Path, server: str) -> Checkout:
    """Check out the project at a tag in the new folder ``workspace``, with ``origin`` at ``server``.

    A new tag is created in the checkout only, at the checked-out commit of the project. The default is the tag of that
    commit, else that of the next version. Raises Failure.
    """
    source = Source(project=options.project, excluded=options.output.resolve(), processes=processes)
    tag = options.tag
    branch, remarks = (_clone if source.is_clone() else _import)(source, workspace)
    copy = Repository(directory=workspace, processes=processes)
    if tag and copy.commit_of(f"refs/tags/{tag}"):
        git(processes, workspace, "checkout", "--quiet", "--force", "--detach", f"refs/tags/{tag}")
    facts = facts_of_clone(
        workspace / options.working_directory,
        processes.environ,
        tag=tag or "",
        prefix=options.prefix,
        changelog=options.override("changelog") or "",
    )
    chosen = tag or _choose(facts, remarks)
    if copy.commit_of(f"refs/tags/{chosen}") is None:
        git(processes, workspace, "tag", "--", chosen)
        remarks.append(f"Tag {chosen} does not exist yet. It was created in the temporary clone only.")
    name = _repository_name(source)
    git(processes, workspace, "checkout", "--quiet", "--force", "--detach", f"refs/tags/{chosen}")
    packaged = "submodules" in dict(unset_options(facts.content, ()))
    remarks += check_out_submodules(processes, source.project, workspace, packaged=packaged)
    git(processes, workspace, "config", "remote.origin.url", f"{server}/{name}")
    return Checkout(
        workspace=workspace,
        tag=chosen,
        commit=copy.commit_of("HEAD") or "",
        branch=branch,
        repository=name,
        tags=copy.tags(),
        facts=facts,
        remarks=tuple(remarks),
    )


def _clone(source: Source, workspace: Path) -> tuple[str, list[str]]:
    """Clone with shared objects; a shallow clone stays shallow. Return the default branch and the remarks."""
    processes, original = source.processes, source.repository
    head = original.commit_of("HEAD")
    if head is None:
        raise Failure.of(
            found=f"{source.project} has no commits, so no tag can be created.",
            remedy="Commit the project: git add --all && git commit",
            topic="repository-has-no-commits",
        )
    options = ["--quiet", "--shared", "--no-checkout", "--template=", "--origin=origin"]
    git(processes, source.project, "clone", *options, "--", source.project.resolve(), workspace)
    copy = Repository(directory=workspace, processes=processes)
    # A release may come from a branch that the project knows of its remote only. Without "+" one that exists only moves
    # forward; git reports the others as an error.
    refs = ("refs/remotes/origin/*:refs/remotes/origin/*", "^refs/remotes/origin/HEAD")
    git_output(processes, workspace, "fetch", "--quiet", "--update-shallow", "--no-tags", "origin", *refs)
    branch = original.default_branch() or original.branch() or "main"
    commit = copy.commit_of(f"refs/remotes/origin/{branch}")
    _set_branches(processes, workspace, branch=branch, commit=commit, head=head)
    changed = git_output(processes, source.project, "--no-optional-locks", "status", "--porcelain").splitlines()
    return branch, [_uncommitted(changed)] if changed else []


def _uncommitted(changed: Sequence[str]) -> str:
    """Return the remark about the output of ``git status --porcelain``, with the first file names."""
    names = ", ".join(line.split(maxsplit=1)[1] for line in changed[:_SHOWN]) + (", ..." if changed[_SHOWN:] else "")
    files = "1 file has" if len(changed) == 1 else f"{len(changed)} files have"
    return f"{files} uncommitted changes ({names}). A release contains committed changes only."


def _set_branches(processes: Processes, workspace: Path, *, branch: str, commit: str | None, head: str) -> None:
    """Set the branches as ``actions/checkout`` does: remote-tracking branches only, and a detached head.

    ``commit`` is the commit of the default branch after a push.
    """
    own = git_output(processes, workspace, "for-each-ref", "--format=%(refname)", "refs/heads")
    git(processes, workspace, "checkout", "--quiet", "--force", "--detach", head)
    for reference in own.splitlines():
        git(processes, workspace, "update-ref", "-d", reference)
    if commit:
        remote = f"refs/remotes/origin/{branch}"
        git(processes, workspace, "update-ref", remote, commit)
        git(processes, workspace, "symbolic-ref", "refs/remotes/origin/HEAD", remote)


def _import(source: Source, workspace: Path) -> tuple[str, list[str]]:
    """Create a repository with one commit of the project's files, without those that git ignores."""
    workspace.mkdir(parents=True)
    listed = git_output(
        source.processes, source.project, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    )
    names = [name for name in listed.split("\0") if name] or _walk(source.project)
    for name in names:
        path = source.project / name
        if path.is_relative_to(source.excluded) or not (path.is_file() or path.is_symlink()):
            continue
        target = workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)
    for arguments in (
        ("init", "--quiet", "--initial-branch=main", "--template="),
        ("add", "--all"),
        ("commit", "--quiet", "--allow-empty", "--message", "Import"),
    ):
        git(source.processes, workspace, *arguments)
    head = git_output(source.processes, workspace, "rev-parse", "HEAD")
    _set_branches(source.processes, workspace, branch="main", commit=head, head=head)
    return "main", [f"{source.project.name} is not a git repository. Its files were copied into a new one."]


def _walk(folder: Path) -> list[str]:
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _EXCLUDED)
        found += [str(Path(parent, name).relative_to(folder)) for name in sorted(files)]
    return found


def _choose(facts: ProjectFacts, remarks: list[str]) -> Tag:
    at_head = _highest(facts.here, facts.prefix)
    if at_head:
        return at_head
    proposed = next_version(facts)
    if proposed is None:
        raise Failure.of(
            found="No version tag, no version in the project files and no release in a changelog found.",
            remedy="Set the tag to rehearse: --tag v1.2.0",
            topic="no-tag-to-rehearse",
        )
    tag = Tag(f"{facts.prefix}{proposed.value}")
    remarks.append(f"No --tag given. {tag} is rehearsed: {proposed.reason}.")
    return tag


def _highest(tags: Iterable[str], prefix: str) -> Tag | None:
    versions = [(version, tag) for tag in tags if (version := tagged_version(tag, prefix))]
    return Tag(max(versions)[1]) if versions else None


def _repository_name(source: Source) -> str:
    """Return the repository's name on GitHub: that of its remote, or tagship's owner and the name of the folder."""
    known = context_of_clone(source.repository, {}).repository if source.is_clone() else ""
    folder = re.sub(r"[^A-Za-z0-9._-]+", "-", source.project.resolve().name).strip("-") or "project"
    return known or f"{SOURCE.partition('/')[0]}/{folder}"
