"""The caller's repository, asked through git and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagship.core.preflight.history import History
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagship.core.distributions.mismatches import Checkout
    from tagship.edges.processes import Completed, Processes

# The configuration of a checkout may name programs to run; signatures shown would also stand among the answers.
_SETTINGS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    "log.showSignature=false",
)
# In a job's container the checkout belongs to another user. Anywhere else git refuses that with reason: filters of that
# user's configuration would run as this one.
_ON_RUNNER = ("-c", "safe.directory=*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The git repository that holds ``directory``."""

    directory: Path
    processes: Processes

    def is_repository(self) -> bool:
        """Return True if ``directory`` lies in a git checkout."""
        return self._git("rev-parse", "--git-dir").ok

    def top(self) -> str | None:
        """Return the folder at the top of the checkout, or None outside of one."""
        return self._line("rev-parse", "--show-toplevel")

    def is_shallow(self) -> bool:
        """Return True if history was left out when it was cloned."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def commit_of(self, revision: str) -> str | None:
        """Return the full hash of the commit that ``revision`` names, through annotated tags, or None."""
        return self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def tags(self, *, merged_into: str | None = None, at: str | None = None) -> tuple[str, ...]:
        """Return the names of all tags, of those reachable from a commit, or of those at a commit."""
        limits = [f"--merged={merged_into}"] if merged_into else []
        limits += [f"--points-at={at}"] if at else []
        answer = self._git("tag", "--list", *limits)
        return tuple(answer.output.splitlines()) if answer.ok else ()

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Return True if ``commit`` is ``of`` or stands in its history."""
        return self._git("merge-base", "--is-ancestor", commit, of).ok

    def commit_time(self, revision: str = "HEAD") -> int | None:
        """When the commit was made, in seconds since 1970."""
        text = self._line("log", "-1", "--format=%ct", "--end-of-options", revision)
        return int(text) if text else None

    def changed_files(self) -> tuple[str, ...]:
        """Return the files under version control that differ from the commit checked out, as paths from the top."""
        answer = self._git("diff", "--name-only", "-z", "HEAD")
        return tuple(filter(None, answer.output.split("\0"))) if answer.ok else ()

    def files(self) -> tuple[str, ...]:
        """Return the files under version control below ``directory``, as paths from there; none without a checkout or
        git.
        """
        try:
            answer = self._git("ls-files", "-z")
        except Failure:
            return ()
        return tuple(filter(None, answer.output.split("\0"))) if answer.ok else ()

    def checkout(self, tag: str = "") -> Checkout:
        """What is checked out, seen with an eye on ``tag``; an empty value where there is no checkout or no git."""
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
        """Return the address of the remote ``origin``, or None."""
        return self._line("config", "--get", "remote.origin.url")

    def default_branch(self) -> str | None:
        """Return the branch that ``origin`` checks out by default; else the local main or master; else None."""
        head = self._line("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        if head:
            return head.removeprefix("origin/")
        return next((name for name in ("main", "master") if self.commit_of(f"refs/heads/{name}")), None)

    def branch(self) -> str | None:
        """Return the branch that is checked out, or None on a detached head."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    def _line(self, *arguments: str) -> str | None:
        answer = self._git(*arguments)
        return answer.output.strip() or None if answer.ok else None

    def _git(self, *arguments: str) -> Completed:
        environ = self.processes.environ
        trust = _ON_RUNNER if environ.get("GITHUB_ACTIONS") == "true" else ()
        try:
            return self.processes.run(
                ["git", *_SETTINGS, *trust, *arguments],
                cwd=self.directory,
                environ={**environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
                timeout=120,
                errors_apart=True,
            )
        except FileNotFoundError as error:
            raise Failure(
                Problem(
                    found="There is no git on this machine, or no folder to ask it about.",
                    remedy=f"Install git and check that {self.directory} exists.",
                    topic="no-git",
                )
            ) from error


def read_history(repository: Repository, tag: str | None, branches: Sequence[str]) -> History | None:
    """What the checkout holds; None where it is none. Without ``tag`` it is about the commit checked out.

    A branch counts as the remote has it and as the clone has it: a runner has the first, a laptop may have only the
    second.
    """
    if not repository.directory.is_dir() or not repository.is_repository():
        return None
    head = repository.commit_of("HEAD")
    tagged = repository.commit_of(f"refs/tags/{tag}") if tag else None
    commit = tagged or head
    return History(
        head=head,
        tagged=tagged,
        shallow=repository.is_shallow(),
        tags=repository.tags(),
        merged=repository.tags(merged_into=commit) if commit else (),
        branches={name: _merged(repository, tagged, name) for name in branches},
    )


def _merged(repository: Repository, commit: str | None, branch: str) -> bool | None:
    places = (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}")
    tips = [tip for place in places if commit and (tip := repository.commit_of(place))]
    return any(repository.is_ancestor(commit or "", tip) for tip in tips) if tips else None
