"""The caller's git repository, read only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tagship.core.project.content import POINTER_LIMIT, Content, is_lfs_pointer
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from tagship.core.distributions.mismatches import Checkout
    from tagship.core.preflight.history import History
    from tagship.edges.processes import Completed, Processes

_SAFE = {
    "core.alternateRefsCommand": "",
    "core.askPass": "",
    "core.fsmonitor": "false",
    "core.gitProxy": "",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "core.quotePath": "false",
    "core.sshCommand": "false",
    "credential.helper": "",
    "diff.external": "",
    "gpg.program": "false",
    "log.showSignature": "false",
    "protocol.allow": "never",
    **{f"protocol.{name}.allow": "never" for name in ("ext", "fd", "file", "git", "http", "https", "ssh")},
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
"""The keys of git's configuration that run a program or mix other text into the output, with a harmless value.

A checkout is hostile: its configuration may come from the code that it contains. A folder of it that looks like a bare
repository is not used as one.
"""
_ENVIRON = {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""Variables for a git that fetches nothing, writes nothing in passing, and does not prompt."""
_SETTINGS = tuple(option for key, value in _SAFE.items() for option in ("-c", f"{key}={value}"))
# In a job's container another user owns the checkout. Elsewhere git refuses such a checkout for a good reason: filters
# of the owner's configuration would run as the current user.
_ON_RUNNER = ("-c", "safe.directory=*")
_OFF = {"clean": "", "process": "", "required": "false"}
"""Values that turn a filter off, by the last part of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The git repository around ``directory``."""

    directory: Path
    processes: Processes

    def is_repository(self) -> bool:
        """Return True if ``directory`` is in a git checkout."""
        return self._git("rev-parse", "--git-dir").ok

    def top(self) -> str | None:
        """Return the root folder of the checkout, or None outside of one."""
        return self._line("rev-parse", "--show-toplevel")

    def is_shallow(self) -> bool:
        """Return True for a shallow clone."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def commit_of(self, revision: str) -> str | None:
        """Return the commit SHA of ``revision``, through annotated tags, or None."""
        return self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def tags(self, *, merged_into: str | None = None, at: str | None = None) -> tuple[str, ...]:
        """Return the names of all tags, or of those reachable from a commit or at a commit."""
        limits = [f"--merged={merged_into}"] if merged_into else []
        limits += [f"--points-at={at}"] if at else []
        answer = self._git("tag", "--list", *limits)
        return tuple(answer.output.splitlines()) if answer.ok else ()

    def branches(self, *, containing: str) -> tuple[str, ...]:
        """Return the names of the branches, of ``origin`` and local, that contain a commit or tag."""
        names: list[str] = []
        for place, levels in (("refs/remotes/origin", 3), ("refs/heads", 2)):
            shown = f"--format=%(refname:lstrip={levels})"
            answer = self._git("for-each-ref", f"--contains={containing}", shown, place)
            names += [name for name in answer.output.splitlines() if answer.ok and name != "HEAD"]
        return tuple(dict.fromkeys(names))

    def refs(self, *patterns: str) -> tuple[str, ...]:
        """Return the full names of the refs that match one of ``patterns``."""
        answer = self._git("for-each-ref", "--format=%(refname)", *patterns)
        return tuple(answer.output.splitlines()) if answer.ok else ()

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Return True if ``commit`` is ``of`` or one of its ancestors."""
        return self._git("merge-base", "--is-ancestor", commit, of).ok

    def commit_time(self, revision: str = "HEAD") -> int | None:
        """Return the committer date in seconds since the epoch."""
        text = self._line("log", "-1", "--format=%ct", "--end-of-options", revision)
        return int(text) if text else None

    def changed_files(self) -> tuple[str, ...]:
        """Return the tracked files that differ from HEAD, as paths relative to the repository root."""
        # Comparing runs the clean filter of a file, so those of the configuration are off. Git LFS needs its own.
        filters = self._git("config", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process|required)$").output
        off = [option for key in filters.splitlines() for option in ("-c", f"{key}={_OFF[key.rpartition('.')[2]]}")]
        without = (".", ":(exclude,attr:filter=lfs)")
        options = ("--no-ext-diff", "--no-textconv", "--name-only", "-z", "HEAD", "--", *without)
        answer = self._git(*off, "diff", *options, top=True)
        return _lines(answer)

    def files_of(self, revision: str) -> tuple[str, ...]:
        """Return the paths of all files in a commit, from the top of the repository."""
        answer = self._git("ls-tree", "-r", "-z", "--full-tree", "--name-only", revision)
        return _lines(answer)

    def text_of(self, revision: str, path: str) -> str:
        """Return the text of the file at ``path`` in a commit, with bytes that are not UTF-8 replaced."""
        return self._git("cat-file", "blob", f"{revision}:{path}").output

    def tag_message(self, tag: str) -> str | None:
        """Return the message of an annotated tag without its signature, or None for a lightweight tag."""
        answer = self._git("cat-file", "tag", f"refs/tags/{tag}")
        if not answer.ok:
            return None
        message = answer.output.partition("\n\n")[2]
        return re.split(r"(?m)^-----BEGIN [A-Z ]+-----$", message, maxsplit=1)[0].strip()

    def files(self) -> tuple[str, ...]:
        """Return the tracked files in ``directory``, as paths relative to it; none without a checkout or git."""
        return tuple(path for path, is_submodule in self._entries() if not is_submodule)

    def content(self) -> Content:
        """Return the submodules and the Git LFS files in ``directory``; none without a checkout or git."""
        entries = self._entries()
        if not entries:
            return Content()
        submodules = tuple(path for path, is_submodule in entries if is_submodule)
        lfs = _lines(self._git("ls-files", "-z", "--", ":(attr:filter=lfs)"))
        empty = [path for path in submodules if not any((self.directory / path).glob("*"))]
        pointers = [path for path in lfs if _is_pointer(self.directory / path)]
        inits = (PurePosixPath(path) for path, _ in entries if path.endswith("__init__.py"))
        packages = frozenset(str(path.parent) for path in inits if path.name == "__init__.py")
        return Content(submodules=submodules, lfs=lfs, absent=frozenset([*empty, *pointers]), packages=packages)

    def _entries(self) -> list[tuple[str, bool]]:
        """Return the path of each tracked file in ``directory``, and True if it is a submodule."""
        try:
            lines = _lines(self._git("ls-files", "-z", "--stage"))
        except Failure:
            return []
        return [(line.partition("\t")[2], line.startswith("160000 ")) for line in lines]

    def checkout(self, tag: str = "") -> Checkout:
        """Return the facts about the checkout and ``tag``; an empty value without a checkout or git."""
        from tagship.core.distributions.mismatches import Checkout

        try:
            head = self.commit_of("HEAD")
        except Failure:
            return Checkout()
        return Checkout(
            top=self.top() or "",
            head=head,
            time=self.commit_time() if head else None,
            shallow=self.is_shallow(),
            tag_commit=self.commit_of(f"refs/tags/{tag}") if tag else None,
            head_tags=self.tags(at=head) if head else (),
            changed=self.changed_files() if head else (),
        )

    def remote_url(self) -> str | None:
        """Return the URL of the remote ``origin``, or None."""
        return self._line("config", "--get", "remote.origin.url")

    def default_branch(self) -> str | None:
        """Return the default branch of ``origin``, else the local main or master, else None."""
        head = self._line("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        if head:
            return head.removeprefix("origin/")
        return next((name for name in ("main", "master") if self.commit_of(f"refs/heads/{name}")), None)

    def branch(self) -> str | None:
        """Return the current branch, or None for a detached HEAD."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    def _line(self, *arguments: str) -> str | None:
        answer = self._git(*arguments)
        return answer.output.strip() or None if answer.ok else None

    def _git(self, *arguments: str, top: bool = False) -> Completed:
        environ = self.processes.environ
        trust = _ON_RUNNER if environ.get("GITHUB_ACTIONS") == "true" else ()
        try:
            return self.processes.run(
                ["git", *_SETTINGS, *trust, *arguments],
                cwd=Path(root) if top and (root := self.top()) else self.directory,
                environ={**environ, **_ENVIRON},
                timeout=120,
                errors_apart=True,
            )
        except FileNotFoundError as error:
            raise Failure(git_not_found(self.directory, error)) from error


def _lines(answer: Completed) -> tuple[str, ...]:
    """Return the paths in the output of ``-z``; none if git failed."""
    return tuple(filter(None, answer.output.split("\0"))) if answer.ok else ()


def _is_pointer(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return is_lfs_pointer(file.read(POINTER_LIMIT), path.stat().st_size)


def git_not_found(directory: Path, error: FileNotFoundError) -> Problem:
    """Return the problem that git is not on PATH, or that ``directory`` does not exist."""
    if directory.is_dir():
        found, remedy = "git could not be started: it is not on PATH.", "Install git, for example: apt-get install git"
    else:
        found, remedy = f"git could not be started in {directory}: {error.strerror}.", "Correct working-directory."
    return Problem(found=found, remedy=remedy, topic="git-not-found")


def read_history(repository: Repository, tag: str | None, branches: Sequence[str]) -> History | None:
    """Return the history of ``tag``, or of HEAD without a tag; None outside of a checkout.

    A branch, or each branch that matches a pattern such as ``*.x``, is looked up on the remote and in the clone: a
    runner has the first, a local clone maybe only the second.
    """
    from tagship.core.preflight.history import History

    if not repository.directory.is_dir() or not repository.is_repository():
        return None
    head = repository.commit_of("HEAD")
    tagged = repository.commit_of(f"refs/tags/{tag}") if tag else None
    commit = tagged or head
    merged = {name: _merged(repository, tagged, name) for name in branches}
    lost = tagged if merged and not any(merged.values()) else None
    return History(
        head=head,
        tagged=tagged,
        shallow=repository.is_shallow(),
        tags=repository.tags(),
        merged=repository.tags(merged_into=commit) if commit else (),
        branches=merged,
        others=repository.branches(containing=lost) if lost else (),
    )


def _merged(repository: Repository, commit: str | None, branch: str) -> bool | None:
    places = (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}")
    refs = repository.refs(*places) if set(branch) & set("*?[") else places
    tips = [tip for place in refs if commit and (tip := repository.commit_of(place))]
    return any(repository.is_ancestor(commit or "", tip) for tip in tips) if tips else None
