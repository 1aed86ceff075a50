"""Commits, branches and tags as the embedded GitHub sees them, and the ones it knows from its configuration alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.rehearsal.github.values import Repository

# What git check-ref-format refuses in a name, and with it every expression that git would work out.
BAD_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[./-]|/\.|\.lock(/|$)|[./]$|^@$|^$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who did something to a repository, and when (seconds)."""

    name: str
    email: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReference:
    """A tag: ``target`` is what the reference points to, an annotated tag's own object or the commit."""

    name: str
    target: str
    annotated: bool
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """The object of an annotated tag."""

    sha: str
    name: str
    message: str
    tagger: Signature
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How ``head`` stands to ``base``: ``ahead`` holds the commits only head has, oldest first."""

    base: Commit
    head: Commit
    merge_base: Commit
    ahead: Sequence[Commit]
    behind: int


class Commits(Protocol):
    """The history of one repository; a ``reference`` is a branch, a tag or the SHA of a commit."""

    def branches(self) -> Mapping[str, str]:
        """The branches and the SHA that each is at."""
        ...

    def tags(self) -> Mapping[str, TagReference]:
        """The tags by name."""
        ...

    def commit(self, reference: str) -> Commit | None:
        """The commit that the reference leads to."""
        ...

    def annotation(self, sha: str) -> Annotation | None:
        """The annotated tag with that SHA."""
        ...

    def comparison(self, base: str, head: str) -> Comparison | None:
        """How two references stand to each other; None where one is missing or they share no history."""
        ...

    def file(self, reference: str, path: str) -> bytes | None:
        """The file's content at the reference; a folder is empty content, what is not there is None."""
        ...


def is_empty(commits: Commits) -> bool:
    """Whether nothing was ever pushed."""
    return not commits.branches() and not commits.tags()


class Known:
    """The history that the records tell: names and SHAs. What they do not say is filled with one plain commit each."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def branches(self) -> Mapping[str, str]:
        """The branches of the record."""
        return self._repository.branches

    def tags(self) -> Mapping[str, TagReference]:
        """The tags of the record; all are lightweight."""
        return {
            name: TagReference(name=name, target=sha, annotated=False, commit=sha)
            for name, sha in self._repository.tags.items()
        }

    def commit(self, reference: str) -> Commit | None:
        """The commit of a branch, of a tag, or named by its SHA or the first seven digits and more of it."""
        known = self._repository
        named = known.tags.get(reference) or known.branches.get(reference)
        shas = {*known.branches.values(), *known.tags.values(), *known.commits}
        abbreviated = re.fullmatch("[0-9a-f]{7,40}", reference)
        found = named or next((sha for sha in sorted(shas) if abbreviated and sha.startswith(reference)), None)
        return self._commit(found) if found else None

    def _commit(self, sha: str) -> Commit:
        someone = Signature(name="Octo Cat", email="octocat@example.invalid", at=self._repository.created_at)
        tree = hashlib.sha1(sha.encode(), usedforsecurity=False).hexdigest()
        return Commit(sha=sha, tree=tree, parents=(), author=someone, committer=someone, message=f"Commit {sha[:7]}")

    def annotation(self, sha: str) -> Annotation | None:
        """None: the records hold no annotated tags."""
        del sha
        return None

    def comparison(self, base: str, head: str) -> Comparison | None:
        """The head one commit ahead of the base, or the same as it."""
        one, other = self.commit(base), self.commit(head)
        if one is None or other is None:
            return None
        ahead = () if one.sha == other.sha else (other,)
        return Comparison(base=one, head=other, merge_base=one, ahead=ahead, behind=0)

    def file(self, reference: str, path: str) -> bytes | None:
        """None: the records hold no files."""
        del reference, path
        return None
