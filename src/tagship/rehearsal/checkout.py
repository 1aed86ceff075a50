"""The checkout that a rehearsal releases from: a clone at the tag, which the project itself never notices."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.contract.parsers import tag as tag_parser
from tagship.core.changelog import read_changelog
from tagship.core.project.facts import ChangelogText
from tagship.core.versions import tagged_version
from tagship.edges.context import context_of_clone
from tagship.edges.git import Repository
from tagship.edges.project_files import facts_of_checkout
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagship.core.versions import Tag
    from tagship.edges.processes import Processes

_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"),
    *("-c", "user.name=tagship", "-c", "user.email=tagship@example.invalid", "-c", "advice.detachedHead=false"),
)
_LEFT_OUT = {".git", ".venv", "venv", ".tox", ".nox", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache"}

_SHOWN = 3
"""Names of files that are not committed which a remark holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A checkout at a tag, as GitHub's checkout action leaves it with ``fetch-depth: 0``.

    ``branch`` is the default branch, ``repository`` the name ``owner/name`` on GitHub, ``tags`` all of its tags.
    ``remarks`` are sentences for the person who rehearses.
    """

    workspace: Path
    tag: Tag
    commit: str
    branch: str
    repository: str
    tags: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The project as it lies on this machine, which is only ever read.

    ``left_out`` is a folder that is no part of the project even where it lies inside.
    """

    project: Path
    left_out: Path
    processes: Processes

    @property
    def repository(self) -> Repository:
        """The git repository that holds it, if any does."""
        return Repository(directory=self.project, processes=self.processes)

    def is_clone(self) -> bool:
        """Return True if the project is a git repository, and not a folder inside one or in none."""
        top = _ask(self.processes, self.project, "rev-parse", "--show-toplevel")
        bare = _ask(self.processes, self.project, "rev-parse", "--is-bare-repository")
        return bare == "true" or (bool(top) and Path(top).resolve() == self.project.resolve())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The tag to check out, or how to choose one: what stands before its version, and the package's folder."""

    tag: str | None
    prefix: str = "v"
    inside: str = "."


def check_out(source: Source, wanted: Wanted, *, workspace: Path, server: str) -> Checkout:
    """Return the project checked out at a tag in the new folder ``workspace``, its ``origin`` at ``server``.

    A tag that does not exist is made in the checkout only, at the commit that the project has checked out. Where none
    is given it is the one at that commit, else the newest release of the changelog, else the highest tag. Raises
    Failure.
    """
    tag = _read_tag(wanted.tag) if wanted.tag is not None else None
    copying = _clone if source.is_clone() else _begin
    branch, remarks = copying(source, workspace)
    copy = Repository(directory=workspace, processes=source.processes)
    chosen = tag or _choose(copy, wanted)
    if copy.commit_of(f"refs/tags/{chosen}") is None:
        _git(source.processes, workspace, "tag", "--", chosen)
        remarks.append(f"The tag {chosen} does not exist yet: it was made in the rehearsal's own clone.")
    name = _name(source)
    _git(source.processes, workspace, "checkout", "--quiet", "--force", "--detach", f"refs/tags/{chosen}")
    _git(source.processes, workspace, "config", "remote.origin.url", f"{server}/{name}")
    return Checkout(
        workspace=workspace,
        tag=chosen,
        commit=copy.commit_of("HEAD") or "",
        branch=branch,
        repository=name,
        tags=copy.tags(),
        remarks=tuple(remarks),
    )


def _read_tag(text: str) -> Tag:
    try:
        return tag_parser.read(text)
    except ValueError as error:
        raise Failure(
            Problem(found=f"tag: {error}.", remedy="Give --tag as in --tag v1.2.0.", topic="wrong-inputs")
        ) from error


def _clone(source: Source, workspace: Path) -> tuple[str, list[str]]:
    """Clone without copying the objects: they are read where they lie, and a shallow clone stays one."""
    processes, original = source.processes, source.repository
    head = original.commit_of("HEAD")
    if head is None:
        raise Failure(
            Problem(
                found=f"{source.project} has no commit yet, so there is nothing to tag.",
                remedy="Commit the project first: git add --all && git commit",
                topic="nothing-to-tag",
            )
        )
    options = ["--quiet", "--shared", "--no-checkout", "--template=", "--origin=origin"]
    _git(processes, source.project, "clone", *options, "--", source.project.resolve(), workspace)
    copy = Repository(directory=workspace, processes=processes)
    branch = original.default_branch() or original.branch() or "main"
    here, pushed = copy.commit_of(f"refs/remotes/origin/{branch}"), original.commit_of(f"refs/remotes/origin/{branch}")
    if pushed and (here is None or original.is_ancestor(here, pushed)):
        _git(processes, workspace, "fetch", "--quiet", "--update-shallow", "origin", f"refs/remotes/origin/{branch}")
        here = pushed
    _settle(processes, workspace, branch=branch, commit=here, head=head)
    changed = _ask(processes, source.project, "--no-optional-locks", "status", "--porcelain").splitlines()
    return branch, [_uncommitted(changed)] if changed else []


def _uncommitted(changed: Sequence[str]) -> str:
    """Return the remark on what ``git status --porcelain`` lists, with the first of the names."""
    names = ", ".join(line.split(maxsplit=1)[1] for line in changed[:_SHOWN]) + (", ..." if changed[_SHOWN:] else "")
    files = "1 file has" if len(changed) == 1 else f"{len(changed)} files have"
    return f"{files} changes that are not committed ({names}): a release is made of what is committed."


def _settle(processes: Processes, workspace: Path, *, branch: str, commit: str | None, head: str) -> None:
    """Leave the branches as a runner's checkout does: all at ``origin``, none of its own, the head at a commit.

    ``commit`` is where the default branch stands once everything here has been pushed.
    """
    own = _ask(processes, workspace, "for-each-ref", "--format=%(refname)", "refs/heads")
    _git(processes, workspace, "checkout", "--quiet", "--force", "--detach", head)
    for reference in own.splitlines():
        _git(processes, workspace, "update-ref", "-d", reference)
    if commit:
        remote = f"refs/remotes/origin/{branch}"
        _git(processes, workspace, "update-ref", remote, commit)
        _git(processes, workspace, "symbolic-ref", "refs/remotes/origin/HEAD", remote)


def _begin(source: Source, workspace: Path) -> tuple[str, list[str]]:
    """Make a fresh repository of one commit with the project's files, without what git would ignore."""
    workspace.mkdir(parents=True)
    listed = _ask(source.processes, source.project, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = [name for name in listed.split("\0") if name] or _walk(source.project)
    for name in names:
        path = source.project / name
        if path.is_relative_to(source.left_out) or not (path.is_file() or path.is_symlink()):
            continue
        target = workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)
    for arguments in (
        ("init", "--quiet", "--initial-branch=main", "--template="),
        ("add", "--all"),
        ("commit", "--quiet", "--allow-empty", "--message", "Begin"),
    ):
        _git(source.processes, workspace, *arguments)
    head = _ask(source.processes, workspace, "rev-parse", "HEAD")
    _settle(source.processes, workspace, branch="main", commit=head, head=head)
    return "main", [f"{source.project.name} is no git repository of its own, so it was put into a fresh one."]


def _walk(folder: Path) -> list[str]:
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        found += [str(Path(parent, name).relative_to(folder)) for name in sorted(files)]
    return found


def _choose(copy: Repository, wanted: Wanted) -> Tag:
    head = copy.commit_of("HEAD")
    at_head = _highest(copy.tags(at=head) if head else (), wanted.prefix)
    if at_head:
        return at_head
    planned = newest_release(copy.directory, wanted.inside)
    if planned:
        return _read_tag(f"{wanted.prefix}{planned}")
    latest = _highest(copy.tags(), wanted.prefix)
    if latest:
        return latest
    raise Failure(
        Problem(
            found="There is no tag, and no changelog that names a release.",
            remedy="Say which release to rehearse: --tag v1.2.0",
            topic="no-tag-to-rehearse",
        )
    )


def _highest(tags: Iterable[str], prefix: str) -> Tag | None:
    versions = [(version, tag) for tag in tags if (version := tagged_version(tag, prefix))]
    return _read_tag(max(versions)[1]) if versions else None


def _name(source: Source) -> str:
    """Return the repository's name on GitHub: its remote's, or for a folder without one the folder's behind
    ``OWNER``.
    """
    known = context_of_clone(source.repository, {}).repository if source.is_clone() else ""
    folder = re.sub(r"[^A-Za-z0-9._-]+", "-", source.project.resolve().name).strip("-") or "project"
    return known or f"OWNER/{folder}"


def _ask(processes: Processes, directory: Path, *arguments: str) -> str:
    """What git answers, or nothing where it refuses."""
    answer = processes.run(["git", *_SETTINGS, *arguments], cwd=directory, timeout=120, errors_apart=True)
    return answer.output.strip() if answer.ok else ""


def _git(processes: Processes, directory: Path, *arguments: str | Path) -> None:
    command: Sequence[str | Path] = ["git", *_SETTINGS, *arguments]
    answer = processes.run(command, cwd=directory, timeout=1800)
    if not answer.ok:
        raise Failure(
            Problem(
                found=f"git {arguments[0]} failed: {answer.output.strip()}",
                remedy=f"Check that {directory} is a git repository that git itself can read: git -C {directory} fsck",
                topic="no-clone",
            )
        )


def newest_release(project: Path, inside: str) -> str | None:
    """Return the version of the first changelog section that is not marked unreleased, or None if there is none.

    The changelog is the one that the actions find for the folder ``inside`` the project.
    """
    changelog = facts_of_checkout(project, inside, changelog="auto").changelog
    releases = read_changelog(changelog.text).releases if isinstance(changelog, ChangelogText) else ()
    return next((str(one.version) for one in releases if one.version and one.status != "unreleased"), None)
